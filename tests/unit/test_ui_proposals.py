"""Folders proposed at the first start: those that are there, never the home folder, each once."""

from __future__ import annotations

from pathlib import Path

from ostiary.ui.pages.proposals import MOST, USUAL_NAMES, proposed


def made(home: Path, *names: str) -> None:
    for name in names:
        (home / name).mkdir(parents=True)


def test_only_folders_that_are_there_are_proposed_documents_first(tmp_path: Path) -> None:
    made(tmp_path, "Papers", "Code")
    (tmp_path / "src").touch()
    assert proposed(tmp_path, [str(tmp_path / "Papers")], ()) == (tmp_path / "Papers", tmp_path / "Code")


def test_home_itself_and_what_is_around_it_are_never_proposed(tmp_path: Path) -> None:
    home = tmp_path / "robin"
    made(home, "Documents")
    (home / "Projects").symlink_to(home)
    (home / "Code").symlink_to(tmp_path)
    assert proposed(home, [str(home), str(home / "Documents")], ()) == (home / "Documents",)


def test_folder_with_two_names_or_inside_another_is_proposed_once(tmp_path: Path) -> None:
    made(tmp_path, "Documents/git")
    (tmp_path / "Projects").symlink_to(tmp_path / "Documents")
    (tmp_path / "git").symlink_to(tmp_path / "Documents" / "git")
    assert proposed(tmp_path, [str(tmp_path / "Documents")], ()) == (tmp_path / "Documents",)


def test_folder_that_was_added_is_not_proposed_again(tmp_path: Path) -> None:
    made(tmp_path, "Documents", "Code")
    assert proposed(tmp_path, [str(tmp_path / "Documents")], [str(tmp_path / "Documents")]) == (tmp_path / "Code",)


def test_there_are_never_more_than_can_be_read_at_a_glance(tmp_path: Path) -> None:
    for name in USUAL_NAMES:
        (tmp_path / name).mkdir(exist_ok=True)
    assert len(proposed(tmp_path, [], ())) == MOST
