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

from msgspec import Struct

from ostiary.control.call_messages import ChartCalls as ChartCalls
from ostiary.control.call_messages import FollowCalls as FollowCalls
from ostiary.control.call_messages import GetCall as GetCall
from ostiary.control.call_messages import IndexCalls as IndexCalls
from ostiary.control.call_messages import ListCalls as ListCalls
from ostiary.control.call_messages import PageCalls as PageCalls
from ostiary.control.call_messages import UndoCall as UndoCall
from ostiary.control.call_messages import Undone as Undone
from ostiary.control.command import Command as Command
from ostiary.control.command import Done as Done
from ostiary.control.doctor_messages import Diagnose as Diagnose
from ostiary.control.doctor_messages import MakeReport as MakeReport
from ostiary.control.host_messages import ApplyHostChange as ApplyHostChange
from ostiary.control.host_messages import ApplyImport as ApplyImport
from ostiary.control.host_messages import ListHosts as ListHosts
from ostiary.control.host_messages import PinToolForHost as PinToolForHost
from ostiary.control.host_messages import PlanConnect as PlanConnect
from ostiary.control.host_messages import PlanDisconnect as PlanDisconnect
from ostiary.control.host_messages import PlanImport as PlanImport
from ostiary.control.host_messages import PlanRepair as PlanRepair
from ostiary.control.host_messages import PlanUndo as PlanUndo
from ostiary.control.host_messages import RestartHost as RestartHost
from ostiary.control.host_messages import SearchToolsForHost as SearchToolsForHost
from ostiary.control.host_messages import SetToolForHost as SetToolForHost
from ostiary.control.host_messages import ShowServerToHost as ShowServerToHost
from ostiary.control.host_messages import UndoImport as UndoImport
from ostiary.control.house_messages import ChangeHouseRules as ChangeHouseRules
from ostiary.control.house_messages import GetHouseRules as GetHouseRules
from ostiary.control.import_messages import GetImportProgress as GetImportProgress
from ostiary.control.import_messages import HostBundle as HostBundle
from ostiary.control.import_messages import MakeHostBundle as MakeHostBundle
from ostiary.control.import_messages import StopImport as StopImport
from ostiary.control.rule_messages import AcceptDefinition as AcceptDefinition
from ostiary.control.rule_messages import AddRule as AddRule
from ostiary.control.rule_messages import AllowNext as AllowNext
from ostiary.control.rule_messages import CompareDefinition as CompareDefinition
from ostiary.control.rule_messages import DefinitionChange as DefinitionChange
from ostiary.control.rule_messages import ListGrants as ListGrants
from ostiary.control.rule_messages import RevokeGrant as RevokeGrant
from ostiary.control.server_messages import AddServer as AddServer
from ostiary.control.server_messages import ConfigureServer as ConfigureServer
from ostiary.control.server_messages import DisableServer as DisableServer
from ostiary.control.server_messages import EnableServer as EnableServer
from ostiary.control.server_messages import ListServers as ListServers
from ostiary.control.server_messages import RemoveServer as RemoveServer
from ostiary.control.server_messages import RestartServer as RestartServer
from ostiary.control.server_messages import RestoreServer as RestoreServer
from ostiary.control.server_messages import ServerOutput as ServerOutput
from ostiary.control.server_messages import SetToolState as SetToolState
from ostiary.control.server_messages import TrustServer as TrustServer
from ostiary.domain.approval import Decision, Duration, GateMode, Question, Scope
from ostiary.domain.events import Notice, SessionView, Snapshot
from ostiary.domain.finding import Finding as Finding
from ostiary.domain.root import RootMode, RootView
from ostiary.domain.secret import SecretView
from ostiary.domain.server import ServerView


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


# Fronts


class Attach(Command[Done], frozen=True, kw_only=True, tag="attach"):
    """Become the front that may answer and widen. Refused to a process that is not verified, or when one is there."""

    result: ClassVar[Any] = Done


class Detach(Command[Done], frozen=True, kw_only=True, tag="detach"):
    """Be the front no longer, so that another may attach; from then on the connection is a plain one."""

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


class SetScreenLock(Command[Done], frozen=True, kw_only=True, tag="gate.screen"):
    """The screen is locked, or no longer. While it is, what would be asked is denied. *Front only.*"""

    result: ClassVar[Any] = Done
    locked: bool


class SetMode(Command[Done], frozen=True, kw_only=True, tag="gate.mode"):
    """Set the gate's mode; with ``minutes`` it ends by itself. Loosening *widens*, and so does an earlier end."""

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
    | Detach
    | Subscribe
    | RaiseFront
    | Quit
    | GetStatus
    | Diagnose
    | MakeReport
    | ListServers
    | EnableServer
    | DisableServer
    | RestartServer
    | AddServer
    | ConfigureServer
    | RemoveServer
    | RestoreServer
    | TrustServer
    | SetToolState
    | CompareDefinition
    | AcceptDefinition
    | ServerOutput
    | ListHosts
    | PlanConnect
    | PlanDisconnect
    | PlanRepair
    | PlanUndo
    | PlanImport
    | ApplyImport
    | UndoImport
    | MakeHostBundle
    | GetImportProgress
    | StopImport
    | RestartHost
    | ApplyHostChange
    | ShowServerToHost
    | SetToolForHost
    | SearchToolsForHost
    | PinToolForHost
    | ListRoots
    | AddRoot
    | RemoveRoot
    | ListSecrets
    | SetSecret
    | RemoveSecret
    | ListCalls
    | IndexCalls
    | PageCalls
    | ChartCalls
    | GetCall
    | UndoCall
    | FollowCalls
    | ListQuestions
    | AnswerQuestion
    | HoldQuestion
    | ResumeHost
    | SetScreenLock
    | SetMode
    | ListGrants
    | AddRule
    | AllowNext
    | RevokeGrant
    | GetHouseRules
    | ChangeHouseRules
    | DismissNotice
)
