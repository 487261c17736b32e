"""Who speaks on a control connection: the program behind a process, whether it is our own, and asking the person."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ostiary.control.messages import Command
from ostiary.domain.approval import Caller, QuestionEnd
from ostiary.domain.errors import RefusedError
from ostiary.gateway import processes, widening
from ostiary.gateway.policy.approvals import Approvals
from ostiary.gateway.policy.host_deadline import UNKNOWN
from ostiary.gateway.servers import script

Show = Callable[[Command[Any]], Awaitable[widening.Shown]]
"""What a person has to see of a command besides its own words."""

A_COMMAND = "A command on this computer"


def commander(pid: int | None) -> Caller:
    """Who gave a command: the program that speaks, and what started it."""
    process = None if pid is None else processes.describe(pid)
    if process is None:
        return Caller(host="command", title=A_COMMAND, warning="The program behind it was not found.")
    chain = (process, *processes.ancestors(process.pid))
    return Caller(host="command", title=A_COMMAND, verified=is_our_program(process.pid), processes=chain)


def is_our_program(pid: int | None) -> bool:
    """Whether a process runs our installed program: its executable is this interpreter, its script is ``ostiary``."""
    process = None if pid is None else processes.describe(pid)
    if process is None:
        return False
    same_interpreter = os.path.realpath(process.executable) == os.path.realpath(sys.executable)
    program = process.script or process.executable
    return same_interpreter and os.path.realpath(program) == os.path.realpath(script("ostiary"))


async def put_to_person(approvals: Approvals, show: Show, command: Command[Any], pid: int | None, number: int) -> None:
    """Ask the person about a command that widens, of the connection ``number``. Raises ``RefusedError`` unless allowed.

    One that ``show`` finds could not be carried out is not asked about: it raises what that raises.
    """
    shown = await show(command)
    caller = await asyncio.to_thread(commander, pid)
    answer = await approvals.ask(
        widening.draft(command, caller, shown),
        key=repr(command),
        session=number,
        call=repr(command),
        last_deadline=time.time() + UNKNOWN.last_s,
    )
    if answer.end is not QuestionEnd.ALLOWED:
        raise RefusedError("The person did not allow it", f"The question ended as {answer.end}.")
