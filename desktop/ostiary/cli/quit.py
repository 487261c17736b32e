"""`ostiary quit`: ends the gateway, its servers and its window."""

from __future__ import annotations

from argparse import Namespace

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.text import line
from ostiary.control.messages import Quit
from ostiary.domain.errors import ServerError

END_TIMEOUT_S = 5.0
"""The gateway has 3 s to end (architecture, *Processes, threads and ends*)."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the parser."""
    parser = add_command(
        commands,
        "quit",
        _quit,
        "End Ostiary: open questions are denied, servers stop, hosts are disconnected.",
        examples=("ostiary quit", "ostiary quit --keep-hosts"),
    )
    parser.add_argument(
        "--keep-hosts", action="store_true", help="for an update: hosts start Ostiary again and go on with it"
    )


def _quit(console: Console, chosen: Namespace) -> int:
    done = console.ask(Quit(keep_hosts=chosen.keep_hosts))
    if not console.client.wait_for_end(END_TIMEOUT_S):
        raise ServerError("Ostiary is still there", f"It did not end within {END_TIMEOUT_S:.0f} s; see its log.")
    console.give(done, [line("Ostiary has ended.")])
    return Exit.OK
