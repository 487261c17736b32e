"""`ostiary hosts bundle`: a file that makes Claude Desktop start Ostiary, without an edit of its configuration."""

from __future__ import annotations

from argparse import Namespace

from ostiary.cli.arguments import Commands, Parser, add_command, full_path
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.saving import save
from ostiary.cli.text import line
from ostiary.control.messages import MakeHostBundle

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
    path = full_path(options.out or made.file_name)
    save(path, made.content)
    console.give(str(path), [line(f"Written: {path}"), line("Open it with Claude Desktop to install it.")])
    return Exit.OK
