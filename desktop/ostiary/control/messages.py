"""What a front may ask of the gateway. Each command names the shape of its result.

On the wire: one JSON object a line. Front to gateway ``{"id": 1, "command": {"do": "roots.add", …}}``; gateway to
front ``{"id": 1, "result": …}`` or ``{"id": 1, "error": {"title": …, "detail": …}}``; and, to a front that
subscribed, events ``{"event": "roots", …}`` without an id.

Commands marked *widens* give more access than before, or write into the person's files. They are obeyed at once only
from the verified front; from a plain connection the person is asked, or they are refused (who may ask for what:
``gateway.control_server``).
"""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct, field

from ostiary.control.command import Command as Command
from ostiary.control.command import Done as Done
from ostiary.control.rule_messages import AcceptDefinition as AcceptDefinition
from ostiary.control.rule_messages import AddRule as AddRule
from ostiary.control.rule_messages import AllowNext as AllowNext
from ostiary.control.rule_messages import CompareDefinition as CompareDefinition
from ostiary.control.rule_messages import DefinitionChange as DefinitionChange
from ostiary.control.rule_messages import ListGrants as ListGrants
from ostiary.control.rule_messages import RevokeGrant as RevokeGrant
from ostiary.domain.approval import Decision, Duration, GateMode, Question, Scope
from ostiary.domain.call import CallDetail, CallFilter, CallRow
from ostiary.domain.events import Notice, SessionView, Snapshot
from ostiary.domain.host import HostChange, HostView
from ostiary.domain.host_import import Imported, ImportPlan, ImportRequest
from ostiary.domain.plan import ChangePlan
from ostiary.domain.root import RootMode, RootView
from ostiary.domain.secret import SecretView
from ostiary.domain.server import ServerView, ToolState


class Status(Struct, frozen=True, kw_only=True):
    """The gateway in short."""

    version: str
    pid: int
    started_at: float
    mode: GateMode
    front: bool
    """True while a tray is attached, so that questions can be asked."""
    writes: str
    """What happens to a write that nobody can be asked about: "deny" or "allow"."""
    servers: tuple[ServerView, ...]
    sessions: tuple[SessionView, ...]
    open_questions: int


class Finding(Struct, frozen=True, kw_only=True):
    """One thing the doctor looked at. ``code`` is stable; ``action`` is empty when all is well."""

    code: str
    ok: bool
    sentence: str
    action: str = ""


# Fronts


class Attach(Command[Done], frozen=True, kw_only=True, tag="attach"):
    """Become the front that may answer and widen. Refused to a process that is not verified, or when one is there."""

    result: ClassVar[Any] = Done


class Subscribe(Command[Snapshot], frozen=True, kw_only=True, tag="subscribe"):
    """Give me everything now, and events from here on."""

    result: ClassVar[Any] = Snapshot


class RaiseFront(Command[bool], frozen=True, kw_only=True, tag="raise"):
    """Ask the tray to show its window. False when no tray is attached."""

    result: ClassVar[Any] = bool


class Quit(Command[Done], frozen=True, kw_only=True, tag="quit"):
    """Stop asking, stop servers, close sessions, end. With ``keep_hosts`` sessions go on with the next gateway."""

    keep_hosts: bool = False
    result: ClassVar[Any] = Done


class GetStatus(Command[Status], frozen=True, kw_only=True, tag="status"):
    result: ClassVar[Any] = Status


class Diagnose(Command[tuple[Finding, ...]], frozen=True, kw_only=True, tag="doctor"):
    result: ClassVar[Any] = tuple[Finding, ...]


# Servers


class ListServers(Command[tuple[ServerView, ...]], frozen=True, kw_only=True, tag="servers.list"):
    result: ClassVar[Any] = tuple[ServerView, ...]


class EnableServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.enable"):
    """Switch a server on, for every host at once. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str


class DisableServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.disable"):
    result: ClassVar[Any] = ServerView
    name: str


class RestartServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.restart"):
    """Stop and start again a server that is switched on; leaves backoff and fatal."""

    result: ClassVar[Any] = ServerView
    name: str


class AddServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.add"):
    """Configure a server; it stays off. ``environment`` values may hold ``${secret:NAME}``. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    command: tuple[str, ...]
    title: str = ""
    environment: dict[str, str] = field(default_factory=dict)


class RemoveServer(Command[Done], frozen=True, kw_only=True, tag="servers.remove"):
    """Stop and forget a server that was added, its tool names and its answers too."""

    result: ClassVar[Any] = Done
    name: str


class TrustServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.trust"):
    """Believe a server's own ``readOnlyHint`` from now on, for the definitions it has today. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    trusted: bool = True


class SetToolState(Command[ServerView], frozen=True, kw_only=True, tag="servers.tool"):
    """Set what a tool may do. *Widens* unless it becomes stricter."""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    own_name: str
    state: ToolState


class ServerOutput(Command[str], frozen=True, kw_only=True, tag="servers.output"):
    """The newest of what a server wrote to stderr, at most 64 KB of text."""

    result: ClassVar[Any] = str
    name: str


# Hosts


class ListHosts(Command[tuple[HostView, ...]], frozen=True, kw_only=True, tag="hosts.list"):
    result: ClassVar[Any] = tuple[HostView, ...]


class PlanConnect(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-connect"):
    """What connecting would change in the host's file; nothing is written."""

    result: ClassVar[Any] = HostChange
    host: str


