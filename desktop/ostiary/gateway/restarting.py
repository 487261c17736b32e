"""Ends a host and starts it again, where its data file says that it ends by itself when asked. Never kills one.

Its process is matched by the full path of its executable, in this account. It is started as it was: the same program,
arguments, folder and environment, and no child of ours; on macOS it is opened, which is ``restarting_macos``.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import partial

from ostiary.domain.errors import RefusedError
from ostiary.domain.host import HostView
from ostiary.gateway import restarting_macos
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.processes import Program, ask_to_end, running_of

END_DEADLINE_S = 10.0
_DETACHED = '"$@" </dev/null >/dev/null 2>&1 &'
"""The shell ends at once, so that the program has no parent that waits for it."""


async def restart(hosts: HostFiles, host: str) -> HostView:
    """Restart a host. Raises ``UsageError`` where that is not known to be safe, ``RefusedError`` when it stays."""
    is_program = hosts.restartable(host)
    title = hosts.title(host)
    found = await asyncio.to_thread(running_of, is_program)
    if len(found) != 1:
        told = "It does not run" if not found else "It runs more than once"
        raise RefusedError(f"{title} was not restarted", f"{told}. Start it yourself.")
    application = restarting_macos.application_of(found[0].executable) if sys.platform == "darwin" else ""
    ask = partial(restarting_macos.run, restarting_macos.quit_command(application), title) if application else None
    if not await asyncio.to_thread(ask_to_end, found[0], END_DEADLINE_S, ask):
        raise RefusedError(
            f"{title} did not quit", "It may be asking you something. Quit it there, then open it again."
        )
    if application:
        await asyncio.to_thread(restarting_macos.run, restarting_macos.open_command(application), title)
    else:
        await asyncio.to_thread(_start, found[0], title)
    return await hosts.view(host)


def _start(program: Program, title: str) -> None:
    command = ["/bin/sh", "-c", _DETACHED, "sh", program.executable, *program.arguments]
    try:
        subprocess.run(
            command, cwd=program.folder, env=dict(program.environment), start_new_session=True, check=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RefusedError(f"{title} has ended and could not be started again", "Open it yourself.") from error
