"""What the gateway tells a front that subscribed: the whole of a small list when it changed, calls in batches."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from ostiary.domain.approval import EndedGrant, GateMode, Grant, Question, QuestionEnd
from ostiary.domain.call import CallRow
from ostiary.domain.host import HostView
from ostiary.domain.root import RootView
from ostiary.domain.secret import KeyringState, SecretView
from ostiary.domain.server import ServerView


class Severity(StrEnum):
    """How much a notice matters."""

    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


class Notice(Struct, frozen=True, kw_only=True):
    """Something to tell the person: what happened, and what to do about it."""

    severity: Severity
    title: str
    detail: str = ""
    silenced: str = ""
    """The host that this is about, where its calls are denied without asking: ``ResumeHost`` ends that."""


class SessionView(Struct, frozen=True, kw_only=True):
    """A host's connection. ``era`` is "legacy", "modern" or "both"; times are Unix seconds.

    ``revision`` is that of the protocol it really spoke, ``capabilities`` the names of those that it declared.
    """

    id: int
    host: str
    title: str
    client: str
    era: str
    connected_at: float
    pid: int | None = None
    calls: int = 0
    revision: str = ""
    capabilities: tuple[str, ...] = ()


class Event(Struct, frozen=True, kw_only=True, tag_field="event"):
    """Base of all events."""


class Servers(Event, frozen=True, kw_only=True, tag="servers"):
    servers: tuple[ServerView, ...]


class Hosts(Event, frozen=True, kw_only=True, tag="hosts"):
    hosts: tuple[HostView, ...]


class Sessions(Event, frozen=True, kw_only=True, tag="sessions"):
    sessions: tuple[SessionView, ...]


class Roots(Event, frozen=True, kw_only=True, tag="roots"):
    roots: tuple[RootView, ...]


class Secrets(Event, frozen=True, kw_only=True, tag="secrets"):
    secrets: tuple[SecretView, ...]
    keyring: KeyringState


class Grants(Event, frozen=True, kw_only=True, tag="grants"):
    grants: tuple[Grant, ...]
    ended: tuple[EndedGrant, ...] = ()
    """Those that ended since the gateway started, newest last."""


class Mode(Event, frozen=True, kw_only=True, tag="mode"):
    """The gate's mode; ``until`` (Unix seconds) when it ends by itself."""

    mode: GateMode
    until: float | None = None


class Calls(Event, frozen=True, kw_only=True, tag="calls"):
    """Rows that are new or changed since the last batch; a row's id tells which."""

    rows: tuple[CallRow, ...]


class Missed(Event, frozen=True, kw_only=True, tag="missed"):
    """More happened than could wait until you read: what you show is to be asked for again.

    ``rows`` of calls were among it (a call's beginning and its end are two), the lowest number being ``first``; 0 for
    none.
    """

    rows: int = 0
    first: int = 0


class QuestionOpened(Event, frozen=True, kw_only=True, tag="question-opened"):
    """A question is open, or an open one changed (same id)."""

    question: Question


class QuestionClosed(Event, frozen=True, kw_only=True, tag="question-closed"):
    id: int
    end: QuestionEnd


class Noticed(Event, frozen=True, kw_only=True, tag="notice"):
    notice: Notice


class Ending(Event, frozen=True, kw_only=True, tag="ending"):
    """The gateway was asked to end: a front that hears it ends too, instead of starting another."""


class RaiseWindow(Event, frozen=True, kw_only=True, tag="raise"):
    """A second start asks the first to show itself."""


AnyEvent = (
    Servers
    | Hosts
    | Sessions
    | Roots
    | Secrets
    | Grants
    | Mode
    | Calls
    | Missed
    | QuestionOpened
    | QuestionClosed
    | Noticed
    | Ending
    | RaiseWindow
)


class Snapshot(Struct, frozen=True, kw_only=True):
    """Everything a front shows, at one moment; events continue from here. ``calls`` are the newest, oldest first."""

    version: str
    pid: int
    started_at: float
    first_start: bool
    """True until a person has approved a folder or connected a host for the first time."""
    servers: tuple[ServerView, ...]
    hosts: tuple[HostView, ...]
    sessions: tuple[SessionView, ...]
    roots: tuple[RootView, ...]
    secrets: tuple[SecretView, ...]
    keyring: KeyringState
    grants: tuple[Grant, ...]
    ended_grants: tuple[EndedGrant, ...] = ()
    mode: GateMode
    mode_until: float | None
    questions: tuple[Question, ...]
    calls: tuple[CallRow, ...]
    notices: tuple[Notice, ...] = ()
