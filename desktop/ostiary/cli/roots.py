"""`ostiary roots`: the folders that bundled servers may read, or read and write."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ostiary.cli.arguments import Commands, Parser, add_command, add_group, full_path
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import indented, table
from ostiary.cli.text import Line, Span, Tone, line
from ostiary.cli.words import GOOD, PROBLEM
from ostiary.control.messages import AddRoot, ListRoots, RemoveRoot
from ostiary.domain.root import RootMode, RootView

MODES = {RootMode.READ_ONLY: "read-only", RootMode.READ_WRITE: "read and write"}


def add_to(commands: Commands[Parser]) -> None:
    """Add the group to the parser."""
    inner = add_group(
        commands,
        "roots",
        _list,
        "Show the approved folders, or add and remove one.",
        listing="Show the approved folders.",
        more="Bundled servers reach nothing outside of these folders, not through links either.",
        examples=("ostiary roots", "ostiary roots add ~/Documents --read-only", "ostiary roots remove ~/Documents"),
    )
    adding = add_command(
        inner,
        "add",
        _add,
        "Approve a folder, or change what may be done in one; you confirm it in Ostiary's window.",
        examples=("ostiary roots add ~/Projects", "ostiary roots add ~/Documents --read-only"),
    )
    adding.add_argument("path", metavar="PATH", help="a folder")
    adding.add_argument("--read-only", action="store_true", help="servers may read in it and nothing else")
    removing = add_command(
        inner,
        "remove",
        _remove,
        "Take a folder's approval back; the folder itself is left alone.",
        examples=("ostiary roots remove ~/Projects",),
    )
    removing.add_argument("path", metavar="PATH", help="an approved folder; it need not exist any more")


def _list(console: Console, _: Namespace) -> int:
    views = console.ask(ListRoots())
    console.give(views, root_table(views))
    return Exit.OK


def _add(console: Console, options: Namespace) -> int:
    mode = RootMode.READ_ONLY if options.read_only else RootMode.READ_WRITE
    view = console.ask(AddRoot(path=str(full_path(options.path)), mode=mode))
    console.give(view, root_table([view]))
    return Exit.OK


def _remove(console: Console, options: Namespace) -> int:
    path = str(full_path(options.path))
    done = console.ask(RemoveRoot(path=path))
    console.give(done, [line(f"{path} is no longer approved.")])
    return Exit.OK


def root_table(roots: Iterable[RootView]) -> list[Line]:
    """Pure. A line for each folder, its problem and its subscribers beneath."""
    views = list(roots)
    if not views:
        return [line("No folder is approved. Add one with: ostiary roots add PATH")]
    aligned = table((PROBLEM if view.problem else GOOD, MODES[view.mode], view.path) for view in views)
    return [shown for view, row in zip(views, aligned, strict=True) for shown in (row, *_below(view))]


def _below(view: RootView) -> list[Line]:
    told = [line(view.problem)] if view.problem else []
    if view.late:
        told.append(line(Span(view.late, Tone.DIM)))
    if view.subscribers:
        told.append(line(Span(f"watched for {', '.join(view.subscribers)}", Tone.DIM)))
    return indented(indented(told))
