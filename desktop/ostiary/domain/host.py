"""What is known about a host's configuration, and a change to it that waits for a yes.

These travel over the control protocol. How a host's file is found, read and edited is ``gateway.hosts``.
"""

import enum

import msgspec

from ostiary.domain.host_choice import EntryMode, HostChoice


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
    UNDO = "undo"  # the bytes from before our last change, as long as the file is what that made of it


class HostLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a host takes at most; ``None`` means that no limit is known.

    ``call_timeout_s`` is how long it waits for an answer, ``progress_resets_timeout`` whether a progress notification
    begins that anew, ``startup_wait_s`` how long it waits for a server to be ready.
    """

    tools: int | None = None
    tool_name_characters: int | None = None
    call_timeout_s: float | None = None
    progress_resets_timeout: bool | None = None
    startup_wait_s: float | None = None


TOKENS_TO_SEARCH = 10_000
"""Beyond that, tool search is suggested (our policy)."""


class HostOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a host is shown of all tools; tokens are an estimate.

    ``tools`` are in its list; ``all_tools`` would be with nothing hidden; ``found_tools`` are behind tool search, where
    that is on. ``most_tools`` is what the host takes; ``None`` where no limit is known.
    """

    tools: int = 0
    tokens: int = 0
    all_tools: int = 0
    all_tokens: int = 0
    found_tools: int = 0
    found_tokens: int = 0
    most_tools: int | None = None

    @property
    def is_over_limit(self) -> bool:
        """True when the host takes fewer tools than it is shown."""
        return self.most_tools is not None and self.tools > self.most_tools

    @property
    def suggests_search(self) -> bool:
        """True when the host would be better off with tool search."""
        return self.is_over_limit or self.tokens > TOKENS_TO_SEARCH


class HostView(msgspec.Struct, frozen=True, kw_only=True):
    """One host, as a front shows it.

    ``detail`` is a sentence about the state, empty when there is nothing to add. ``harm`` tells what another program
    did to the file since our last change, ``restart_needed`` what the person does so that the host sees that change;
    both are empty while all is well. ``changed_at`` is when that change was made (Unix seconds; 0: never). ``can_undo``
    tells that the file is still what our last change made of it, and ``takes_projects`` that it reads files of
    projects. ``project_of`` is the host that this is in one project's folder: what it sees is that one's. ``sessions``
    counts the host's open sessions; it is filled in by whoever knows them, as ``choice`` and ``offer``: what the person
    chose for the host, and what it is shown.
    """

    name: str
    title: str
    state: HostState
    config_path: str | None = None
    running: bool = False
    detail: str = ""
    restart_hint: str = ""
    restart_needed: str = ""
    changed_at: float = 0.0
    can_restart: bool = False
    can_undo: bool = False
    takes_projects: bool = False
    project_of: str = ""
    takes_bundles: bool = False
    harm: str = ""
    limits: HostLimits = HostLimits()
    sessions: int = 0
    choice: HostChoice = HostChoice()
    offer: HostOffer = HostOffer()


class HostChange(msgspec.Struct, frozen=True, kw_only=True):
    """A planned edit of a host's file: shown first, made only with its ``token``.

    ``diff`` is a unified diff, empty when nothing would change; its context may show neighbouring entries of the
    person's own file, so it is for the screen and never for a log. ``token`` binds the bytes that were read to the
    bytes that would be written: when either differs at the time of writing, nothing is written. ``snippet`` is what
    to paste by hand instead. ``dropped`` are entries that give way to ours, by their names. ``entries`` is how we stand
    in the file afterwards. ``note`` tells what happens besides, where that is more than the file.
    """

    host: str
    action: HostAction
    path: str
    before_exists: bool
    diff: str
    token: str
    snippet: str = ""
    dropped: tuple[str, ...] = ()
    entries: EntryMode = EntryMode.ONE
    note: str = ""
