"""A file that is only there by name is told from one that is there, by the marks of its system."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from ostiary_servers.common.cloud import (
    FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS,
    FILE_ATTRIBUTE_RECALL_ON_OPEN,
    SF_DATALESS,
    is_placeholder,
    would_fetch,
)
from ostiary_servers.files.operations.census import Census

FILE_ATTRIBUTE_ARCHIVE = 0x20
UF_HIDDEN = 0x8000


@pytest.mark.parametrize(
    ("flags", "attributes", "elsewhere"),
    [
        (0, 0, False),
        (UF_HIDDEN, FILE_ATTRIBUTE_ARCHIVE, False),
        (SF_DATALESS | UF_HIDDEN, 0, True),
        (0, FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS | FILE_ATTRIBUTE_ARCHIVE, True),
        (0, FILE_ATTRIBUTE_RECALL_ON_OPEN, True),
    ],
)
def test_the_marks_of_macos_and_windows_are_known(flags: int, attributes: int, elsewhere: bool) -> None:
    assert is_placeholder(flags, attributes) == elsewhere


def test_files_in_a_cloud_are_counted_where_a_folder_is_planned_to_be_moved_or_copied() -> None:
    census = Census(stat.S_IFDIR)
    for flags in (0, SF_DATALESS, SF_DATALESS):
        found = SimpleNamespace(st_mode=stat.S_IFREG, st_size=1, st_flags=flags)
        census.count("a.txt", cast(os.stat_result, found))
    assert (census.files, census.in_cloud) == (3, 2)


def test_ordinary_files_are_searched_by_ripgrep(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("here")
    assert not would_fetch(str(tmp_path))
