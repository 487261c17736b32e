"""A program that is older than what is installed knows it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from ostiary_servers.loaded import LoadedFiles


def replace(file: Path) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(file.read_bytes())
    new.replace(file)


def rewrite(file: Path) -> None:
    found = file.stat()
    file.write_text("changed = 1\n")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


@pytest.mark.parametrize("update", [replace, rewrite, os.utime, Path.unlink])
def test_a_module_whose_file_is_another_by_now_is_told(
    update: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("for_this_test_alone")
    file = tmp_path / "for_this_test_alone.py"
    file.write_text("")
    os.utime(file, (0, 0))
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    loaded = LoadedFiles.now()
    assert loaded.are_unchanged()
    update(file)
    assert not loaded.are_unchanged()
