"""The sentences about hosts: how each stands in its file, the change of that, and what it sees."""

from __future__ import annotations

from typing import Final

from ostiary.domain.host import HostOffer, HostState, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.domain.server import ToolState
from ostiary.ui.figures import duration, number
from ostiary.ui.language import said, tr, tr_n

HOST_STATES: Final = {
    HostState.NOT_FOUND: tr("Not on this machine"),
    HostState.AVAILABLE: tr("Not connected"),
    HostState.CONNECTED: tr("Connected"),
    HostState.CHANGED: tr("Changed"),
    HostState.UNREADABLE: tr("Problem"),
}
HOST_CHANGED: Final = tr("Its entry for Ostiary is not as Ostiary wrote it. Connect again to put it right.")
CONNECT: Final = tr("Connect…")
RECONNECT: Final = tr("Connect again…")
DISCONNECT: Final = tr("Disconnect…")
WRITE_CHANGE: Final = tr("Write this change")
NOTHING_TO_CHANGE: Final = tr("Nothing has to be changed in its file.")
REPAIR: Final = tr("Repair…")
LEAVE_IT: Final = tr("Leave it so")
NOT_HERE: Final = tr("Not on this machine")
COPY_SNIPPET: Final = tr("Copy the entry")
DIFF: Final = tr("The change to its file")
SNIPPET: Final = tr("Or paste this into the file yourself:")
NO_HOSTS: Final = tr("No host found")
NO_HOSTS_HERE: Final = tr("No host was found on this machine yet. Install one; it then shows on the page Hosts.")
NO_HOSTS_TEACH: Final = tr("A host is the program you talk to your assistant in, such as Claude Desktop or Cursor.")

SEES: Final = tr("What it sees…")
UNDO: Final = tr("Undo…")
UNDO_MEANS: Final = tr("Takes Ostiary's last change to this file back, byte for byte. You see it first.")
IN_A_PROJECT: Final = tr("In a project…")
IN_A_PROJECT_MEANS: Final = tr("Connects this host in one project's folder alone. You see the change first.")
OF_A_PROJECT: Final = tr("In this project alone. What it sees is chosen for the host, and holds in all its projects.")
CHOOSE_TOOLS: Final = tr("Choose tools…")
SEARCH_ON: Final = tr("Switch tool search on")
SEARCH: Final = tr("Tool search")
SEARCH_MEANS: Final = tr(
    "Three tools stand in place of all others: they find, describe and call them. Rules and questions stay those of "
    "the tool that is called."
)
ENTRIES: Final = tr("Its file holds")
ENTRY_MODES: Final = {EntryMode.ONE: tr("One entry"), EntryMode.EACH: tr("One for each server")}
ENTRY_MODES_MEAN: Final = {
    EntryMode.ONE: tr("It carries every server, and what you switch on is there at once."),
    EntryMode.EACH: tr("Each server can be switched in the host too. One that you switch on later has to be written."),
}
ENTRIES_MEAN: Final = tr("You see the change to its file before it is written.")
TOOLS: Final = tr("Servers and tools")
TOOLS_MEAN: Final = tr("Here a host can be shown less than others. What is off or asks for all hosts stays so.")
NO_SERVERS: Final = tr("No server is switched on yet.")
HIDDEN_HERE: Final = tr("Hidden here")
STATES: Final = {
    ToolState.ENABLED: tr("Shown"),
    ToolState.ASKS: tr("Asks"),
    ToolState.DISABLED: tr("Hidden"),
}
STATES_MEAN: Final = {
    ToolState.ENABLED: tr("As for all hosts."),
    ToolState.ASKS: tr("Each call of this host is put to you."),
    ToolState.DISABLED: tr("For this host it does not exist."),
}
PIN: Final = tr("Keep in the list")
PINNED: Final = tr("✓ Stays in the list")


def restart(host: HostView) -> str:
    """What makes a change to its file count."""
    return said(host.restart_hint) or tr("Restart {title} to make the change count.").format(title=host.title)


