"""Live rules: given, used, listed, ended; those for always are on disk."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ostiary.domain.approval import Decision, Duration, Grant, Scope
from ostiary.domain.call import DecidedBy
from ostiary.domain.errors import SettingsError, UsageError
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause, decided_by, denial_text
from ostiary.gateway.policy.grants import ALL, Grants
from ostiary.gateway.policy.rule import rule_for
from ostiary.gateway.policy.rule_store import RuleStore
from tests.support.policy_calls import WRITE

CALL = replace(WRITE, host_identity="/opt/cursor")
EDIT = replace(CALL, tool="edit_file")
CLAIMED = replace(CALL, host_verified=False, session=2)


class Book:
    """Grants over a real file, and what they told."""

    def __init__(self, file: Path) -> None:
        self.lists: list[tuple[Grant, ...]] = []
        self.now = 100.0
        self.grants = Grants(RuleStore(file), lambda: self.now, lambda: self.lists.append(self.grants.list()))

    def give(self, call: Call = CALL, duration: Duration = Duration.UNTIL_QUIT, scope: Scope = Scope.TOOL) -> Grant:
        return self.grants.give(call, scope, duration)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rules.json"


@pytest.fixture
def book(file: Path) -> Book:
    return Book(file)


def test_an_answer_about_the_same_takes_the_place_of_the_one_before(book: Book) -> None:
    book.give(duration=Duration.HOUR)
    newer = book.give(replace(CALL, arguments=(b"other",)))
    assert book.grants.list() == (newer,)
    assert book.give(CLAIMED).id == newer.id + 1
    assert len(book.grants.list()) == 2


def test_use_is_counted_with_its_time(book: Book) -> None:
    grant = book.give()
    book.now = 160.0
    book.grants.use(grant.id)
    book.grants.use(grant.id)
    (used,) = book.grants.list()
    assert (used.granted_at, used.used_at, used.uses) == (100.0, 160.0, 2)


def test_a_revoked_rule_is_gone_and_kept_in_the_history(book: Book) -> None:
    first, second = book.give(), book.give(EDIT)
    book.grants.revoke(first.id)
    assert [rule.id for rule in book.grants.rules()] == [second.id]
    assert [len(grants) for grants in book.lists] == [1, 2, 1]
    with pytest.raises(UsageError):
        book.grants.revoke(first.id)
    book.grants.revoke(ALL)
    assert book.grants.rules() == ()
    assert [(end.grant.id, end.reason) for end in book.grants.ended()] == [
        (first.id, "You revoked it."),
        (second.id, "You revoked it."),
    ]


@pytest.mark.parametrize(("duration", "lasts_s"), [(Duration.FIVE_MINUTES, 300.0), (Duration.HOUR, 3600.0)])
def test_a_rule_counts_until_its_time_runs_out(book: Book, duration: Duration, lasts_s: float) -> None:
    grant = book.give(duration=duration)
    assert grant.ends_at == 100.0 + lasts_s
    book.now = 99.9 + lasts_s
    assert len(book.grants.rules()) == 1
    book.now = 100.0 + lasts_s
    assert book.grants.rules() == ()
    (ended,) = book.grants.ended()
    assert (ended.reason, ended.ended_at) == ("Its time ran out.", 100.0 + lasts_s)


def test_the_end_of_a_connection_ends_what_was_bound_to_it(book: Book) -> None:
    kept = book.give()
    book.give(EDIT, Duration.UNTIL_DISCONNECT)
    book.give(CLAIMED, Duration.HOUR)
    book.grants.end_session(1)
    assert len(book.grants.list()) == 2
    book.grants.end_session(2)
    assert book.grants.list() == (kept,)


def test_setting_a_tool_anew_ends_what_allows_it_and_removing_a_server_everything(book: Book) -> None:
    book.give()
    edit = book.give(EDIT)
    denial = book.grants.add(replace(rule_for(CALL, 0, Scope.TOOL, Duration.HOUR, 100.0), decision=Decision.DENY))
    book.grants.end_server("files", "write_file")
    assert book.grants.list() == (edit, denial)
    book.grants.end_server("other")
    assert book.grants.list() == (edit, denial)
    book.grants.end_server("files")
    assert book.grants.list() == ()


# What lasts


def test_only_what_is_for_always_is_met_again_by_the_next_gateway(book: Book, file: Path) -> None:
    for duration in (Duration.HOUR, Duration.UNTIL_DISCONNECT, Duration.UNTIL_QUIT):
        book.give(replace(CALL, tool=duration), duration)
    always = book.give(duration=Duration.ALWAYS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    later = Book(file)
    assert later.grants.list() == (always,)
    assert later.give(EDIT).id == always.id + 1


def test_a_number_is_never_given_twice(book: Book, file: Path) -> None:
    book.give(duration=Duration.HOUR)
    assert Book(file).give().id == 2


def test_a_revoked_lasting_rule_does_not_come_back(book: Book, file: Path) -> None:
    book.grants.revoke(book.give(duration=Duration.ALWAYS).id)
    assert Book(file).grants.list() == ()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(file: Path) -> None:
    content = json.dumps({"version": 2, "rules": "another form"})
    file.write_text(content)
    with pytest.raises(SettingsError, match="newer"):
        Book(file)
    assert file.read_text() == content


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1, "rules": [{}]}', "\xff"])
def test_a_file_that_cannot_be_understood_is_refused_and_left_alone(file: Path, content: str) -> None:
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError):
        Book(file)
    assert file.read_bytes() == content.encode("latin-1")


def test_what_cannot_be_kept_is_not_given_and_what_is_revoked_ends_all_the_same(book: Book, file: Path) -> None:
    always = book.give(duration=Duration.ALWAYS)
    file.unlink()
    file.mkdir()  # nothing can be renamed over a folder
    with pytest.raises(SettingsError):
        book.give(EDIT, Duration.ALWAYS)
    assert book.grants.list() == (always,)
    with pytest.raises(SettingsError):
        book.grants.revoke(always.id)
    assert book.grants.rules() == ()


# Suspended


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"host_identity": "/opt/other"}, "The host's program is another now."),
        ({"server_identity": "s2"}, "The server is started by another command now."),
        ({"definition": "d2"}, "The tool's definition changed."),
    ],
)
def test_a_rule_says_why_it_is_suspended_until_it_counts_again(book: Book, change: dict[str, Any], reason: str) -> None:
    book.give(duration=Duration.ALWAYS)
    book.grants.look_at(replace(CALL, **change))
    assert [grant.suspended for grant in book.grants.list()] == [reason]
    assert book.lists[-1][0].suspended == reason
    book.grants.look_at(CALL)
    assert [grant.suspended for grant in book.grants.list()] == [""]


def test_an_impostor_suspends_nothing(book: Book) -> None:
    book.give(duration=Duration.ALWAYS)
    book.grants.look_at(replace(CLAIMED, host_identity="/tmp/evil"))
    assert [grant.suspended for grant in book.grants.list()] == [""]


# What agents hear


@pytest.mark.parametrize("cause", DenialCause)
def test_an_agent_hears_which_tool_was_denied_and_never_a_way_around_it(cause: DenialCause) -> None:
    text = denial_text(cause, "files__write_file")
    assert "files__write_file" in text
    assert text.endswith(".")
    for word in ("--", "setting", "instead", "another tool", "restart", "ostiary"):
        assert word not in text.casefold()
    assert isinstance(decided_by(cause), DecidedBy)


def test_an_agent_can_tell_a_person_from_a_rule_and_from_nobody() -> None:
    assert "person" in denial_text(DenialCause.PERSON, "t")
    assert "a rule" in denial_text(DenialCause.DISABLED, "t")
    assert "nobody answered in time" in denial_text(DenialCause.UNANSWERED, "t")
    assert "may be asked again" in denial_text(DenialCause.UNANSWERED, "t")
    assert "screen of this computer is locked" in denial_text(DenialCause.LOCKED, "t")
    assert "may be asked again" in denial_text(DenialCause.LOCKED, "t")
