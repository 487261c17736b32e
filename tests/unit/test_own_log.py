"""A process's own log is its person's alone."""

from __future__ import annotations

import logging
import os
from contextlib import closing
from pathlib import Path

from ostiary.own_log import OwnLog


def write(file: Path, *texts: str) -> None:
    with closing(OwnLog(file, longest_bytes=10, older=2)) as log:
        for text in texts:
            log.emit(logging.makeLogRecord({"msg": text}))


def test_of_what_is_long_the_newest_files_are_kept(tmp_path: Path) -> None:
    write(tmp_path / "own.log", "short", "longer than ten", "second of them", "ö" * 10, "last")
    kept = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert kept == {"own.log": "last\n", "own.log.1": "ö" * 10 + "\n", "own.log.2": "second of them\n"}


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    write(tmp_path / "own.log", "short")
    write(tmp_path / "own.log", "too")
    assert (tmp_path / "own.log").read_text() == "short\ntoo\n"


def test_a_file_that_cannot_be_moved_away_is_written_on(tmp_path: Path) -> None:
    (tmp_path / "own.log.1").mkdir()
    (tmp_path / "own.log.1" / "something").touch()
    (tmp_path / "own.log.2").mkdir()
    (tmp_path / "own.log.2" / "something").touch()
    write(tmp_path / "own.log", "longer than ten", "more")
    assert (tmp_path / "own.log").read_text() == "longer than ten\nmore\n"


def test_every_file_of_it_is_this_users_alone_also_after_it_was_begun_anew(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write(tmp_path / "own.log", *["longer than ten"] * 3)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("own.log", "own.log.1", "own.log.2"), 0o600)
