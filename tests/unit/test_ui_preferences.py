"""The tray's own file: read whole or kept aside, written for its owner alone; and which languages are looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ostiary.domain.approval import Duration, Scope
from ostiary.domain.errors import SettingsError
from ostiary.ui.preferences import Language, Notify, Preferences, PreferencesFile, Shortcut, languages
from ostiary.ui.theme import Scheme


def test_choices_are_there_again_after_a_new_start(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "config" / "tray.json")
    file.load()
    shortcut = Shortcut(scope=Scope.TOOL, duration=Duration.HOUR)
    file.change(scheme=Scheme.DARK, language=Language.GERMAN, shortcut=shortcut)
    file.change(notify=Notify.NEVER)

    again = PreferencesFile(file.path)
    again.load()

    expected = Preferences(scheme=Scheme.DARK, language=Language.GERMAN, notify=Notify.NEVER, shortcut=shortcut)
    assert again.current == expected
    assert again.kept_aside is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_file_can_be_read_by_its_owner_alone_also_where_it_was_open_to_others(tmp_path: Path) -> None:
    path = tmp_path / "tray.json"
    path.write_text("{}")
    path.chmod(0o644)
    PreferencesFile(path).change(scheme=Scheme.LIGHT)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"{", b'{"scheme": "purple"}', b"\xff\xfe", b"[]", b'{"language": 3}'])
def test_file_that_makes_no_sense_is_kept_aside_to_the_letter_and_the_defaults_count(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "tray.json"
    path.write_bytes(content)
    file = PreferencesFile(path)
    file.load()
    assert file.current == Preferences()
    assert file.kept_aside is not None
    assert file.kept_aside.read_bytes() == content
    file.change(scheme=Scheme.DARK)
    assert file.kept_aside.read_bytes() == content


def test_files_that_make_no_sense_are_each_kept_also_within_one_second(tmp_path: Path) -> None:
    path = tmp_path / "tray.json"
    spoilt = {b"{first", b"{second", b"{third"}
    for content in spoilt:
        path.write_bytes(content)
        PreferencesFile(path).load()
    assert {aside.read_bytes() for aside in tmp_path.glob("tray.json.corrupt-*")} == spoilt


def test_choice_that_cannot_be_saved_is_told_and_not_taken(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    file = PreferencesFile(tmp_path / "in the way" / "tray.json")
    with pytest.raises(SettingsError, match="could not be saved"):
        file.change(scheme=Scheme.DARK)
    assert file.current.scheme is Scheme.SYSTEM


@pytest.mark.parametrize(
    ("wanted", "desktop", "expected"),
    [
        (Language.SYSTEM, ["de-AT", "de"], ("de_AT", "de")),
        (Language.SYSTEM, ["fr-FR", "de-DE"], ("fr_FR", "de_DE")),
        (Language.SYSTEM, ["en-GB", "de-DE"], ()),
        (Language.SYSTEM, ["fr-FR", "en-US", "de-DE"], ("fr_FR",)),
        (Language.SYSTEM, ["C"], ("C",)),
        (Language.ENGLISH, ["de-DE"], ()),
        (Language.GERMAN, ["en-US"], ("de",)),
    ],
)
def test_languages_are_the_persons_in_their_order_and_end_where_english_is_good_enough(
    wanted: Language, desktop: list[str], expected: tuple[str, ...]
) -> None:
    assert languages(wanted, desktop) == expected
