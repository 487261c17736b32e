"""`ostiary servers`: the MCP servers behind Ostiary, to switch on and off, add, remove, and look into."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterable
from itertools import chain

from ostiary.cli import server_settings
from ostiary.cli.arguments import Commands, Parser, add_command, add_group
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import Row, indented, table
from ostiary.cli.text import Line, Span, Tone, line, rows
from ostiary.cli.words import SERVER_STATES, command_line, count, duration, size
from ostiary.control.messages import (
    AddServer,
    DisableServer,
    EnableServer,
    ListServers,
    RemoveServer,
    RestartServer,
    RestoreServer,
    ServerOutput,
    Subscribe,
)
from ostiary.domain.errors import UsageError, in_sentences
from ostiary.domain.events import Servers
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerOrigin, ServerState, ServerView

ON_THE_WAY = frozenset({ServerState.STARTING, ServerState.STOPPING})
START_TIMEOUT_S = 30.0
"""How long a server that is switched on is watched. Some load their program from the network first."""

ADD_HELP = """\
The program runs with your own rights when the server is switched on, so the exact command is shown, and you confirm it
in Ostiary's window. The new server stays off until `ostiary servers enable NAME`.

A value of --env may refer to a secret as ${secret:NAME}; set it with `ostiary secrets set NAME`. Put such values in
single quotes, or the shell fills them in itself."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the group to the parser."""
    inner = add_group(
        commands,
        "servers",
        _list,
        "Show the MCP servers, or switch, add and remove one.",
        listing="Show the configured servers and how they are.",
        examples=("ostiary servers", "ostiary servers enable files", "ostiary servers add --help"),
    )
    named = (
        ("enable", _enable, "Switch a server on, for every host at once; you confirm it in Ostiary's window."),
        ("disable", _disable, "Switch a server off; its tools vanish from every host."),
        ("restart", _restart, "Stop and start a server that is switched on."),
        ("remove", _remove, "Stop a server that was added, and take it away."),
        ("restore", _restore, "Bring back a server that was removed since Ostiary started; you confirm it."),
        ("output", _output, "Show what a server wrote to its stderr lately, at most 64 KB."),
    )
    for name, run, summary in named:
        parser = add_command(inner, name, run, summary, examples=(f"ostiary servers {name} files",))
        parser.add_argument("name", metavar="NAME", help="its name, as `ostiary servers` shows it")
    _add_arguments_of_add(inner)
    server_settings.add_to(inner)


def _add_arguments_of_add(inner: Commands[Parser]) -> None:
    parser = add_command(
        inner,
        "add",
        _add,
        "Configure a server: a program that speaks MCP over its stdin and stdout.",
        more=ADD_HELP,
        examples=(
            "ostiary servers add notes -- /opt/notes/notes-mcp --vault ~/Notes",
            "ostiary servers add github --env 'TOKEN=${secret:GITHUB_TOKEN}' -- npx -y @example/server-github",
        ),
    )
    parser.usage = "ostiary servers add NAME [OPTION]... -- PROGRAM [ARGUMENT...]"
    parser.add_argument("name", metavar="NAME", help="what to call it: small letters, digits and -, at most 32")
    parser.add_argument("--title", metavar="TEXT", default="", help="what people read instead of the name")
    parser.add_argument("--env", metavar="KEY=VALUE", action="append", default=[], help="a variable it is given")
    server_settings.add_choices(parser)


def _list(console: Console, _: Namespace) -> int:
    views = console.ask(ListServers())
    console.give(views, server_table(views, time.time()))
    return Exit.OK


def _enable(console: Console, options: Namespace) -> int:
    return _give_started(console, console.ask(EnableServer(name=options.name)))


def _restart(console: Console, options: Namespace) -> int:
    return _give_started(console, console.ask(RestartServer(name=options.name)))


def _disable(console: Console, options: Namespace) -> int:
    view = console.ask(DisableServer(name=options.name))
    console.give(view, [_sentence(view)])
    return Exit.OK