class PlanDisconnect(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-disconnect"):
    result: ClassVar[Any] = HostChange
    host: str


class PlanRepair(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-repair"):
    """What putting back the newest good copy of a harmed file, with our entry, would change; nothing is written."""

    result: ClassVar[Any] = HostChange
    host: str


class ApplyHostChange(Command[HostView], frozen=True, kw_only=True, tag="hosts.apply"):
    """Write exactly the change that was shown; refused when the file changed in between."""

    result: ClassVar[Any] = HostView
    change: HostChange


class PlanImport(Command[ImportPlan], frozen=True, kw_only=True, tag="hosts.plan-import"):
    """Which servers of hosts' files, or of a pasted block, would be brought in and how; nothing is done."""

    result: ClassVar[Any] = ImportPlan
    request: ImportRequest


class ApplyImport(Command[Imported], frozen=True, kw_only=True, tag="hosts.import"):
    """Do exactly what was shown: servers added and off, secrets in the keyring, hosts' files changed. *Widens.*"""

    result: ClassVar[Any] = Imported
    widens: ClassVar[bool] = True
    request: ImportRequest
    token: str


class UndoImport(Command[Imported], frozen=True, kw_only=True, tag="hosts.undo-import"):
    """Take back all that the last import did."""

    result: ClassVar[Any] = Imported


# Folders


class ListRoots(Command[tuple[RootView, ...]], frozen=True, kw_only=True, tag="roots.list"):
    result: ClassVar[Any] = tuple[RootView, ...]


class AddRoot(Command[RootView], frozen=True, kw_only=True, tag="roots.add"):
    """Approve a folder, or change the mode of one. *Widens.*"""

    result: ClassVar[Any] = RootView
    widens: ClassVar[bool] = True
    path: str
    mode: RootMode = RootMode.READ_WRITE


class RemoveRoot(Command[Done], frozen=True, kw_only=True, tag="roots.remove"):
    result: ClassVar[Any] = Done
    path: str


# Secrets


class ListSecrets(Command[tuple[SecretView, ...]], frozen=True, kw_only=True, tag="secrets.list"):
    result: ClassVar[Any] = tuple[SecretView, ...]


class SetSecret(Command[SecretView], frozen=True, kw_only=True, tag="secrets.set"):
    """Keep a value in the keyring. Answers with the servers that should be restarted for it."""

    result: ClassVar[Any] = SecretView
    name: str
    value: str


class RemoveSecret(Command[Done], frozen=True, kw_only=True, tag="secrets.remove"):
    result: ClassVar[Any] = Done
    name: str


# Calls


class ListCalls(Command[tuple[CallRow, ...]], frozen=True, kw_only=True, tag="calls.list"):
    """At most ``limit`` rows before the row ``before`` (0: the newest), oldest first."""

    result: ClassVar[Any] = tuple[CallRow, ...]
    filter: CallFilter = CallFilter()
    before: int = 0
    limit: int = 200


class GetCall(Command[CallDetail], frozen=True, kw_only=True, tag="calls.get"):
    result: ClassVar[Any] = CallDetail
    id: int


class Undone(Struct, frozen=True, kw_only=True):
    """A call was undone: ``id`` is the undo's own row in the log, ``plan`` what it changed."""

    id: int
    plan: ChangePlan


class UndoCall(Command[Undone], frozen=True, kw_only=True, tag="calls.undo"):
    """Undo what a call changed, while its ``CallDetail.undo`` is not empty. *Widens*: it writes."""

    result: ClassVar[Any] = Undone
    widens: ClassVar[bool] = True
    id: int


class FollowCalls(Command[Done], frozen=True, kw_only=True, tag="calls.follow"):
    """Send me ``calls`` events from here on, and nothing else."""

    result: ClassVar[Any] = Done


# The gate


class ListQuestions(Command[tuple[Question, ...]], frozen=True, kw_only=True, tag="questions.list"):
    result: ClassVar[Any] = tuple[Question, ...]


class AnswerQuestion(Command[Done], frozen=True, kw_only=True, tag="questions.answer"):
    """Answer an open question. *Front only.*"""

    result: ClassVar[Any] = Done
    id: int
    decision: Decision
    scope: Scope = Scope.CALL
    duration: Duration = Duration.ONCE
    folder: str = ""
    """For *this folder*: which of those on offer."""


class HoldQuestion(Command[Done], frozen=True, kw_only=True, tag="questions.hold"):
    """The person is at work on this question: move its deadline, not past the host's own. *Front only.*"""

    result: ClassVar[Any] = Done
    id: int


class ResumeHost(Command[Done], frozen=True, kw_only=True, tag="gate.resume"):
    """Ask about a host's calls again after several stayed unanswered. *Front only.*"""

    result: ClassVar[Any] = Done
    host: str


class SetMode(Command[Done], frozen=True, kw_only=True, tag="gate.mode"):
    """Set the gate's mode; ``minutes`` ends *paused* by itself. Loosening *widens*."""

    result: ClassVar[Any] = Done
    widens: ClassVar[bool] = True
    mode: GateMode
    minutes: float | None = None


class DismissNotice(Command[Done], frozen=True, kw_only=True, tag="notices.dismiss"):
    """The person has read the notice at this place of the snapshot's list."""

    result: ClassVar[Any] = Done
    notice: Notice


AnyCommand = (
    Attach
    | Subscribe
    | RaiseFront
    | Quit
    | GetStatus
    | Diagnose
    | ListServers
    | EnableServer
    | DisableServer
    | RestartServer
    | AddServer
    | RemoveServer
    | TrustServer
    | SetToolState
    | CompareDefinition
    | AcceptDefinition
    | ServerOutput
    | ListHosts
    | PlanConnect
    | PlanDisconnect
    | PlanRepair
    | PlanImport
    | ApplyImport
    | UndoImport
    | ApplyHostChange
    | ListRoots
    | AddRoot
    | RemoveRoot
    | ListSecrets
    | SetSecret
    | RemoveSecret
    | ListCalls
    | GetCall
    | UndoCall
    | FollowCalls
    | ListQuestions
    | AnswerQuestion
    | HoldQuestion
    | ResumeHost
    | SetMode
    | ListGrants
    | AddRule
    | AllowNext
    | RevokeGrant
    | DismissNotice
)
