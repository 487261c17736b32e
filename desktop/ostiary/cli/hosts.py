"""`ostiary hosts`: the MCP hosts on this machine, and our entry in their configuration, shown before it is written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ostiary.cli import host_bundle, host_import, host_views
from ostiary.cli.all_hosts import disconnect_all
from ostiary.cli.arguments import Commands, Parser, add_command, add_group, full_path
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import indented, table
from ostiary.cli.text import Line, Span, Tone, diff_lines, line
from ostiary.cli.words import HOST_STATES, count
from ostiary.control.messages import ApplyHostChange, ListHosts, PlanConnect, PlanDisconnect, PlanRepair, PlanUndo
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.host_choice import EntryMode

CHANGE_HELP = """\
The change is shown first, as a unified diff. On a terminal you are asked; elsewhere it is made only with --yes. Nothing
is written when the file changed in between. A copy of the file is kept.

With --json the result is the host after a change was made, and the change itself where nothing is written."""

_STANDS = {
    HostAction.CONNECT: "has Ostiary's entry already",
    HostAction.DISCONNECT: "has no entry of Ostiary's",
    HostAction.REPAIR: "is as the newest good copy of it",
    HostAction.UNDO: "is as it was before",
}


def add_to(commands: Commands[Parser]) -> None:
    """Add the group to the parser."""
    inner = add_group(
        commands,
        "hosts",
        _list,
        "Show the MCP hosts on this machine, or connect and disconnect one.",
        listing="Show the hosts that Ostiary knows and how they are connected.",
        examples=("ostiary hosts", "ostiary hosts connect cursor --dry-run"),
    )
    changes = (
        ("connect", _connect, "Write Ostiary into a host's configuration."),
        ("disconnect", _disconnect, "Take Ostiary's entry out of a host's configuration again."),
        ("repair", _repair, "Put back the newest good copy of a file that another program harmed."),
        ("undo", _undo, "Take Ostiary's last change to a host's file back, byte for byte."),
    )
    for name, run, summary in changes:
        examples = (f"ostiary hosts {name} claude-desktop", f"ostiary hosts {name} cursor --dry-run")
        parser = add_command(inner, name, run, summary, more=CHANGE_HELP, examples=examples)
        count_of = "?" if name == "disconnect" else None
        parser.add_argument(
            "host", metavar="HOST", nargs=count_of, default="", help="its name, as `ostiary hosts` shows it"
        )
        parser.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
        parser.add_argument("--yes", action="store_true", help="make the change without asking")
        if name == "disconnect":
            parser.add_argument("--all", action="store_true", help="every host, shown and asked about once")
        if name == "connect":
            parser.add_argument("--project", metavar="DIR", default="", help="in this project's folder alone")
            parser.add_argument(
                "--entries",
                choices=[mode.value for mode in EntryMode],
                help="one entry for all servers, or each server its own; as it is now where this is not given",
            )
    host_views.add_to(inner)
    host_import.add_to(inner)
    host_bundle.add_to(inner)


def _list(console: Console, _: Namespace) -> int:
    views = console.ask(ListHosts())
    console.give(views, host_table(views))
    return Exit.OK


def _connect(console: Console, options: Namespace) -> int:
    entries = None if options.entries is None else EntryMode(options.entries)
    project = str(full_path(options.project)) if options.project else ""
    change = console.ask(PlanConnect(host=options.host, entries=entries, project=project))
    return _carry_out(console, change, dry_run=options.dry_run, agreed=options.yes)


def _disconnect(console: Console, options: Namespace) -> int:
    if options.all == bool(options.host):
        raise UsageError("Name one host, or say --all", "See `ostiary hosts` for those that are connected.")
    if options.all:
        return disconnect_all(console, dry_run=options.dry_run, agreed=options.yes)
    change = console.ask(PlanDisconnect(host=options.host))
    return _carry_out(console, change, dry_run=options.dry_run, agreed=options.yes)


def _repair(console: Console, options: Namespace) -> int:
    change = console.ask(PlanRepair(host=options.host))
    return _carry_out(console, change, dry_run=options.dry_run, agreed=options.yes)


def _undo(console: Console, options: Namespace) -> int:
    change = console.ask(PlanUndo(host=options.host))
    return _carry_out(console, change, dry_run=options.dry_run, agreed=options.yes)


def _carry_out(console: Console, change: HostChange, *, dry_run: bool, agreed: bool) -> int:
    if dry_run or not change.diff:
        console.give(change, change_lines(change))
        if not dry_run:
            console.ask(ApplyHostChange(change=change))  # an entry that another program took out is missed no longer
        return Exit.OK
    if console.as_json:
        console.note_lines(change_lines(change))
    else:
        console.show(change_lines(change))
    if not (agreed or console.is_interactive):
        raise RefusedError("Nothing was written", "Add --yes to make this change, or run it on a terminal.")
    if not (agreed or console.confirm(f"Write this to {change.path}?")):
        raise RefusedError("Nothing was written", "You did not say yes.")
    view = console.ask(ApplyHostChange(change=change))
    console.give(view, written_lines(view))
    return Exit.OK


def host_table(hosts: Iterable[HostView]) -> list[Line]:
    """Pure. A line for each host, what is to be said about it beneath; those that are not here come last."""
    views = sorted(hosts, key=lambda view: view.state is HostState.NOT_FOUND)
    aligned = table([*HOST_STATES[view.state], view.name, _sessions(view), view.config_path or ""] for view in views)
    return [shown for view, row in zip(views, aligned, strict=True) for shown in (row, *_below(view))]


def change_lines(change: HostChange) -> list[Line]:
    """Pure. What a change does to the host's file, complete."""
    if change.diff:
        return [*diff_lines(change.diff), *([line(change.note)] if change.note else [])]
    return [line(f"Nothing to change: {change.path} {_STANDS[change.action]}.")]


def written_lines(view: HostView) -> list[Line]:
    """Pure. How the host stands after the change, and what the person does so that it sees our entry."""
    mark, word = HOST_STATES[view.state]
    then = view.restart_needed or (view.restart_hint if view.state is HostState.CONNECTED else "")
    return [line(mark, f" {view.title}: {word}."), *([line(then)] if then else [])]


def _sessions(view: HostView) -> str:
    if view.sessions:
        return count(view.sessions, "session")
    return "running" if view.running else ""


def _below(view: HostView) -> list[Line]:
    said = [sentence for sentence in (view.harm, view.detail, view.restart_needed) if sentence]
    return indented(indented([line(Span(sentence, Tone.DIM)) for sentence in said]))
