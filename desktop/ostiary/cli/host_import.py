"""`ostiary hosts import`: brings in servers of hosts' files, of a project or a bundle, secrets moved to the keyring."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Iterable
from typing import TypeVar

from ostiary.cli.arguments import Commands, Parser, add_command, full_path
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.import_progress import telling
from ostiary.cli.tables import indented
from ostiary.cli.text import Line, Span, Tone, diff_lines, line
from ostiary.control.client import ANSWER_TIMEOUT_S
from ostiary.control.messages import ApplyImport, Command, PlanImport, UndoImport
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.host_import import Candidate, Imported, ImportPlan, ImportRequest, Wanted

R = TypeVar("R")

HELP = """\
What would be done is shown first: each server's exact command, the values that would go to the keyring (by name), and
with --replace the change to each host's file. On a terminal you are asked; elsewhere it is done only with --yes. The
servers stay off until you enable them. `ostiary hosts undo-import` takes all of it back, files byte for byte.

A bundle (.mcpb) may ask for values: answer with --answer, and a sensitive one with --answer-secret, which asks on the
terminal or reads stdin. Several values of one answer stand on a line each."""

ANSWER = "what a bundle asks for"
FILE_TIMEOUT_S = 600.0
"""A bundle may unpack to a gigabyte, on a slow disk."""


def add_to(commands: Commands[Parser]) -> None:
    """Add both commands to the group `hosts`."""
    examples = (
        "ostiary hosts import --dry-run",
        "ostiary hosts import --from cursor --replace",
        "ostiary hosts import --file weather.mcpb --answer city=Graz --answer-secret api_key",
    )
    parser = add_command(
        commands,
        "import",
        _import,
        "Bring in servers from hosts' files, a project's file or a bundle.",
        more=HELP,
        examples=examples,
    )
    parser.add_argument("--from", dest="hosts", action="append", default=[], metavar="HOST", help="only of this host")
    parser.add_argument(
        "--file", metavar="FILE", help="of this file instead: a .mcp.json, a .mcpb, or a project's folder"
    )
    parser.add_argument("--answer", dest="answers", action="append", default=[], metavar="KEY=VALUE", help=ANSWER)
    parser.add_argument("--answer-secret", dest="hidden", default="", metavar="KEY", help="one that is not shown")
    parser.add_argument("--only", dest="names", action="append", default=[], metavar="NAME", help="only this server")
    parser.add_argument("--replace", action="store_true", help="have the hosts reach them through Ostiary alone")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, do nothing")
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    add_command(commands, "undo-import", _undo, "Take back all that the last import did.")


def _import(console: Console, options: Namespace) -> int:
    request = ImportRequest(
        hosts=tuple(options.hosts),
        file=str(full_path(options.file)) if options.file else "",
        answers=_answers(console, options),
        names=tuple(options.names),
        replace=options.replace,
    )
    plan = _ask(console, PlanImport(request=request), request)
    chosen = [candidate for candidate in plan.candidates if candidate.chosen]
    if options.dry_run or not chosen:
        console.give(plan, plan_lines(plan))
        return Exit.OK
    if console.as_json:
        console.note_lines(plan_lines(plan))
    else:
        console.show(plan_lines(plan))
    if not (options.yes or console.is_interactive):
        raise RefusedError("Nothing was done", "Add --yes to do this, or run it on a terminal.")
    if not (options.yes or console.confirm(f"Bring in {', '.join(candidate.name for candidate in chosen)}?")):
        raise RefusedError("Nothing was done", "You did not say yes.")
    done = _ask(console, ApplyImport(request=request, token=plan.token), request)
    console.give(done, done_lines(done))
    return Exit.OK


def _ask(console: Console, command: Command[R], request: ImportRequest) -> R:
    """What comes from a file may take its time, and says how far it is."""
    if not request.file:
        return console.ask(command, ANSWER_TIMEOUT_S)
    with telling(console.home, console.note):
        return console.ask(command, FILE_TIMEOUT_S)


def _undo(console: Console, _: Namespace) -> int:
    done = console.ask(UndoImport())
    console.give(done, undone_lines(done))
    return Exit.OK


def _answers(console: Console, options: Namespace) -> dict[str, str]:
    answers = {}
    for given in options.answers:
        key, equals, value = given.partition("=")
        if not equals:
            raise UsageError(f"“{given}” is no answer", "Write it as KEY=VALUE.")
        answers[key] = value
    if options.hidden:
        answers[options.hidden] = console.secret_value(options.hidden)
    return answers


def undone_lines(done: Imported) -> list[Line]:
    """Pure. What an undo took back, and what stays."""
    files = (change.path for change in done.changes)
    back = ", ".join([*done.servers, *done.secrets, *files])
    return [line(f"Taken back: {back}." if back else "Nothing was left to take back."), *map(line, done.kept)]


def plan_lines(plan: ImportPlan) -> list[Line]:
    """Pure. What an import would do, complete."""
    lines = [shown for candidate in plan.candidates for shown in _candidate_lines(candidate)]
    for change in plan.changes:
        lines += diff_lines(change.diff)
    lines += [line(Span(f"Not read: {reason}", Tone.DIM)) for reason in plan.unread]
    return lines or [line("No server was found.")]


def done_lines(done: Imported) -> list[Line]:
    """Pure. What was done, and what the person does next."""
    names = ", ".join(done.servers)
    kept = [line(f"In the keyring now: {', '.join(done.secrets)}.")] if done.secrets else []
    then = f"They are off. Switch one on with: ostiary servers enable {done.servers[0]}" if done.servers else ""
    return [line(f"Brought in: {names}."), *kept, *([line(then)] if then else [])]


def _candidate_lines(candidate: Candidate) -> list[Line]:
    places = ", ".join(candidate.found_in)
    said: Iterable[str] = (
        shlex.join(candidate.command),
        *(f"{name}={value}" for name, value in candidate.environment.items()),
        *(f"to the keyring as {secret}: {place}" for secret, place in candidate.secrets.items()),
        *(_wanted(wanted) for wanted in candidate.wanted),
        candidate.note,
        *([f"Not brought in: {candidate.problem}"] if candidate.problem else []),
    )
    below = indented([line(Span(sentence, Tone.DIM)) for sentence in said if sentence])
    return [line(f"{candidate.name} ({places})"), *below]


def _wanted(wanted: Wanted) -> str:
    facts = [
        wanted.kind.value,
        *(["required"] if wanted.required else []),
        *(["sensitive"] if wanted.sensitive else []),
    ]
    default = f", otherwise {wanted.default!r}" if wanted.default else ""
    return f"asks for {wanted.key}: {wanted.title} ({', '.join(facts)}{default})"
