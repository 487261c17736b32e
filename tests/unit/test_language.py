"""The language files belong to the sources, and a sentence of the gateway's is known again."""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from devtools.catalogue import Catalogue, Entry
from devtools.language import GATEWAY_FILE, PACKAGE, catalogues
from devtools.sentences import gateway_sentences, is_sentence, window_sentences
from ostiary.ui.language import TurnedSentence, is_turned, isolated
from ostiary.ui.recognition import Recognition

ROOT = Path(__file__).resolve().parents[2]
DO_IT = "python3 packaging/dev.py language, then translate what it names"
PLACE = re.compile(r"\{\w+\}")
SHOWN_BY = {
    "QAction", "QCheckBox", "QLabel", "QPushButton", "Text", "button",
    "addAction", "addItem", "addMenu", "setAccessibleDescription", "setAccessibleName", "setPlaceholderText",
    "setText", "setTitle", "setToolTip", "setWindowTitle",
}  # fmt: skip
"""What shows its first text to a person."""
SAME_IN_EVERY_LANGUAGE = {"‹", "›", "⋯", "×"}


def catalogue(path: Path) -> Catalogue:
    return Catalogue.read(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", catalogues(ROOT), ids=lambda path: path.parts[-3])
class TestEachLanguage:
    def test_has_every_sentence_of_the_window_and_of_the_gateway(self, path: Path) -> None:
        said = catalogue(path).entries
        window = window_sentences(ROOT / PACKAGE)
        wanted = {one: entry.many for one, entry in window.items()} | dict.fromkeys(gateway_sentences(ROOT), "")
        wanted |= {one: entry.many for one, entry in window.items()}
        missing = [one for one, many in wanted.items() if one not in said or said[one].many != many]
        assert not missing, DO_IT

    def test_leaves_none_untranslated(self, path: Path) -> None:
        assert not catalogue(path).untranslated(), DO_IT

    def test_keeps_every_value_in_its_place(self, path: Path) -> None:
        for entry in catalogue(path).entries.values():
            one, most = set(PLACE.findall(entry.one)), set(PLACE.findall(entry.many or entry.one))
            assert set(PLACE.findall(entry.said[-1])) == most, entry
            assert set(PLACE.findall(entry.said[0])) <= one | most, entry

    def test_is_compiled_as_it_is_written(self, path: Path) -> None:
        assert path.with_suffix(".mo").read_bytes() == catalogue(path).compiled(), DO_IT

    def test_names_nobody_no_time_and_no_machine(self, path: Path) -> None:
        assert catalogue(path).header.count("\n") == 5
        assert "fuzzy" not in path.read_text(encoding="utf-8")


def test_every_sentence_of_the_gateway_is_among_the_templates() -> None:
    kept = (ROOT / GATEWAY_FILE).read_text(encoding="utf-8").splitlines()
    assert set(gateway_sentences(ROOT)) <= set(kept), DO_IT


def shown_texts(tree: ast.Module) -> Iterator[str]:
    """Texts that a widget is given as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in SHOWN_BY and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_no_widget_is_given_words_that_cannot_be_translated() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in (ROOT / PACKAGE / "ui").rglob("*.py")
        for text in shown_texts(ast.parse(path.read_text(encoding="utf-8")))
        if re.search(r"[A-Za-z]", text) and text not in SAME_IN_EVERY_LANGUAGE
    }
    assert not found


def test_a_catalogue_reads_what_it_writes_and_gettext_reads_what_it_compiles() -> None:
    entries = {
        "a": Entry("a", said=("ä „x“",)),
        "{n} b": Entry("{n} b", "{n} bs", ("{n} c", "{n} cs")),
        "two\nlines": Entry("two\nlines", said=("zwei\nZeilen",)),
        "new": Entry("new"),
    }
    header = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    made = Catalogue("# A comment", header, entries)
    read = Catalogue.read(made.text())
    assert read.text() == made.text()
    assert [entry.one for entry in read.untranslated()] == ["new"]
    spoken = gettext.GNUTranslations(BytesIO(read.compiled()))
    assert spoken.gettext("two\nlines") == "zwei\nZeilen"
    assert spoken.ngettext("{n} b", "{n} bs", 2) == "{n} cs"
    assert spoken.gettext("new") == "new"


GERMAN = {
    "{title} is not on this machine.": "{title} ist nicht auf diesem Rechner.",
    "{title} is {what}.": "{title} ist {what}.",
    "{path}: {full}. Nothing is kept.": "{path}: {full}. Nichts bleibt.",
    "No keyring here": "Kein Schlüsselbund hier",
    "{title} has no room": "{title} hat keinen Platz",
    "No room for {path}": "Kein Platz für {path}",
    "the disk is full": "der Datenträger ist voll",
    "Try again.": "Noch einmal.",
    "Write ${secret:NAME}.": "Als ${secret:NAME} schreiben.",
}
KNOWN = Recognition(GERMAN, GERMAN.__getitem__)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Cursor is not on this machine.", "Cursor ist nicht auf diesem Rechner."),
        ("/a: the disk is full. Nothing is kept.", "/a: der Datenträger ist voll. Nichts bleibt."),
        ("Try again. Cursor is not on this machine.", "Noch einmal. Cursor ist nicht auf diesem Rechner."),
        ("What a server said itself. Try again.", "What a server said itself. Noch einmal."),
        ("No keyring here. Try again.", "Kein Schlüsselbund hier. Noch einmal."),
        ("{title} has no room. Try again.", "{title} hat keinen Platz. Noch einmal."),
        ("No room for /a", "Kein Platz für /a"),
        ("No room for /a. Try again.", "Kein Platz für /a. Noch einmal."),
        ("{title} is not on this machine.", "{title} ist nicht auf diesem Rechner."),
        ("{what} is {title}.", "{what} ist {title}."),
        ("Write ${secret:NAME}.", "Als ${secret:NAME} schreiben."),
        ("A server's own words", "A server's own words"),
        ("", ""),
        ("Cursor is not on this machine." * 1_000, "Cursor is not on this machine." * 1_000),
    ],
)
def test_what_was_said_is_known_by_its_template(english: str, german: str) -> None:
    assert KNOWN.translated(english) == german


def test_a_text_in_a_sentence_from_right_to_left_keeps_its_own_direction() -> None:
    assert TurnedSentence("אין {path} ({n})").format(path="/a b", n=3) == "אין \u2068/a b\u2069 (3)"
    turned = Recognition(["There is no {path}."], lambda _: "אין {path}.", isolated)
    assert turned.translated("There is no /a b.") == "אין \u2068/a b\u2069."


@pytest.mark.parametrize(
    ("language", "turned"), [("he", True), ("ar_EG", True), ("fa-IR", True), ("de", False), ("", False)]
)
def test_a_language_is_known_to_be_written_from_right_to_left(language: str, turned: bool) -> None:
    assert is_turned(language) is turned


@pytest.mark.parametrize("path", catalogues(ROOT), ids=lambda path: path.parts[-3])
def test_each_sentence_of_the_gateway_is_known_by_its_own_template(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as compiled:
        translate = gettext.GNUTranslations(compiled).gettext
    templates = (ROOT / GATEWAY_FILE).read_text(encoding="utf-8").splitlines()
    known = Recognition(templates, translate)
    filled = {template: PLACE.sub(lambda place: f"<{place[0]}>", template) for template in templates}
    for template, sentence in filled.items():
        assert known.translated(sentence) == PLACE.sub(lambda place: f"<{place[0]}>", translate(template))


def test_nothing_is_said_before_the_language_is_chosen() -> None:
    script = (
        "import ostiary.app; from ostiary.ui import language; language.choose(('de',));"
        "from ostiary.ui import words; from ostiary.ui.approval import wording;"
        "from ostiary.ui.pages import rule_words;"
        "print(words.SERVERS, wording.DENY, rule_words.ENDED)"
    )
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert said.stdout.split() == ["Server", "Ablehnen", "Beendet"]


def test_too_few_letters_make_no_template() -> None:
    assert not is_sentence("{a} is {b}")
    assert is_sentence("{a} is not running")