def _remove(console: Console, options: Namespace) -> int:
    name: str = options.name
    done = console.ask(RemoveServer(name=name))
    console.give(
        done,
        [line(f"{name} was removed."), line(f"Until Ostiary quits it can come back: ostiary servers restore {name}")],
    )
    return Exit.OK


def _restore(console: Console, options: Namespace) -> int:
    view = console.ask(RestoreServer(name=options.name))
    console.give(view, [line(f"{view.name} is back as it was."), _sentence(view)])
    return Exit.OK


def _output(console: Console, options: Namespace) -> int:
    text = console.ask(ServerOutput(name=options.name))
    console.give(text, map(line, rows(text) or [f"{options.name} has written nothing."]))
    return Exit.OK


def _add(console: Console, options: Namespace) -> int:
    if not options.program:
        raise UsageError("The program is missing", "Put it after --: `ostiary servers add NAME -- PROGRAM ARGUMENT…`.")
    wish = AddServer(
        name=options.name,
        command=tuple(options.program),
        title=options.title,
        environment=dict(map(variable, options.env)),
        isolation=options.isolation or Isolation.SHARED,
        flow=Flow(start=options.start or StartChoice.ALWAYS),
    )
    console.note(f"{wish.name} is to run this program, with your rights, when it is switched on:")
    console.note_lines(indented([line(command_line(wish.command))]))
    view = console.ask(wish)
    console.give(view, [_sentence(view), line(f"Switch it on with: ostiary servers enable {view.name}")])
    return Exit.OK


def variable(text: str) -> tuple[str, str]:
    """Pure. Name and value of KEY=VALUE. UsageError for anything else; it never repeats the value."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError("A variable is KEY=VALUE", f"Without a = there is no value in {name!r}." if name else "")
    return name, value


def server_table(servers: Iterable[ServerView], now: float) -> list[Line]:
    """Pure. A line for each server, its problem beneath. ``now`` is Unix seconds."""
    views = list(servers)
    if not views:
        return [line(Span("none", Tone.DIM))]
    aligned = table(_row(view, now) for view in views)
    return [shown for view, row in zip(views, aligned, strict=True) for shown in (row, *_below(view))]


def _row(view: ServerView, now: float) -> Row:
    mark, word = SERVER_STATES[view.state]
    runs = view.state is ServerState.RUNNING
    return (
        mark,
        word,
        view.name,
        "bundled" if view.origin is ServerOrigin.BUNDLED else "added by you",
        count(len(view.tools), "tool") if view.tools else "",
        size(view.memory_bytes) if runs and view.memory_bytes else "",
        f"for {duration(now - view.started_at)}" if runs and view.started_at else "",
    )


def _below(view: ServerView) -> list[Line]:
    told = [words for words in (view.progress, in_sentences(view.error, view.advice), view.trouble) if words]
    if view.stale:
        told.append(f"A setting or secret changed since it was started: ostiary servers restart {view.name}")
    return indented(indented(map(line, told)))


def _sentence(view: ServerView) -> Line:
    mark, word = SERVER_STATES[view.state]
    why = in_sentences(view.error, view.advice)
    return line(mark, f" {view.name}: {word}. {why}" if why else f" {view.name} is {word}.")


def _give_started(console: Console, view: ServerView) -> int:
    reached = _settled(console, view)
    console.give(reached, [_sentence(reached)])
    return Exit.OK if reached.state in (ServerState.RUNNING, ServerState.IDLE) else Exit.FAILED


def _settled(console: Console, view: ServerView) -> ServerView:
    """The server once it is no longer on its way, or as it is after ``START_TIMEOUT_S``."""
    if view.state not in ON_THE_WAY:
        return view
    first = console.ask(Subscribe()).servers
    later = (event.servers for event in console.client.events(START_TIMEOUT_S) if isinstance(event, Servers))
    for servers in chain([first], later):
        view = next((server for server in servers if server.name == view.name), view)
        if view.state not in ON_THE_WAY:
            break
    return view
