"""What others did to a host's file since our last change, and whether the host has seen that change. Pure.

Both give a sentence, empty while all is well. Nothing is mended here: a file that a person or their host changed is
theirs, and what could be done about it is offered.
"""

from ostiary.domain.host import HostAction, HostState
from ostiary.gateway.hosts.entries import Found
from ostiary.gateway.hosts.last_change import LastChange, digest
from ostiary.gateway.hosts.registry import ENTRY_NAME, HostSpec, RestartKind


def harm(last: LastChange | None, state: HostState, found: Found) -> str:
    """Tells what is gone or broken; ``found`` is what the file holds now."""
    if last is None or last.action is HostAction.DISCONNECT:
        return ""
    if state is HostState.UNREADABLE:
        return "It could be read when Ostiary last wrote it, and cannot be any more."
    lost = sorted(set(last.servers) - set(found.names))
    emptied = bool(last.servers) and not set(found.names) - set(found.ours)
    if emptied:
        gone = ", ".join(lost if found.ours else [*lost, ENTRY_NAME])
        return f"Another program emptied its list of servers. Gone is: {gone}."
    if state is HostState.AVAILABLE:
        return "Another program took Ostiary's entry out of it."
    if state is HostState.CHANGED and digest(found.ours) != last.entry:
        return "Another program changed Ostiary's entry in it."
    return ""


def restart_needed(spec: HostSpec, last: LastChange | None, since: float | None) -> str:
    """Tells what the person does so that the host sees our last change; ``since`` is when it started, if it runs."""
    if last is None or since is None or since >= last.at or spec.restart_kind is RestartKind.RELOAD:
        return ""
    return f"{spec.title} has been running since before the change. {spec.restart_hint}"
