"""Records of started processes."""

import stat
from pathlib import Path

import pytest

from ostiary.gateway.supervise.records import Identity, Records, file_name


def test_what_was_written_is_taken_once(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.write("files", Identity(7, 1.5))
    records.write("git@cursor", Identity(8, 2.5))
    assert set(records.take_all()) == {Identity(7, 1.5), Identity(8, 2.5)}
    assert list(records.take_all()) == []


def test_a_removed_record_is_not_taken(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.write("files", Identity(7, 1.5))
    records.remove("files")
    assert list(records.take_all()) == []


def test_a_record_can_be_read_by_its_owner_only_and_leaves_no_other_file(tmp_path: Path) -> None:
    Records(tmp_path).write("files", Identity(7, 1.5))
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "x"}', b"\xff"])
def test_an_unreadable_record_is_removed_and_does_not_hide_the_others(tmp_path: Path, content: bytes) -> None:
    records = Records(tmp_path)
    (tmp_path / "a.json").write_bytes(content)
    records.write("b", Identity(7, 1.5))
    assert list(records.take_all()) == [Identity(7, 1.5)]
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_the_same_number_that_was_started_later_is_another() -> None:
    assert Identity(7, 100.0).is_same(100.4)
    assert not Identity(7, 100.0).is_same(102.0)
    assert not Identity(7, 100.0).is_same(None)


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a\\b", "", "ä", "nul\0", "a:b"])
def test_any_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{file_name(name)}.log"
    path.touch()
    assert path.parent == tmp_path
    assert path.resolve().parent == tmp_path.resolve()
