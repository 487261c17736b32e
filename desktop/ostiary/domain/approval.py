"""Questions to the person and their answers."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from ostiary.domain.plan import ChangePlan
from ostiary.domain.server import ServerOrigin, ToolHints


class Decision(StrEnum):
    """What the gate makes of a call."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Scope(StrEnum):
    """How far an answer reaches, narrowest first. Always bound to the host that asked."""

    CALL = "call"
    ARGUMENTS = "arguments"
    """The same tool with the same arguments."""
    FOLDER = "folder"
    """This tool, while every path it names lies in one folder."""
    TOOL = "tool"
    SERVER_READS = "server-reads"
    """Every tool of the server that says it only reads."""
    SERVER = "server"


class Duration(StrEnum):
    """How long an answer holds, shortest first. Stored by these names."""

    ONCE = "once"
    FIVE_MINUTES = "5-minutes"
    HOUR = "1-hour"
    UNTIL_DISCONNECT = "until-disconnect"
    UNTIL_QUIT = "until-quit"
    ALWAYS = "always"


class Offer(Struct, frozen=True, kw_only=True):
    """A scope that may be chosen for an answer, and how long it may hold. ``folder`` is set for *this folder*."""

    scope: Scope
    durations: tuple[Duration, ...]
    folder: str = ""


class GateMode(StrEnum):
    """What the person set for all calls at once."""

    NORMAL = "normal"
    ASK_ALL = "ask-all"
    BLOCK_ALL = "block-all"
    PAUSED = "paused"
    """Prompts are paused: what would ask is denied."""


class Process(Struct, frozen=True, kw_only=True):
    """A process as the system describes it. ``started_at`` (Unix seconds) tells it from a later one of that pid."""

    pid: int
    name: str
    executable: str = ""
    script: str = ""
    """For an interpreter: the script it runs."""
    started_at: float = 0.0


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks: the host as it calls itself, and the processes that were found behind it, nearest first."""

    host: str
    title: str
    verified: bool = False
    """True when the process found is one that the host's definition names."""
    warning: str = ""
    processes: tuple[Process, ...] = ()
    also: tuple[str, ...] = ()
    """Other hosts that the processes are known to be, while the one that was claimed is not behind the call."""

    @property
    def seen_as(self) -> tuple[str, ...]:
        """The hosts whose choices hold: what is hidden from any of them does not exist here."""
        return (self.host, *self.also)


class Argument(Struct, frozen=True, kw_only=True):
    """One argument of a call, with secrets masked. ``text`` is complete; strings as they are, the rest as JSON."""

    name: str
    text: str
    is_path: bool = False


class ResolvedPath(Struct, frozen=True, kw_only=True):
    """A path among the arguments: as given, as it resolves, and the label of the approved folder it lies in."""

    path: str
    real_path: str
    root: str | None = None
    missing: bool = False
    """True when nothing is there; False also where nobody can tell."""


class QuestionKind(StrEnum):
    """What is asked about: a call, a changed tool definition met in a call, or wider access from a command."""

    CALL = "call"
    CHANGED_TOOL = "changed-tool"
    WIDEN = "widen"


class Question(Struct, frozen=True, kw_only=True):
    """One open question. It ends exactly once: answered, timed out, locked away or withdrawn.

    ``deadline`` is Unix seconds. A person who interacts (``HoldQuestion``) moves it, never past ``last_deadline``,
    which is the host's own. ``sentence`` is plain text. ``offers`` are the answers that last longer than *this call*.
    """

    id: int
    kind: QuestionKind
    asked_at: float
    deadline: float
    last_deadline: float
    caller: Caller
    sentence: str
    server: str = ""
    server_title: str = ""
    origin: ServerOrigin = ServerOrigin.ADDED
    tool: str = ""
    tool_title: str = ""
    hints: ToolHints = ToolHints()
    arguments: tuple[Argument, ...] = ()
    paths: tuple[ResolvedPath, ...] = ()
    plan: ChangePlan | None = None
    warnings: tuple[str, ...] = ()
    old_definition: str = ""
    new_definition: str = ""
    offers: tuple[Offer, ...] = ()
    repeats: int = 1
    """How many identical calls wait for this one answer."""


class QuestionEnd(StrEnum):
    """Why a question is no longer open."""

    ALLOWED = "allowed"
    DENIED = "denied"
    TIMED_OUT = "timed-out"
    LOCKED = "locked"
    """The screen was locked, so that nobody saw the question any more."""
    WITHDRAWN = "withdrawn"


class Grant(Struct, frozen=True, kw_only=True):
    """A live rule: what an answer left behind, or what the person wrote. Times are Unix seconds.

    ``host`` is empty for every verified host, ``tool`` for every tool of the server. ``suspended`` says why the rule
    does not count at present; empty while it does.
    """

    id: int
    host: str
    server: str
    tool: str
    scope: Scope
    duration: Duration
    granted_at: float
    decision: Decision = Decision.ALLOW
    folder: str = ""
    ends_at: float | None = None
    used_at: float | None = None
    uses: int = 0
    suspended: str = ""


class EndedGrant(Struct, frozen=True, kw_only=True):
    """A rule that no longer counts, when that was (Unix seconds) and why, in words."""

    grant: Grant
    ended_at: float
    reason: str
