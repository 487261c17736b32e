"""`ostiary hosts show|hide|tool|search|pin`: what one host sees, and what it comes to in tools and tokens."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import indented, table
from ostiary.cli.text import Line, Span, Tone, line
from ostiary.cli.words import GOOD, OFF, count
from ostiary.control.messages import (
    ListHosts,
    ListServers,
    PinToolForHost,
    SearchToolsForHost,
    SetToolForHost,
    ShowServerToHost,
)
from ostiary.domain.errors import UsageError
from ostiary.domain.host import HostOffer, HostView
from ostiary.domain.host_choice import HostChoice, stricter
from ostiary.domain.server import ServerView, ToolState

SHOW_HELP = """\
A host can be shown less than others, never more: what is switched off for all stays off. With only HOST given, what
that host sees is listed."""

_STATES = {ToolState.ENABLED: "shown", ToolState.ASKS: "shown, always asks", ToolState.DISABLED: "hidden"}


def add_to(commands: Commands[Parser]) -> None:
    """Add the commands to the group."""
    show = add_command(
        commands,
        "show",
        _show,
        "Show what a host sees, or show it a server or tool again.",
        more=SHOW_HELP,
        examples=("ostiary hosts show cursor", "ostiary hosts show cursor files/write_file"),
    )
    _add_host(show)
    show.add_argument("what", metavar="SERVER[/TOOL]", nargs="?", default="", help="a server, or one of its tools")
    hide = add_command(
        commands, "hide", _hide, "Hide a server or a tool from one host.", examples=("ostiary hosts hide cursor code",)
    )
    _add_host(hide)
    hide.add_argument("what", metavar="SERVER[/TOOL]", help="a server, or one of its tools")
    ask = add_command(commands, "ask", _ask, "Let a tool ask whenever one host calls it.")
    _add_host(ask)
    ask.add_argument("what", metavar="SERVER/TOOL", help="a tool, as its server calls it")
    search = add_command(commands, "search", _search, "Put three tools that find all others in place of them.")
    _add_host(search)
    search.add_argument("state", choices=("on", "off"))
    for name, summary in (("pin", "Keep a tool in the list while tool search is on."), ("unpin", "No longer.")):
        pin = add_command(commands, name, _pin, summary)
        _add_host(pin)
        pin.add_argument("what", metavar="SERVER/TOOL", help="a tool, as its server calls it")
        pin.set_defaults(pinned=name == "pin")


def _add_host(parser: Parser) -> None:
    parser.add_argument("host", metavar="HOST", help="its name, as `ostiary hosts` shows it")


def _show(console: Console, options: Namespace) -> int:
    if options.what:
        return _set(console, options, ToolState.ENABLED)
    views = [view for view in console.ask(ListHosts()) if view.name == options.host]
    if not views:
        raise UsageError(f"No host is named {options.host}", "`ostiary hosts` shows those that Ostiary knows.")
    servers = console.ask(ListServers())
    console.give(views[0], seen_lines(views[0], servers))
    return Exit.OK


def _hide(console: Console, options: Namespace) -> int:
    return _set(console, options, ToolState.DISABLED)


def _ask(console: Console, options: Namespace) -> int:
    _tool_of(options.what)
    return _set(console, options, ToolState.ASKS)


def _set(console: Console, options: Namespace, state: ToolState) -> int:
    server, slash, tool = options.what.partition("/")
    if slash:
        return _give(console, console.ask(SetToolForHost(host=options.host, server=server, own_name=tool, state=state)))
    shown = state is not ToolState.DISABLED
    return _give(console, console.ask(ShowServerToHost(host=options.host, server=server, shown=shown)))


def _search(console: Console, options: Namespace) -> int:
    return _give(console, console.ask(SearchToolsForHost(host=options.host, on=options.state == "on")))


def _pin(console: Console, options: Namespace) -> int:
    server, tool = _tool_of(options.what)
    asked = PinToolForHost(host=options.host, server=server, own_name=tool, pinned=options.pinned)
    return _give(console, console.ask(asked))


def _tool_of(what: str) -> tuple[str, str]:
    server, slash, tool = what.partition("/")
    if not slash:
        raise UsageError(f"“{what}” names no tool", "Give it as SERVER/TOOL.")
    return server, tool


def _give(console: Console, view: HostView) -> int:
    console.give(view, [line(f"{view.title} sees {offer_words(view.offer)}."), *_beyond(view)])
    return Exit.OK


def seen_lines(view: HostView, servers: Iterable[ServerView]) -> list[Line]:
    """Pure. What a host sees: its sum, and each server that is on with its tools."""
    lines = [line(f"{view.title} sees {offer_words(view.offer)}."), *_beyond(view)]
    for server in servers:
        if server.enabled:
            hidden = server.name in view.choice.hidden_servers
            lines.append(line(OFF if hidden else GOOD, f" {server.name}{' (hidden)' if hidden else ''}"))
            lines += [] if hidden else indented(_tools(server, view.choice))
    return lines


def _tools(server: ServerView, choice: HostChoice) -> list[Line]:
    rows = []
    for tool in server.tools:
        state = stricter(tool.state, choice.tool_state(server.name, tool.own_name))
        pinned = tool.own_name in choice.pinned.get(server.name, ())
        rows.append((tool.own_name, _STATES[state], "pinned" if pinned and choice.tool_search else ""))
    return table(rows)


def offer_words(offer: HostOffer) -> str:
    """Pure. What a host is shown, and of how much."""
    shown = f"{count(offer.tools, 'tool')} ≈ {offer.tokens:,} tokens"
    if offer.found_tools:
        return f"{shown}, and finds {offer.found_tools} more by search (≈ {offer.found_tokens:,} tokens)"
    if (offer.tools, offer.tokens) == (offer.all_tools, offer.all_tokens):
        return shown
    return f"{shown} of {offer.all_tools} ≈ {offer.all_tokens:,} tokens"


def _beyond(view: HostView) -> list[Line]:
    offer = view.offer
    hint = f"Hide some with `ostiary hosts hide {view.name} …`, or: `ostiary hosts search {view.name} on`."
    if offer.is_over_limit:
        return [line(Span(f"It takes {offer.most_tools}. {hint}", Tone.BAD))]
    return [line(Span(f"That is much for a model. {hint}", Tone.DIM))] if offer.suggests_search else []