def note(host: HostView) -> str:
    """What there is to add to a host's state; empty when that says it all."""
    if host.harm or host.restart_needed or host.state is HostState.UNREADABLE:
        return ""  # each stands there with a mark of its own
    if host.detail:
        return said(host.detail)
    match host.state:
        case HostState.CHANGED:
            return HOST_CHANGED
        case HostState.CONNECTED if host.sessions:
            told = tr_n("{n} session is open", "{n} sessions are open", host.sessions)
            return told.format(n=number(host.sessions))
        case HostState.CONNECTED:
            return restart(host)
        case _:
            return ""


def change_of(path: str, *, exists: bool) -> str:
    told = tr("This would change {path}") if exists else tr("This would create {path}")
    return told.format(path=path)


def state(host: HostView) -> str:
    """The word beside a host's mark, and whether its program runs."""
    word = HOST_STATES[host.state]
    return tr("{state} · running").format(state=word) if host.running else word


def wrong(host: HostView) -> str:
    """What is wrong with its file; empty while nothing is."""
    if not (host.harm or host.state is HostState.UNREADABLE):
        return ""
    return f"{said(host.harm)} {said(host.detail)}".strip()


def title(host: HostView) -> str:
    """What the detail of a host is called."""
    return tr("What {host} sees").format(host=host.title)


def amount(tools: int, tokens: int) -> str:
    """Tools and about what they take of a model's attention."""
    thousands = tr("{n}k").format(n=number(tokens / 1000, 1)) if tokens >= 1000 else str(tokens)
    counted = tr_n("{n} tool", "{n} tools", tools).format(n=number(tools))
    return tr("{tools} ≈ {tokens} tokens").format(tools=counted, tokens=thousands)


def offer(offer: HostOffer) -> str:
    """What a host is shown now, and what it would be with nothing hidden."""
    now = amount(offer.tools, offer.tokens)
    if offer.found_tools:
        found = amount(offer.found_tools, offer.found_tokens)
        return tr("{now}; {found} are found by search").format(now=now, found=found)
    if (offer.tools, offer.tokens) == (offer.all_tools, offer.all_tokens):
        return now
    return tr("{now}, of {all}").format(now=now, all=amount(offer.all_tools, offer.all_tokens))


def too_much(offer: HostOffer) -> str:
    """What is wrong with how much a host is shown; empty when nothing is."""
    if offer.is_over_limit:
        told = tr("It is shown {n} tools; this host takes {most}.")
        return told.format(n=number(offer.tools), most=offer.most_tools)
    if offer.suggests_search:
        return tr("{amount} are much for a model: it chooses better among fewer.").format(
            amount=amount(offer.tools, offer.tokens)
        )
    return ""


def limits(host: HostView) -> str:
    """What the host takes and how long it waits, as far as that is known; empty when it is not."""
    said = []
    if host.limits.tools is not None:
        most = host.limits.tools
        said.append(tr_n("{host} takes {n} tool.", "{host} takes {n} tools.", most).format(host=host.title, n=most))
    if host.limits.call_timeout_s is not None:
        waits = tr("It waits {time} for an answer, so decide within that.")
        longer = tr("It waits {time} for an answer, and longer while it hears of progress.")
        sentence = longer if host.limits.progress_resets_timeout else waits
        said.append(sentence.format(time=duration(host.limits.call_timeout_s)))
    return " ".join(said)


def shown_of(shown: int, tools: int) -> str:
    """How many of a server's tools the host sees."""
    return tr_n("{shown} of {n} tool", "{shown} of {n} tools", tools).format(shown=shown, n=tools)


def show_to(server: str, host: str) -> str:
    """What a screen reader says of the switch of a server."""
    return tr("Show {server} to {host}").format(server=server, host=host)


def tools_of(server: str) -> str:
    """What a screen reader says of what opens a server's tools."""
    return tr("Tools of {server}").format(server=server)


def strict_for_all(state: ToolState) -> str:
    """Why a tool cannot be laxer here."""
    return tr("It is off for all hosts.") if state is ToolState.DISABLED else tr("It asks for all hosts.")
