"""`ostiary hosts disconnect --all`: our entries out of every host's file, as one plan, for who wants to uninstall.

Each host's change stays one of its own, so `ostiary hosts undo` takes it back host by host. A file that cannot be
changed keeps no other from it, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.text import Line, Span, Tone, diff_lines, line
from ostiary.control.messages import ApplyHostChange, ListHosts, PlanDisconnect
from ostiary.domain.errors import HostFileError, RefusedError, UsageError
from ostiary.domain.host import HostChange, HostState, HostView

_OURS = (HostState.CONNECTED, HostState.CHANGED)


def disconnect_all(console: Console, *, dry_run: bool, agreed: bool) -> int:
    """Show all changes, ask once, make them. Gives ``Exit.FAILED`` when a file still has our entry, or may have it."""
    views = console.ask(ListHosts())
    changes, left = _planned(console, views)
    if dry_run or not changes:
        console.give(changes, plan_lines(changes, left))
        return Exit.FAILED if left else Exit.OK
    if console.as_json:
        console.note_lines(plan_lines(changes, left))
    else:
        console.show(plan_lines(changes, left))
    if not (agreed or console.is_interactive):
        raise RefusedError("Nothing was written", "Add --yes to make these changes, or run it on a terminal.")
    if not (agreed or console.confirm(f"Write this to {len(changes)} files?")):
        raise RefusedError("Nothing was written", "You did not say yes.")
    done, refused = _made(console, changes)
    console.give(done, [line(f"{view.title}: {view.restart_needed or 'disconnected.'}") for view in done])
    console.note_lines(_left_lines(refused))
    return Exit.FAILED if left or refused else Exit.OK


def _planned(console: Console, views: Iterable[HostView]) -> tuple[tuple[HostChange, ...], tuple[str, ...]]:
    """Gives the changes, and why other files stay as they are."""
    changes, left = [], []
    for view in views:
        if view.state is HostState.UNREADABLE:
            left.append(f"{view.title} ({view.config_path}) cannot be read. {view.detail}")
        elif view.state in _OURS:
            try:
                changes.append(console.ask(PlanDisconnect(host=view.name)))
            except HostFileError as error:
                left.append(f"{view.title}: {error}")
    return tuple(changes), tuple(left)


def _made(console: Console, changes: Iterable[HostChange]) -> tuple[tuple[HostView, ...], tuple[str, ...]]:
    done, refused = [], []
    for change in changes:
        try:
            done.append(console.ask(ApplyHostChange(change=change)))
        except (HostFileError, UsageError) as error:
            refused.append(f"{change.path}: {error}")
    return tuple(done), tuple(refused)


def plan_lines(changes: Iterable[HostChange], left: Iterable[str]) -> list[Line]:
    """Pure. What would be done to all files, complete, and what would not."""
    shown = [each for change in changes for each in diff_lines(change.diff)]
    return [*(shown or [line("No host is connected.")]), *_left_lines(left)]


def _left_lines(left: Iterable[str]) -> list[Line]:
    return [line(Span(f"Left as it is: {reason}", Tone.DIM)) for reason in left]
