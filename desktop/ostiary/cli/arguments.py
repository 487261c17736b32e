"""What all commands' arguments have in common: one parser class, the shared options, and how help looks.

Each command's own arguments stand with the command. Nothing here knows a command by name.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

from ostiary.cli.console import Console
from ostiary.domain.errors import UsageError

Run = Callable[[Console, argparse.Namespace], int]
"""What carries out a command, and gives the exit code. It reads the namespace first, and passes only values on."""

HOME_HELP: Final = "the folder that holds everything of Ostiary, when it is not the usual one (also: OSTIARY_HOME)"


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:], f"See `{self.prog} --help`.")


Commands = argparse._SubParsersAction  # the only name that argparse has for it


def shared_options() -> Parser:
    """``--home`` and ``--json``, to be accepted before and after every command's name."""
    shared = Parser(add_help=False)
    shared.add_argument("--home", metavar="PATH", default=argparse.SUPPRESS, help=HOME_HELP)
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of text")
    return shared


def add_command(
    commands: Commands[Parser], name: str, run: Run, summary: str, *, more: str = "", examples: Sequence[str] = ()
) -> Parser:
    """A command's parser with its help; ``summary`` is a sentence, ``more`` the paragraphs after it."""
    shown = "\n".join(f"  {example}" for example in examples)
    parser = commands.add_parser(
        name,
        help=summary[:1].lower() + summary[1:].removesuffix("."),
        description=f"{summary}\n\n{more}".strip(),
        epilog=f"examples:\n{shown}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared_options()],
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    return parser


def add_group(
    commands: Commands[Parser],
    name: str,
    show: Run,
    summary: str,
    *,
    listing: str,
    more: str = "",
    examples: Sequence[str] = (),
) -> Commands[Parser]:
    """Room for commands about things of one kind. Alone it shows them, as its ``list`` does (summary: ``listing``)."""
    inner = add_subcommands(add_command(commands, name, show, summary, more=more, examples=examples))
    add_command(inner, "list", show, listing)
    return inner


def add_subcommands(parser: Parser, *, required: bool = False) -> Commands[Parser]:
    """Room for commands. Where none is ``required``, the parser alone keeps its own ``run``."""
    return parser.add_subparsers(metavar="COMMAND", title="commands", required=required)


def full_path(path: str) -> Path:
    """The path that an argument means from the folder the command was given in. UsageError where that is gone."""
    try:
        return Path(path).absolute()
    except FileNotFoundError as error:
        raise UsageError("The folder you are in is gone", "Give the whole path.") from error
