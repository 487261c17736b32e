"""``ostiary servers set``: how many processes a server has, when it runs, and how calls flow to it."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import msgspec

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.text import Line, line
from ostiary.control.messages import ConfigureServer, ListServers
from ostiary.domain.errors import UsageError
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerView

SET_HELP = """\
What is not given stays as it is; without any option the settings are shown. They count at once.

A call that waits longer than --timeout without an answer or progress is ended and its server told; the time in which a
person is asked does not count. Progress extends it up to --longest."""


def add_to(inner: Commands[Parser]) -> None:
    """Add the command to its group."""
    parser = add_command(
        inner,
        "set",
        _set,
        "Show or change when a server runs and how much may be asked of it.",
        more=SET_HELP,
        examples=(
            "ostiary servers set github --start on-demand --idle-minutes 10",
            "ostiary servers set github --timeout 60 --tool-timeout search=120",
        ),
    )
    parser.add_argument("name", metavar="NAME", help="its name, as `ostiary servers` shows it")
    add_choices(parser)
    parser.add_argument("--idle-minutes", metavar="N", type=float, help="when one on demand is stopped again")
    parser.add_argument("--running", metavar="N", type=int, help="calls that it works on at the same time")
    parser.add_argument("--waiting", metavar="N", type=int, help="calls that wait for their turn; more are refused")
    parser.add_argument("--timeout", metavar="S", type=float, help="seconds that a call may go without a word")
    parser.add_argument("--longest", metavar="S", type=float, help="seconds that a call may take with progress")
    parser.add_argument(
        "--tool-timeout", metavar="TOOL=S", action="append", default=[], help="another --timeout for a tool; 0 ends it"
    )


def add_choices(parser: Parser) -> None:
    """The two options that a new server has too."""
    parser.add_argument("--isolation", choices=tuple(Isolation), type=Isolation, help="one process, or one a host")
    parser.add_argument("--start", choices=tuple(StartChoice), type=StartChoice, help="when it runs")


def changed(flow: Flow, options: Namespace) -> Flow:
    """Pure. The settings with what was given. UsageError for a time that is none."""
    minutes: float | None = options.idle_minutes
    given: dict[str, Any] = {
        "start": options.start,
        "idle_stop_s": None if minutes is None else minutes * 60,
        "running": options.running,
        "waiting": options.waiting,
        "timeout_s": options.timeout,
        "longest_s": options.longest,
        "tool_timeouts_s": _tool_timeouts(flow.tool_timeouts_s, options.tool_timeout) if options.tool_timeout else None,
    }
    new = msgspec.structs.replace(flow, **{name: value for name, value in given.items() if value is not None})
    for span_s in (new.idle_stop_s, new.timeout_s, new.longest_s, *new.tool_timeouts_s.values()):
        if not math.isfinite(span_s):  # JSON has no word for it; the gateway looks at the others
            raise UsageError(f"{span_s:g} s is no time to wait", "Give a number.")
    return new


def settings_lines(view: ServerView) -> list[Line]:
    """Pure. A server's settings, a line each."""
    flow = view.flow
    starts = "when it is needed" if flow.start is StartChoice.ON_DEMAND else "when it is switched on"
    stops = f", stops after {flow.idle_stop_s / 60:g} idle minutes" if flow.start is StartChoice.ON_DEMAND else ""
    lines = [
        f"processes  {'one for all hosts' if view.isolation is Isolation.SHARED else 'one for each host'}",
        f"starts     {starts}{stops}",
        f"calls      {flow.running:,} at a time, {flow.waiting:,} wait",
        f"timeout    {flow.timeout_s:g} s without a word, {flow.longest_s:g} s with progress",
    ]
    lines += [f"           {span_s:g} s for {tool}" for tool, span_s in sorted(flow.tool_timeouts_s.items())]
    return [line(text) for text in lines]


def _set(console: Console, options: Namespace) -> int:
    name: str = options.name
    view = next((view for view in console.ask(ListServers()) if view.name == name), None)
    if view is None:
        raise UsageError(f"There is no server “{name}”", "See `ostiary servers`.")
    flow = changed(view.flow, options)
    if flow != view.flow or options.isolation not in (None, view.isolation):
        view = console.ask(ConfigureServer(name=name, isolation=options.isolation, flow=flow))
    console.give(view, settings_lines(view))
    return Exit.OK


def _no_time(text: str) -> UsageError:
    return UsageError(f"{text!r} is no time of a tool", "Write TOOL=SECONDS.")


def _tool_timeouts(known: dict[str, float], given: Sequence[str]) -> dict[str, float]:
    spans = dict(known)
    for text in given:
        tool, _, span = text.rpartition("=")
        try:
            spans[tool] = float(span)
        except ValueError as error:
            raise _no_time(text) from error
        if not tool:
            raise _no_time(text)
    return {tool: span_s for tool, span_s in spans.items() if span_s}
