"""`ostiary log`: the calls that went through Ostiary, as they are kept and as they come; and undoing one."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator

from ostiary.cli.arguments import Commands, Parser, add_command, add_subcommands
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.following import Following
from ostiary.cli.tables import Row, indented, table
from ostiary.cli.text import Line, Span, Tone, line
from ostiary.cli.words import OUTCOMES
from ostiary.control.messages import FollowCalls, ListCalls, UndoCall
from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.domain.events import Calls, Missed

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 10_000
PAGE = 1_000
"""Rows asked for at once, as many as the gateway gives."""
LARGEST_ID = 2**63 - 1

WIDTHS = (6, 19, 1, 10, 12, 10, 18)
"""Least widths, so that lines that come later stand below the first ones."""

MORE = """\
Oldest first, each with its number. Arguments and results are not shown here; open the call in Ostiary's window. With
--json each call is one object on one line; with --follow a call is told when it starts to wait and again when it ends
(same number). Where the reader of the output was too slow for that, it is told once, as it is then."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the parser."""
    parser = add_command(
        commands,
        "log",
        _log,
        "Show the calls that went through Ostiary, or undo what one changed.",
        more=MORE,
        examples=(
            "ostiary log --follow",
            "ostiary log --outcome denied --limit 20",
            "ostiary log undo 42",
            "ostiary log --json | jq -r 'select(.outcome != \"ok\") | .tool'",
        ),
    )
    parser.add_argument("--follow", action="store_true", help="go on and show calls as they come, until Ctrl-C")
    parser.add_argument("--host", metavar="NAME", default="", help="only calls of this host")
    parser.add_argument("--server", metavar="NAME", default="", help="only calls to this server")
    outcomes = ", ".join(Outcome)
    parser.add_argument("--outcome", metavar="WORD", type=_outcome, help=f"only calls that ended so: {outcomes}")
    parser.add_argument("--text", metavar="TEXT", default="", help="only calls whose names or object hold this text")
    parser.add_argument(
        "--limit", metavar="N", type=_limit, default=DEFAULT_LIMIT, help=f"at most so many (usually {DEFAULT_LIMIT})"
    )
    undoing = add_command(
        add_subcommands(parser),
        "undo",
        _undo,
        "Undo what a call of a bundled server changed; you confirm it in Ostiary's window.",
        more="Refused when what the call left was changed since. The undo is a call of its own, and can be undone too.",
        examples=("ostiary log undo 42",),
    )
    undoing.add_argument("id", metavar="ID", type=_call_id, help="the number of the call, as `ostiary log` shows it")


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        raise ArgumentTypeError(f"there is no outcome {text!r}; choose one of {', '.join(Outcome)}") from None


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_LIMIT):
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {LARGEST_LIMIT}")
    return int(text)


def _call_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_ID):
        raise ArgumentTypeError(f"{text!r} is no number of a call")
    return int(text)


def _undo(console: Console, options: Namespace) -> int:
    number: int = options.id
    undone = console.ask(UndoCall(id=number))
    done = line(f"Call {number} is undone; that was call {undone.id}.")
    console.give(undone, [done, *indented(table((item.op, item.path) for item in undone.plan.items))])
    return Exit.OK


def _log(console: Console, options: Namespace) -> int:
    chosen = CallFilter(host=options.host, server=options.server, outcome=options.outcome, text=options.text)
    follow: bool = options.follow
    running: tuple[CallRow, ...] = ()
    if follow:
        running = console.ask(ListCalls(filter=CallFilter(outcome=Outcome.RUNNING), limit=PAGE))
        console.ask(FollowCalls())  # before the list, so that no call falls between the two
    rows = _newest(console, chosen, options.limit)
    console.give_each(rows, call_table(rows) or _nothing(follow))
    if follow:
        for batch in _coming(console, Following(chosen, running, rows), chosen):
            console.give_each(batch, call_table(batch))
    return Exit.OK


def _newest(console: Console, chosen: CallFilter, most: int) -> list[CallRow]:
    """What the log holds, oldest first: no more than so many."""
    found: list[CallRow] = []
    while left := most - len(found):
        wanted = min(left, PAGE)
        page = console.ask(ListCalls(filter=chosen, before=found[0].id if found else 0, limit=wanted))
        found[:0] = page
        if len(page) < wanted:
            break
    return found


def _coming(console: Console, following: Following, chosen: CallFilter) -> Iterator[list[CallRow]]:
    """Batches of rows that were not shown yet. Ends only with the connection, by UnreachableError."""
    for event in console.client.events():
        match event:
            case Calls():
                batch = following.coming(event.rows)
            case Missed():
                batch = following.missed(_since(console, chosen, event.first), event.first)
            case _:
                continue
        if batch:
            yield batch


def _since(console: Console, chosen: CallFilter, first: int) -> list[CallRow]:
    """What the log holds from this number on, oldest first. What is too much to hold is told and left out."""
    found: list[CallRow] = []
    while page := console.ask(ListCalls(filter=chosen, before=found[0].id if found else 0, limit=PAGE)):
        found[:0] = page
        if page[0].id <= first:
            break
        if len(found) >= LARGEST_LIMIT:
            console.note(f"Calls before number {page[0].id} came too fast to be shown; `ostiary log` has them.")
            break
    return found


def call_table(calls: Iterable[CallRow]) -> list[Line]:
    """Pure but for the local time zone. A line for each call."""
    return table(map(_row, calls), widths=WIDTHS)


def _row(call: CallRow) -> Row:
    mark, word = OUTCOMES[call.outcome]
    return (
        Span(str(call.id), Tone.DIM),
        Span(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(call.started_at)), Tone.DIM),
        mark,
        word,
        call.host,
        call.server,
        call.tool or call.method,
        "" if call.outcome is Outcome.RUNNING else f"{call.duration_ms:.0f} ms",
        call.item,
    )


def _nothing(follow: bool) -> list[Line]:
    return [] if follow else [line(Span("No calls.", Tone.DIM))]
