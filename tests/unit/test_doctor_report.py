"""A report tells what was found, and nothing that is private."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ostiary.domain.finding import Finding, Private, report

SECRET = "hunter2-is-no-shape"


def masked(text: str) -> str:
    return text.replace(SECRET, "‹masked›")


def private(name: str = "robin", home: str = "/home/robin") -> Private:
    return Private((home,), (name, "workstation"), ("/srv/acme secret", f"{home}/Projects"), masked)


def finding(sentence: str, action: str = "") -> Finding:
    return Finding(code="x", ok=not action, sentence=sentence, action=action)


def test_what_was_found_stays_and_what_is_private_goes() -> None:
    told = report(
        [
            finding("Hosts start /home/robin/.local/bin/ostiary-connect."),
            finding("/srv/acme secret/notes is approved.", f"Token {SECRET} of ROBIN on Workstation.lan refused."),
        ],
        [("Ostiary", "1.0")],
        private(),
    )
    assert told == (
        "Ostiary: 1.0\n● x: Hosts start ~/.local/bin/ostiary-connect.\n"
        "▲ x: ‹…›/notes is approved. Token ‹masked› of ‹…› on ‹…›.lan refused.\n"
    )


@pytest.mark.parametrize(
    ("name", "sentence", "told"),
    [
        ("al", "al can install all of it for AL.", "‹…› can install all of it for ‹…›."),
        ("root", "The roots of Root are in /srv/root_old.", "The roots of ‹…› are in /srv/‹…›_old."),
        ("robin", "robin-laptop, robin.lan, Robinson", "‹…›-laptop, ‹…›.lan, Robinson"),
    ],
)
def test_a_name_is_hidden_where_it_is_a_word_of_its_own(name: str, sentence: str, told: str) -> None:
    assert report([finding(sentence)], (), private(name, "/home/nobody-else")) == f"● x: {told}\n"


def test_a_folder_of_windows_is_hidden_however_it_is_written() -> None:
    home = "C:\\Users\\Robin"
    told = report([finding(r"c:\users\robin\x, C:/Users/Robin/y, C:\\Users\\Robin\\z")], (), private("Robin", home))
    assert told == "● x: ~\\x, ~/y, ~\\\\z\n"


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=3, max_size=12)
AROUND = st.text(max_size=20)


@given(name=WORDS, before=AROUND, between=AROUND, after=AROUND, folder=WORDS)
def test_no_name_no_home_and_no_secret_gets_in(name: str, before: str, between: str, after: str, folder: str) -> None:
    home, approved = f"/home/{name}", f"/mnt/{folder}/deep"
    assume(name.lower() not in "masked" and name.lower() not in SECRET)
    held = Private((home,), (name,), (approved,), masked)
    sentence = f"{before}{home}/x{between} {name.upper()}-{after}{SECRET}{between}{approved}"
    told = report([finding(sentence, f"{name}_{before}{approved}/y")], [("System", f"Linux {name}")], held).lower()
    assert name.lower() not in re.split(r"[\W_]+", told)
    assert home.lower() not in told
    assert approved.lower() not in told
    assert SECRET not in told
