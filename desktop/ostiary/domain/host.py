"""What is known about a host's configuration, and a change to it that waits for a yes.

These travel over the control protocol. How a host's file is found, read and edited is ``gateway.hosts``.
"""

import enum

import msgspec


class HostState(enum.StrEnum):
    """How a host stands towards us, as read from its configuration file."""

    NOT_FOUND = "not-found"  # neither its folder nor its program is on this machine
    AVAILABLE = "available"  # it is here and has no entry of ours
    CONNECTED = "connected"  # its entry is exactly what we would write today
    CHANGED = "changed"  # it has an entry under our name that differs from ours
    UNREADABLE = "unreadable"  # its file cannot be read or does not parse; ``HostView.detail`` says where


class HostAction(enum.StrEnum):
    """What a change does to a host's file."""

    CONNECT = "connect"
    DISCONNECT = "disconnect"
    REPAIR = "repair"  # the newest copy from before another program harmed the file, with our entry


class HostView(msgspec.Struct, frozen=True, kw_only=True):
    """One host, as a front shows it.

    ``detail`` is a sentence about the state, empty when there is nothing to add. ``harm`` tells what another program
    did to the file since our last change, ``restart_needed`` what the person does so that the host sees that change;
    both are empty while all is well. ``sessions`` counts the host's open sessions; it is filled in by whoever knows
    them.
    """

    name: str
    title: str
    state: HostState
    config_path: str | None = None
    running: bool = False
    detail: str = ""
    restart_hint: str = ""
    restart_needed: str = ""
    harm: str = ""
    sessions: int = 0


class HostChange(msgspec.Struct, frozen=True, kw_only=True):
    """A planned edit of a host's file: shown first, made only with its ``token``.

    ``diff`` is a unified diff, empty when nothing would change; its context may show neighbouring entries of the
    person's own file, so it is for the screen and never for a log. ``token`` binds the bytes that were read to the
    bytes that would be written: when either differs at the time of writing, nothing is written. ``snippet`` is what
    to paste by hand instead. ``dropped`` are entries that give way to ours, by their names.
    """

    host: str
    action: HostAction
    path: str
    before_exists: bool
    diff: str
    token: str
    snippet: str = ""
    dropped: tuple[str, ...] = ()
