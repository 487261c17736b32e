"""A window in a language from right to left shows no mark that it puts in itself to keep a value's direction.

The language here is a real catalogue in which every sentence begins with a letter of Hebrew. A hidden character of
somebody else's stays named in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from devtools.catalogue import Catalogue, Entry
from devtools.sentences import gateway_sentences, window_sentences
from ostiary.domain.approval import Argument, Duration, Grant, Scope
from ostiary.domain.call import CallDetail
from ostiary.domain.errors import UsageError
from ostiary.domain.events import Notice, Severity
from ostiary.ui import words
from ostiary.ui.approval import wording
from ostiary.ui.language import choose, isolated, said, told
from ostiary.ui.pages import activity_words, rule_words
from ostiary.ui.parts.text import Text
from tests.support.front import Front
from tests.ui import approval_cases as cases
from tests.ui.activity_cases import call

ROOT = Path(__file__).parents[2]
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
PLACES = range(9)
SHOWN_MARKS = ("⟨U+2068⟩", "⟨U+2069⟩")
GONE = "The folder /a b is not there"
"""A sentence of the gateway's with a path in it, as errors and notices have them."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    templates = [*gateway_sentences(ROOT), "The folder {path} is not there"]
    entries = window_sentences(ROOT / "desktop" / "ostiary") | {one: Entry(one) for one in templates}
    turned = {
        one: Entry(one, entry.many, tuple(f"א {text}" for text in filter(None, (one, entry.many))))
        for one, entry in entries.items()
    }
    compiled = folder / "he" / "LC_MESSAGES" / "ostiary.mo"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(Catalogue("", HEADER, turned).compiled())
    (folder / "gateway.txt").write_text("\n".join(templates), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def turned(catalogue: Path) -> Iterator[None]:
    assert choose(("he",), catalogue) == "he"
    yield
    choose(())


def shown(widget: QWidget) -> str:
    """What is written in a window, and what a screen reader says of it."""
    return "\n".join(f"{one.accessibleName()}\n{one.accessibleDescription()}" for one in widget.findChildren(QWidget))


def test_no_page_and_no_banner_shows_a_mark_of_ours(make_front: Callable[..., Front]) -> None:
    front = make_front()
    front.application.tell(Notice(severity=Severity.WARNING, title=GONE, detail=f"{GONE}."))
    for place in PLACES:
        front.show_place(place)
        seen = front.words(front.window) + shown(front.window)
        assert "א" in seen
        assert not [mark for mark in SHOWN_MARKS if mark in seen], place
    front.wait(lambda: f"א The folder {isolated('/a b')} is not there" in front.words(front.window.banners))


def test_a_text_names_what_others_hid_in_it_and_no_mark_of_ours(qtbot: QtBot) -> None:
    text = Text(f"א {isolated('/a b')}")
    qtbot.addWidget(text)
    assert text.text() == f"א {isolated('/a b')}"
    text.setText("א " + isolated("/a\u202eb"))
    assert text.text() == f"א {isolated('/a⟨U+202E⟩b')}"


def a_grant() -> Grant:
    return Grant(
        id=7,
        host="cursor",
        server="files",
        tool="edit_file",
        scope=Scope.TOOL,
        duration=Duration.ALWAYS,
        granted_at=0.0,
        suspended=f"{GONE}.",
    )


SAID = {
    "the reason of a decision": lambda: activity_words.why(CallDetail(row=call(1), reason=GONE)),
    "an export": lambda: activity_words.not_exported(told(UsageError(GONE))),
    "a search": lambda: activity_words.not_searched(told(UsageError(GONE))),
    "an error": lambda: told(UsageError(GONE, f"{GONE}.")),
    "a notice": lambda: words.notice(Notice(severity=Severity.WARNING, title=GONE, detail=f"{GONE}.")),
    "a rule": lambda: rule_words.suspended(a_grant()),
    "a question": lambda: wording.sentence(cases.changed(cases.widen(), sentence=f"{GONE}.")),
    "a question in a list": lambda: wording.object_line(
        cases.changed(cases.third_party(), paths=(), arguments=(), sentence=f"{GONE}.")
    ),
    "a question in the tray": lambda: words.question_line(cases.changed(cases.widen(), sentence=f"{GONE}.")),
    "a warning": lambda: wording.warnings(cases.changed(cases.widen(), warnings=(f"{GONE}.",)))[-1].text,
}


@pytest.mark.parametrize("say", SAID.values(), ids=SAID)
def test_what_is_said_keeps_its_values_in_one_piece_and_shows_no_mark(say: Callable[[], str]) -> None:
    assert isolated("/a b") in say()
    assert not [mark for mark in SHOWN_MARKS if mark in say()]


def test_the_arguments_of_a_command_are_named_in_the_language_and_those_of_a_tool_as_they_are() -> None:
    given = (Argument(name="environment variable PA\u202eTH", text="x"), Argument(name="the exact command", text="y"))
    asked = cases.changed(cases.widen(), arguments=given)
    assert [one.name for one in wording.arguments(asked)] == [
        f"א environment variable {isolated('PA⟨U+202E⟩TH')}",
        "א the exact command",
    ]
    called = cases.changed(cases.third_party(), arguments=given)
    assert [one.name for one in wording.arguments(called)] == ["environment variable PA⟨U+202E⟩TH", "the exact command"]


def test_a_hidden_character_of_somebody_else_is_named() -> None:
    assert said("The folder /a\u2068b is not there") == f"א The folder {isolated('/a⟨U+2068⟩b')} is not there"
