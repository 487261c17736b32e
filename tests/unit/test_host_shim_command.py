"""Which program a host's entry starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.shim_command import ShimCommand, shim_command, shim_folders, shim_program

NAME = "ostiary-connect.exe" if sys.platform == "win32" else "ostiary-connect"


def test_the_installed_shim_is_found_by_its_absolute_path() -> None:
    program = shim_program(shim_folders())
    assert program.is_absolute()
    assert program.name == NAME
    assert os.access(program, os.X_OK)


def test_the_first_folder_with_a_program_that_can_be_run_wins(tmp_path: Path) -> None:
    folders = tuple(tmp_path / name for name in ("empty", "folder", "plain", "right"))
    for folder in folders:
        folder.mkdir()
    (folders[1] / NAME).mkdir()
    (folders[2] / NAME).touch(0o644)
    (folders[3] / NAME).touch(0o755)
    assert shim_program(folders) == (folders[3] if os.name != "nt" else folders[2]) / NAME


def test_a_missing_program_is_told_with_where_it_was_sought(tmp_path: Path) -> None:
    with pytest.raises(HostFileError, match=str(tmp_path)):
        shim_program((tmp_path,))


def test_a_frozen_build_looks_only_beside_itself(tmp_path: Path) -> None:
    script = (
        "import sys; sys.frozen = True; sys.executable = sys.argv[1];"
        "from ostiary.gateway.hosts.shim_command import shim_folders; print(*shim_folders(), sep='\\n')"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "ostiary")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == [str(tmp_path)]


def test_a_home_that_is_not_the_default_is_part_of_the_command() -> None:
    program = Path("/opt/ostiary-connect").absolute()
    assert shim_command("cursor", program, None) == ShimCommand(str(program), ("--host", "cursor"))
    assert shim_command("cursor", program, Path("/h o")).args == ("--host", "cursor", "--home", str(Path("/h o")))
