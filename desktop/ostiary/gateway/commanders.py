"""Who speaks on a control connection: the program behind a process, and whether it is our own."""

from __future__ import annotations

import os
import sys

from ostiary.domain.approval import Caller
from ostiary.gateway import processes
from ostiary.gateway.servers import script


def commander(pid: int | None) -> Caller:
    """Who gave a command: the program that speaks, and what started it."""
    process = None if pid is None else processes.describe(pid)
    if process is None:
        return Caller(host="command", title="A command", warning="The program behind it was not found.")
    chain = (process, *processes.ancestors(process.pid))
    return Caller(host="command", title="A command", verified=is_our_program(process.pid), processes=chain)


def is_our_program(pid: int | None) -> bool:
    """Whether a process runs our installed program: its executable is this interpreter, its script is ``ostiary``."""
    process = None if pid is None else processes.describe(pid)
    if process is None:
        return False
    same_interpreter = os.path.realpath(process.executable) == os.path.realpath(sys.executable)
    program = process.script or process.executable
    return same_interpreter and os.path.realpath(program) == os.path.realpath(script("ostiary"))
