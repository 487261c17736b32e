"""Which approved folder a path lies in."""

import pytest

from ostiary.domain.root import Root, RootMode
from ostiary.gateway.roots.confinement import is_within, root_of, shown

ROOTS = [Root("/home/ann/work", "work"), Root("/home/ann/work/site", "site", RootMode.READ_WRITE)]


@pytest.mark.parametrize("path", ["/home/ann/work", "/home/ann/work/a", "/home/ann/work/a/b.txt"])
def test_a_folder_and_what_lies_in_it_is_within(path: str) -> None:
    assert is_within(path, "/home/ann/work")


@pytest.mark.parametrize("path", ["/home/ann/works", "/home/ann/work2/a", "/home/ann", "/", "/home/ann/wor", ""])
def test_what_only_begins_alike_is_not_within(path: str) -> None:
    assert not is_within(path, "/home/ann/work")


def test_everything_is_within_the_top_folder() -> None:
    assert is_within("/etc", "/")


def test_the_innermost_folder_counts_in_whatever_order_they_come() -> None:
    for roots in (ROOTS, ROOTS[::-1]):
        found = root_of("/home/ann/work/site/index.html", roots)
        assert found is not None
        assert found.mode is RootMode.READ_WRITE


def test_a_path_outside_of_all_folders_is_in_none() -> None:
    assert root_of("/home/ann/other", ROOTS) is None
    assert root_of("/home/ann/work", []) is None


def test_a_path_is_shown_with_the_label_of_its_folder() -> None:
    assert shown("/home/ann/work/a/b.txt", ROOTS) == "work/a/b.txt"
    assert shown("/home/ann/work/site", ROOTS) == "site"
    assert shown("/etc/passwd", ROOTS) is None
