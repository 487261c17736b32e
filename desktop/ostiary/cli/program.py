"""``ostiary COMMAND``: reads the arguments, runs one command, and turns whatever goes wrong into words and a code."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ostiary import __version__
from ostiary.cli import doctor, hosts, log, quit, roots, rules, secrets, servers, status
from ostiary.cli.arguments import Parser, add_subcommands, shared_options
from ostiary.cli.console import Console, OutputError
from ostiary.cli.exits import EXIT_HELP, Exit, exit_for
from ostiary.cli.text import reveal
from ostiary.domain.errors import OstiaryError

DESCRIPTION: Final = """\
Ostiary stands between MCP hosts (Claude Desktop, Cursor, …) and the MCP servers on your own machine.

Without a command it shows its tray icon and window. `ostiary --headless` runs without either; see
`ostiary --headless --help`. The commands speak to the Ostiary that is running.
"""

EPILOG: Final = f"""\
the first minute:
  ostiary                                   start it, or bring its window to the front
  ostiary roots add ~/Projects              approve a folder
  ostiary servers enable files              switch the bundled file server on
  ostiary hosts connect claude-desktop      write Ostiary into the host's configuration; you see the change first
  ostiary log --follow                      watch the calls

What gives more access than before (a server, a folder) is confirmed by you in Ostiary's window. Without a window it is
refused, unless Ostiary was started with --trust-cli.

{EXIT_HELP}"""


def main(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name. Gives the exit code; KeyboardInterrupt passes through."""
    _replace_closed_streams()
    try:
        return _run(arguments)
    except BrokenPipeError:
        return _let_go_of_stdout(Exit.PIPE_CLOSED)
    except OutputError as error:
        _complain(str(error))
        return _let_go_of_stdout(Exit.FAILED)
    except OstiaryError as error:
        _complain(str(error))
        return exit_for(error)
    except Exception:  # a border: a fault of ours is shown whole
        traceback.print_exc()
        return Exit.INTERNAL


def _run(arguments: Sequence[str]) -> int:
    own, program = split_program(arguments)
    options = _parser().parse_args(own, argparse.Namespace(home=None, json=False, program=program))
    with Console(options.home, as_json=options.json) as console:
        code: int = options.run(console, options)
        console.flush()
        return code


def split_program(arguments: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """Pure. Our own arguments, and what stands after ``--`` in `servers add`: another program's, ``--`` and all.

    argparse would read options among them, and drop a second ``--``.
    """
    own = list(arguments)
    if "--" not in own:
        return own, None
    place = own.index("--")
    if not {"servers", "add"} <= set(own[:place]):
        return own, None
    return own[:place], own[place + 1 :]


def _parser() -> Parser:
    parser = Parser(
        prog="ostiary",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared_options()],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"ostiary {__version__}", help="print the version")
    commands = add_subcommands(parser, required=True)
    for command in (status, servers, hosts, roots, rules, secrets, log, doctor, quit):
        command.add_to(commands)
    return parser


def _complain(text: str) -> None:
    print(f"ostiary: {reveal(text)}", file=sys.stderr)


def _replace_closed_streams() -> None:
    """Python has None for a stream that was closed before the start, and ``print`` would then choose another one.

    Nothing can be written to the new stdout: what is shown to nobody is no success.
    """
    for name, mode in (("stdin", "r"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - it lives as long as the process


def _let_go_of_stdout(code: Exit) -> Exit:
    """Keep the interpreter from flushing what nobody takes: it would complain, and change the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return code
