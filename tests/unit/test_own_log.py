"""A process's own log is its person's alone."""

from __future__ import annotations

import logging
import os
from contextlib import closing
from pathlib import Path

from ostiary.own_log import OwnLog


def test_every_file_of_it_is_this_users_alone_also_after_it_was_begun_anew(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with closing(OwnLog(tmp_path / "own.log", maxBytes=10, backupCount=2)) as log:
            for _ in range(3):
                log.emit(logging.makeLogRecord({"msg": "longer than ten"}))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("own.log", "own.log.1", "own.log.2"), 0o600)
