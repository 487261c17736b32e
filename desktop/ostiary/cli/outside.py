"""What can be seen of Ostiary while no gateway runs: the endpoint, the home folder, the programs. Changes nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ostiary.control.messages import Finding
from ostiary.domain.errors import UnreachableError
from ostiary_connect.endpoint import ConnectError, Endpoint, check_folder, locate, uses_tcp

PROGRAMS = ("ostiary-connect", "ostiary-serve")
"""What has to lie beside ``ostiary``: hosts start the first, the gateway the second."""


def findings_without_gateway(home: str | None, error: UnreachableError) -> tuple[Finding, ...]:
    """What was looked at, beginning with the gateway itself, which cannot be reached because of ``error``."""
    endpoint = locate(home)
    gone = Finding(code="gateway.running", ok=False, sentence=f"{error.title}.", action=error.detail)
    return (gone, *_endpoint(endpoint), *_home(endpoint), *_programs(Path(sys.argv[0])))


def _endpoint(endpoint: Endpoint) -> Iterator[Finding]:
    place = endpoint.key_path if uses_tcp() else endpoint.socket_path
    try:
        check_folder(endpoint)
    except ConnectError as error:
        yield Finding(code="endpoint.folder", ok=False, sentence=f"{error.title}.", action=error.detail)
        return
    left = " A gateway that was killed left it; the next start replaces it." if os.path.lexists(place) else ""
    yield Finding(code="endpoint.folder", ok=True, sentence=f"Ostiary would be reached at {place}.{left}")


def _home(endpoint: Endpoint) -> Iterator[Finding]:
    if endpoint.home is None:
        return
    code = "home.folder"
    folder = Path(endpoint.home)
    if not folder.exists():
        yield Finding(code=code, ok=True, sentence=f"{folder} is not there yet; the first start makes it.")
    elif folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        yield Finding(code=code, ok=True, sentence=f"{folder} can be written.")
    else:
        action = "Choose a folder of your own with OSTIARY_HOME or --home."
        yield Finding(code=code, ok=False, sentence=f"{folder} cannot be written.", action=action)


def _programs(own: Path) -> Iterator[Finding]:
    folder = own.resolve().parent
    for name in PROGRAMS:
        program = folder / (f"{name}.exe" if sys.platform == "win32" else name)
        if os.access(program, os.X_OK):
            yield Finding(code=f"program.{name}", ok=True, sentence=f"{program} is there.")
        else:
            action = "Install Ostiary again: its three programs belong in one folder."
            yield Finding(code=f"program.{name}", ok=False, sentence=f"{program} is missing.", action=action)
