"""Quits an application of macOS and opens it again, as its Dock icon would: by the quit event, then by Launch Services.

Every application obeys the event, scriptable or not, and asks the person first where something is unsaved (AppleScript
Language Guide, ``quit``). The first time macOS itself asks whether Ostiary may do this. The path goes as an argument,
so that nothing in a name is read as a script.
"""

from __future__ import annotations

import subprocess
from pathlib import PurePosixPath

from ostiary.domain.errors import RefusedError

_QUIT = "on run paths\nquit application (item 1 of paths)\nend run"
_TIMEOUT_S = 60.0
"""The event waits for the person where macOS or the application asks them something."""


def application_of(executable: str) -> str:
    """Gives the ``.app`` that an executable belongs to, the outermost: helpers are within one. Empty where none is."""
    path = PurePosixPath(executable)
    found = [parent for parent in path.parents if parent.suffix == ".app"]
    return str(found[-1]) if found else ""


def quit_command(application: str) -> tuple[str, ...]:
    """Gives what sends the quit event to a running application by its full path."""
    return ("/usr/bin/osascript", "-e", _QUIT, application)


def open_command(application: str) -> tuple[str, ...]:
    """Gives what opens an application; it is no child of ours."""
    return ("/usr/bin/open", "-a", application)


def run(command: tuple[str, ...], title: str) -> None:
    """Carry one of these out. Raises ``RefusedError`` where macOS or the person does not let us."""
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError) as error:
        detail = "Quit it yourself, and open it again. macOS may have asked whether Ostiary may control it."
        raise RefusedError(f"{title} was not restarted", detail) from error
