"""Moving and copying on Windows, where a rename refuses a name that is taken, and each path is checked just before."""

import secrets
import shutil
import sys
from pathlib import Path

from ostiary_servers.common import anchored_windows
from ostiary_servers.common.os_errors import told_as_taken, told_as_tool_error
from ostiary_servers.common.path_gate import Place

assert sys.platform == "win32"


def move_path(source: Place, destination: Place) -> None:
    """Renames. Raises ToolError ``already_exists`` when something is there."""
    with told_as_tool_error(source.requested), told_as_taken(destination.requested):
        anchored_windows.refuse_moved(source)
        anchored_windows.refuse_moved(destination)
        Path(source.real).rename(destination.real)


def copy_tree(source: Place, destination: Place) -> None:
    """Copies a file, or a folder with what is in it; links stay links. Raises ToolError ``already_exists``."""
    target = Path(destination.real)
    passing = target.with_name(f".ostiary-{secrets.token_hex(8)}.tmp")
    with told_as_tool_error(source.requested), told_as_taken(destination.requested):
        anchored_windows.refuse_moved(source)
        anchored_windows.refuse_moved(destination)
        try:
            if Path(source.real).is_dir():
                shutil.copytree(source.real, passing, symlinks=True)
            else:
                shutil.copy2(source.real, passing, follow_symlinks=False)
            passing.rename(target)
        except BaseException:
            shutil.rmtree(passing, ignore_errors=True)
            passing.unlink(missing_ok=True)
            raise
