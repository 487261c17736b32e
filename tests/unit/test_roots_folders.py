"""Which folders may be approved, tried on real ones."""

import os
import pwd
from pathlib import Path

import pytest

from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.root import Root, RootMode
from ostiary.gateway.roots.folders import approve, foreign_homes, problem_of

READ = RootMode.READ_ONLY
WRITE = RootMode.READ_WRITE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with two projects and a host's configuration."""
    real = tmp_path.resolve() / "ann"
    for folder in ("work/site", "notes", ".config/host"):
        (real / folder).mkdir(parents=True)
    return real


def test_a_folder_is_approved_under_its_own_name(home: Path) -> None:
    assert approve(str(home / "work"), WRITE) == Root(str(home / "work"), "work", WRITE)


def test_a_link_is_followed_once_and_the_place_behind_it_is_approved(home: Path) -> None:
    (home / "link").symlink_to("work")
    assert approve(str(home / "link"), READ).path == str(home / "work")


def test_dots_are_resolved(home: Path) -> None:
    assert approve(f"{home}/notes/../work/.", READ).path == str(home / "work")


def test_a_folder_that_does_not_exist_is_refused(home: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        approve(str(home / "gone"), READ)


def test_a_file_is_refused(home: Path) -> None:
    (home / "a.txt").touch()
    with pytest.raises(UsageError, match="not a folder"):
        approve(str(home / "a.txt"), READ)


@pytest.mark.parametrize("path", ["/loop", "\0"])
def test_a_path_that_cannot_be_looked_at_is_refused(home: Path, path: str) -> None:
    (home / "loop").symlink_to("loop")
    with pytest.raises(UsageError):
        approve(f"{home}{path}", READ)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_refused(home: Path) -> None:
    (home / "notes").chmod(0)
    with pytest.raises(UsageError, match="no permission"):
        approve(str(home / "notes"), READ)


@pytest.mark.parametrize("path", ["/", "/proc", "/proc/self/root/proc", "/sys/kernel", "/dev"])
def test_the_disk_and_the_systems_windows_on_itself_are_refused(path: str) -> None:
    with pytest.raises(RefusedError):
        approve(path, READ)


@pytest.mark.parametrize("folder", [".config/host", ".config", ""])
def test_a_folder_in_or_around_a_protected_one_is_refused_and_so_home_is(home: Path, folder: str) -> None:
    with pytest.raises(RefusedError, match="settings of Ostiary or of a host"):
        approve(str(home / folder), READ, protected=[str(home / ".config/host")])


def test_a_link_to_a_protected_folder_is_refused(home: Path) -> None:
    (home / "work/host").symlink_to(home / ".config/host")
    with pytest.raises(RefusedError):
        approve(str(home / "work/host"), READ, protected=[str(home / ".config/host")])


def test_a_folder_beside_a_protected_one_is_approved(home: Path) -> None:
    root = approve(str(home / "notes"), READ, protected=[str(home / ".config/host"), str(home / "gone")])
    assert root.label == "notes"


@pytest.mark.parametrize("path", ["bob", "bob/work", ""])
def test_other_peoples_homes_are_refused_with_all_in_and_around_them(home: Path, path: str) -> None:
    (home.parent / "bob/work").mkdir(parents=True)
    with pytest.raises(RefusedError, match="another person"):
        approve(str(home.parent / path), READ, foreign_homes=[str(home.parent / "bob")])


def test_own_home_is_not_foreign() -> None:
    own = pwd.getpwuid(os.getuid()).pw_dir
    assert own not in foreign_homes(Path(own))


def test_a_folder_cannot_be_approved_twice(home: Path) -> None:
    roots = [approve(str(home / "work"), READ)]
    with pytest.raises(UsageError, match="approved already"):
        approve(str(home / "work"), WRITE, roots=roots)


def test_a_folder_in_an_approved_one_is_told_when_it_would_change_nothing(home: Path) -> None:
    roots = [approve(str(home / "work"), READ)]
    with pytest.raises(UsageError, match="lies in “work”"):
        approve(str(home / "work/site"), READ, roots=roots)
    assert approve(str(home / "work/site"), WRITE, roots=roots).mode is WRITE


def test_labels_are_told_apart_by_a_number(home: Path) -> None:
    (home / "notes/work").mkdir()
    roots = [Root("/x/work", "work"), Root("/y/work", "work (2)")]
    assert approve(str(home / "notes/work"), READ, roots=roots).label == "work (3)"


def test_a_label_that_is_taken_is_refused(home: Path) -> None:
    with pytest.raises(UsageError, match="name is taken"):
        approve(str(home / "notes"), READ, label="work", roots=[Root("/x", "work")])
    assert approve(str(home / "notes"), READ, label="mine").label == "mine"


def test_an_approved_folder_that_is_well_has_no_problem(home: Path) -> None:
    assert problem_of(Root(str(home), "ann")) == ""


def test_an_approved_folder_that_was_removed_has_a_problem(home: Path) -> None:
    root = approve(str(home / "notes"), READ)
    (home / "notes").rmdir()
    assert "nothing at" in problem_of(root)


def test_an_approved_folder_that_became_a_file_or_a_link_has_a_problem(home: Path) -> None:
    root = approve(str(home / "notes"), READ)
    (home / "notes").rmdir()
    (home / "notes").touch()
    assert "is a file" in problem_of(root)
    (home / "notes").unlink()
    (home / "notes").symlink_to("work")
    assert "link" in problem_of(root)
