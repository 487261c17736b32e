"""`ostiary status`: whether it runs, what the gate does, which servers and hosts are there."""

from __future__ import annotations

import time
from argparse import Namespace

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.servers import server_table
from ostiary.cli.tables import indented, table
from ostiary.cli.text import Line, Span, Tone, line
from ostiary.cli.words import GOOD, MODES, PROBLEM, count, duration
from ostiary.control.messages import GetStatus, Status
from ostiary.domain.events import SessionView


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the parser."""
    add_command(
        commands,
        "status",
        _show,
        "Show whether Ostiary runs, and what it is doing.",
        examples=("ostiary status", "ostiary status --json | jq .open_questions", "ostiary status && echo it runs"),
    )


def _show(console: Console, _: Namespace) -> int:
    status = console.ask(GetStatus())
    console.give(status, status_lines(status, time.time()))
    return Exit.OK


def status_lines(status: Status, now: float) -> list[Line]:
    """Pure. ``now`` is Unix seconds."""
    lines = [line(GOOD, f" Ostiary {status.version} is running, for {duration(now - status.started_at)}")]
    lines += indented(table([("process", str(status.pid)), ("gate", MODES[status.mode]), ("window", _front(status))]))
    if status.open_questions:
        lines.append(line(PROBLEM, f" {count(status.open_questions, 'question')} waiting for your answer in Ostiary"))
    lines += [line(), line(Span("Servers", Tone.STRONG)), *indented(server_table(status.servers, now))]
    lines += [line(), line(Span("Connected hosts", Tone.STRONG)), *indented(_session_table(status.sessions, now))]
    return lines


def _front(status: Status) -> str:
    if status.front:
        return "there, and asks you"
    writes = {"allow": "allowed", "deny": "denied"}.get(status.writes, status.writes)
    return f"none, so that writes which would ask are {writes}"


def _session_table(sessions: tuple[SessionView, ...], now: float) -> list[Line]:
    if not sessions:
        return [line(Span("none", Tone.DIM))]
    return table(
        (
            GOOD,
            session.title,
            session.client,
            count(session.calls, "call"),
            f"for {duration(now - session.connected_at)}",
        )
        for session in sessions
    )
