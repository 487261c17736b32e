"""`ostiary secrets`: names of secrets in the system's keyring; values go in and never come out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ostiary.cli.arguments import Commands, Parser, add_command, add_group
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import table
from ostiary.cli.text import Line, line
from ostiary.cli.words import GOOD, PROBLEM
from ostiary.control.messages import ListSecrets, RemoveSecret, SetSecret
from ostiary.domain.secret import SecretView

SET_HELP = """\
The value is typed on the terminal, where it is not shown, or comes from stdin; a newline at its end does not belong to
it. It is never an argument: other programs can read those. It is kept in the system's keyring and nowhere else.
Servers refer to it as ${secret:NAME}."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the group to the parser."""
    inner = add_group(
        commands,
        "secrets",
        _list,
        "Show the names of the secrets that servers use, or set and remove one.",
        listing="Show the secrets' names and the servers that refer to them.",
        examples=("ostiary secrets", "ostiary secrets set GITHUB_TOKEN", "ostiary secrets remove GITHUB_TOKEN"),
    )
    setting = add_command(
        inner,
        "set",
        _set,
        "Keep a value in the keyring.",
        more=SET_HELP,
        examples=("ostiary secrets set GITHUB_TOKEN", "pass show github | ostiary secrets set GITHUB_TOKEN"),
    )
    removing = add_command(inner, "remove", _remove, "Delete a value from the keyring.")
    for parser in (setting, removing):
        parser.add_argument("name", metavar="NAME", help="the secret's name")


def _list(console: Console, _: Namespace) -> int:
    views = console.ask(ListSecrets())
    console.give(views, secret_table(views))
    return Exit.OK


def _set(console: Console, options: Namespace) -> int:
    _ = console.client  # before anybody types a value for nothing
    view = console.ask(SetSecret(name=options.name, value=console.secret_value(options.name)))
    console.give(view, set_lines(view))
    return Exit.OK


def _remove(console: Console, options: Namespace) -> int:
    name: str = options.name
    done = console.ask(RemoveSecret(name=name))
    console.give(done, [line(f"{name} was removed from the keyring.")])
    return Exit.OK


def secret_table(secrets: Iterable[SecretView]) -> list[Line]:
    """Pure. A line for each secret."""
    views = list(secrets)
    if not views:
        return [line("No secret is set, and no server refers to one.")]
    return table(
        (
            GOOD if view.is_set else PROBLEM,
            view.name,
            "set" if view.is_set else "not set",
            f"used by {', '.join(view.used_by)}" if view.used_by else "used by no server",
        )
        for view in views
    )


def set_lines(view: SecretView) -> list[Line]:
    """Pure. That it is kept, and the servers that have to be restarted to be given it."""
    lines = [line(f"{view.name} is in the keyring.")]
    if view.used_by:
        lines.append(line("Restart the servers that use it:"))
        lines += [line(f"  ostiary servers restart {name}") for name in view.used_by]
    return lines
