"""`ostiary hosts bundle`: a file that makes Claude Desktop start Ostiary, without an edit of its configuration."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.text import line
from ostiary.control.messages import MakeHostBundle
from ostiary.domain.errors import UsageError

HELP = """\
Claude Desktop writes its configuration file anew while it runs; what it installed from a bundle it keeps. Open the file
with Claude Desktop, or drag it into its settings under Extensions. Made on the same computer, the file is the same
each time. It holds where Ostiary's program is, and no secret."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the group `hosts`."""
    examples = ("ostiary hosts bundle", "ostiary hosts bundle --out ~/Desktop/ostiary.mcpb")
    parser = add_command(
        commands, "bundle", _bundle, "Make a bundle (.mcpb) for Claude Desktop.", more=HELP, examples=examples
    )
    parser.add_argument("--out", metavar="FILE", default="", help="where to (ostiary.mcpb in this folder)")


def _bundle(console: Console, options: Namespace) -> int:
    made = console.ask(MakeHostBundle(host="claude-desktop"))
    path = Path(options.out or made.file_name).absolute()
    save(path, made.content)
    console.give(str(path), [line(f"Written: {path}"), line("Open it with Claude Desktop to install it.")])
    return Exit.OK


def save(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, for the person alone. Raises ``UsageError``."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written", f"{error.strerror}.") from error
