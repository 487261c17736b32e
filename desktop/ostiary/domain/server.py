"""Servers: what is configured (``ServerSpec``), what a person sees of one (``ServerView``), and its states."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from ostiary.domain.flow import Flow


class ServerState(StrEnum):
    """Where a server is in its life; the legal transitions stand in ``gateway.supervise.states``."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    BACKOFF = "backoff"
    STOPPING = "stopping"
    EXITED = "exited"
    FATAL = "fatal"
    IDLE = "idle"
    """Only as a person sees it: switched on and stopped, and starts when it is needed."""


class ServerOrigin(StrEnum):
    """Where a server's program comes from."""

    BUNDLED = "bundled"
    ADDED = "added"


class Isolation(StrEnum):
    """How many processes a server has: one for all hosts, or one for each."""

    SHARED = "shared"
    PER_HOST = "per-host"


class EraChoice(StrEnum):
    """Which protocol generation to speak with a server: found out, or told."""

    AUTO = "auto"
    LEGACY = "legacy"
    MODERN = "modern"


class ToolState(StrEnum):
    """What a person made of a tool. A disabled one is invisible to hosts and not callable."""

    ENABLED = "enabled"
    ASKS = "asks"
    DISABLED = "disabled"


class ServerSpec(Struct, frozen=True, kw_only=True):
    """A configured server.

    ``name`` is ``[a-z0-9-]{1,32}``; ``command`` is the program and its arguments; arguments and values of
    ``environment`` may hold ``${secret:NAME}``. ``bundle`` names the folder it was unpacked to, if it came as one.
    """

    name: str
    command: tuple[str, ...]
    title: str = ""
    description: str = ""
    environment: dict[str, str] = {}
    origin: ServerOrigin = ServerOrigin.ADDED
    enabled: bool = False
    trusted: bool = False
    isolation: Isolation = Isolation.SHARED
    era: EraChoice = EraChoice.AUTO
    tools: dict[str, ToolState] = {}
    bundle: str = ""
    flow: Flow = Flow()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that may refer to secrets: the command, then the values of the environment."""
        return (*self.command, *self.environment.values())


class ToolHints(Struct, frozen=True, kw_only=True):
    """A server's own claims about a tool, with the defaults of MCP 2026-07-28 ToolAnnotations."""

    read_only: bool = False
    destructive: bool = True
    idempotent: bool = False
    open_world: bool = True


class ToolView(Struct, frozen=True, kw_only=True):
    """A tool as a person sees it. ``name`` is what hosts see, ``own_name`` what its server calls it."""

    name: str
    own_name: str
    title: str = ""
    description: str = ""
    hints: ToolHints = ToolHints()
    state: ToolState = ToolState.ENABLED
    changed: bool = False
    """True while its definition differs from the one that was accepted."""
    tokens: int = 0
    """About how many tokens of a model's attention its definition takes."""


class ServerView(Struct, frozen=True, kw_only=True):
    """A server as a person sees it. Times are Unix seconds; ``cpu_percent`` is of one core."""

    name: str
    title: str
    description: str
    origin: ServerOrigin
    command: tuple[str, ...]
    enabled: bool
    state: ServerState
    trusted: bool = False
    pid: int | None = None
    started_at: float | None = None
    cpu_percent: float = 0.0
    memory_bytes: int = 0
    restarts: int = 0
    error: str = ""
    """What went wrong, in words without a full stop; empty while all is well."""
    advice: str = ""
    """What to do about ``error``, in sentences; empty where nobody knows."""
    progress: str = ""
    """What it is doing while it takes long to start, in words; otherwise empty."""
    trouble: str = ""
    """What is wrong with a server that runs: it keeps failing, or says too much. In words; empty while all is well."""
    running_calls: int = 0
    waiting_calls: int = 0
    isolation: Isolation = Isolation.SHARED
    flow: Flow = Flow()
    stale: bool = False
    """True when a secret or setting changed since it was started: a restart makes it count."""
    secrets: tuple[str, ...] = ()
    tools: tuple[ToolView, ...] = ()
