"""What each command does. Whether it may be asked for is decided before, in ``control_server``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never, cast

import msgspec

from ostiary.control import messages as m
from ostiary.domain.approval import Decision, Grant
from ostiary.domain.errors import UsageError
from ostiary.domain.events import RaiseWindow
from ostiary.domain.server import ServerSpec, ToolState
from ostiary.gateway import widening
from ostiary.gateway.call_commands import read_calls
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.reading import CallReading
from ostiary.gateway.control_server import ControlServer
from ostiary.gateway.definitions import Definitions
from ostiary.gateway.doctor import Doctor
from ostiary.gateway.folders import Folders
from ostiary.gateway.gate import Gate
from ostiary.gateway.host_bundles import host_bundle
from ostiary.gateway.host_commands import HostCommands
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.host_guard import HostGuard
from ostiary.gateway.importing import Importing
from ostiary.gateway.policy.grants import ALL
from ostiary.gateway.restarting import restart
from ostiary.gateway.rule_writing import written
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.servers import Servers
from ostiary.gateway.settings import SettingsStore
from ostiary.gateway.showing import Showing
from ostiary.gateway.undoing import Undoing
from ostiary.gateway.views import Topic

_TOOL_STRICTNESS = {ToolState.ENABLED: 0, ToolState.ASKS: 1, ToolState.DISABLED: 2}


@dataclass(slots=True)
class Commands:
    """Carries commands out. Everything belongs to the loop's thread; blocking work goes to threads."""

    settings: SettingsStore
    servers: Servers
    gate: Gate
    definitions: Definitions
    folders: Folders
    hosts: HostFiles
    host_guard: HostGuard
    host_commands: HostCommands
    importing: Importing
    secrets: Secrets
    log: CallLog
    reading: CallReading
    undoing: Undoing
    showing: Showing
    doctor: Doctor
    control: ControlServer
    enforce: Callable[[], None]
    quitting: asyncio.Event
    keeping_hosts: asyncio.Event

    def widens(self, command: m.Command[Any]) -> bool:
        """Whether a command gives more access than there is at this moment."""
        match command:
            case m.SetMode(mode=mode, minutes=minutes):
                return self.gate.would_loosen(mode, minutes)
            case m.SetToolState(name=name, own_name=own_name, state=state):
                return _TOOL_STRICTNESS[state] < _TOOL_STRICTNESS[self.servers.tool_state(name, own_name)]
            case m.TrustServer(trusted=trusted):
                return trusted
            case m.EnableServer(name=name):
                return not self.servers.known(name).enabled
            case m.AddRoot(path=path, mode=mode):
                return not self.folders.has(path, mode)
            case m.ChangeHouseRules(rules=rules):
                return rules.is_looser_than(self.settings.current.house_rules)
            case m.RevokeGrant(id=number):
                revoked = [rule for rule in self.gate.grants.rules() if number in (ALL, rule.id)]
                return any(rule.decision is not Decision.ALLOW for rule in revoked)
            case m.ShowServerToHost() | m.SetToolForHost():
                return self.host_commands.widens(command)
            case _:
                return type(command).widens

    def settle(self, command: m.Command[Any]) -> m.Command[Any]:
        """The command with what it means at this moment: a folder by its real path. Raises ``UsageError``."""
        if isinstance(command, m.AddRoot):
            return msgspec.structs.replace(command, path=self.folders.real(command.path))
        return command

    async def show(self, command: m.Command[Any]) -> widening.Shown:
        """What a person has to see of a command that they are asked about. Raises ``OstiaryError``."""
        match command:
            case m.UndoCall(id=number):
                return widening.Shown(plan=await self.undoing.plan(number))
            case m.ApplyImport(request=request):
                return widening.of_import(await self.importing.plan(request))
            case m.EnableServer(name=name):
                return widening.of_server(self.servers.known(name))
            case m.RestoreServer(name=name):
                return widening.of_server(self.servers.restorable(name).spec)
            case _:
                return widening.Shown()

    async def run(self, command: m.Command[Any]) -> object:
        """Do it and give its result. Raises ``OstiaryError``."""
        known = cast("m.AnyCommand", command)
        match known:
            case m.Subscribe():
                return await self.showing.snapshot()
            case m.GetStatus():
                return await self.showing.status()
            case m.Diagnose():
                return await self.doctor.look()
            case m.MakeReport(own=own):
                return await self.doctor.report(own)
            case m.RaiseFront():
                return self.control.raise_front(RaiseWindow())
            case m.Quit(keep_hosts=keep_hosts):
                if keep_hosts:
                    self.keeping_hosts.set()
                self.quitting.set()
                return m.Done()
            case m.DismissNotice(notice=notice):
                kept = tuple(other for other in self.settings.current.notices if other != notice)
                self.settings.change(notices=kept)
                return m.Done()
            case m.GetHouseRules():
                return self.settings.current.house_rules
            case m.ChangeHouseRules(rules=rules):
                self.settings.change(**msgspec.structs.asdict(rules))
                self.enforce()
                return rules
            case m.Attach() | m.Detach() | m.FollowCalls():
                raise AssertionError("answered by the connection itself")
            case m.ListCalls() | m.GetCall() | m.UndoCall():
                return await self._calls(known)
            case m.IndexCalls() | m.PageCalls() | m.ChartCalls():
                return await read_calls(self.reading, known)
            case m.ListSecrets() | m.SetSecret() | m.RemoveSecret():
                return await self._secret(known)
            case m.ListRoots() | m.AddRoot() | m.RemoveRoot():
                return await self._root(known)
            case m.RestartHost(host=host):
                return await restart(self.hosts, host)
            case m.MakeHostBundle(host=host):
                return host_bundle(self.hosts, host)
            case m.PlanImport() | m.ApplyImport() | m.UndoImport():
                return await self._import(known)
            case m.GetImportProgress():
                return self.importing.sources.progress()
            case m.StopImport():
                self.importing.sources.stop()
                return self.importing.sources.progress()
            case (
                m.ListHosts()
                | m.PlanConnect()
                | m.PlanDisconnect()
                | m.PlanRepair()
                | m.PlanUndo()
                | m.ApplyHostChange()
            ):
                return await self.host_commands.run(known)
            case m.ShowServerToHost() | m.SetToolForHost() | m.SearchToolsForHost() | m.PinToolForHost():
                return await self.host_commands.run(known)
            case (
                m.ListQuestions()
                | m.AnswerQuestion()
                | m.HoldQuestion()
                | m.ResumeHost()
                | m.SetScreenLock()
                | m.SetMode()
                | m.ListGrants()
                | m.AddRule()
                | m.AllowNext()
                | m.RevokeGrant()
            ):
                return self._gate(known)
            case _:
                return await self._server(known)

    async def _server(self, command: _ServerCommand) -> object:
        match command:
            case m.ListServers():
                await self.servers.measure()
                return self.servers.views()
            case m.ServerOutput(name=name):
                return self.servers.output(name)
            case m.RemoveServer(name=name):
                self.servers.removed.keep(await self.servers.remove(name))
                self.showing.changed(Topic.SERVERS, Topic.SECRETS)
                await self.importing.sweep()
                return m.Done()
            case m.RestoreServer(name=name):
                self.servers.restorable(name)
                self.gate.grants.put_back(name)  # first: what they deny is denied from the server's first call on
                await self.servers.restore(name)
                self.showing.changed(Topic.SECRETS)
            case m.AddServer(name=name):
                self.servers.add(
                    ServerSpec(
                        name=name,
                        command=command.command,
                        title=command.title,
                        environment=command.environment,
                        isolation=command.isolation,
                        flow=command.flow,
                    )
                )
                self.showing.changed(Topic.SECRETS)
            case m.ConfigureServer(name=name, isolation=isolation, flow=flow):
                await self.servers.configure(name, isolation, flow)
            case m.EnableServer(name=name):
                await self.servers.enable(name)
            case m.DisableServer(name=name):
                await self.servers.disable(name)
            case m.CompareDefinition(name=name, own_name=own_name):
                return self.definitions.compare(name, own_name)
            case m.AcceptDefinition(name=name, own_name=own_name, token=token):
                self.definitions.accept(name, own_name, token)
            case m.RestartServer(name=name):
                await self.servers.restart(name)
            case m.TrustServer(name=name, trusted=trusted):
                self.servers.trust(name, trusted=trusted)
            case m.SetToolState(name=name, own_name=own_name, state=state):
                self.servers.set_tool_state(name, own_name, state)
                self.gate.grants.end_server(name, own_name)
            case _:
                assert_never(command)
        self.showing.changed(Topic.SERVERS)
        return self.servers.view(command.name)

    def _gate(self, command: _GateCommand) -> object:
        match command:
            case m.ListQuestions():
                return self.gate.approvals.questions()
            case m.AnswerQuestion(id=number, decision=decision, scope=scope, duration=duration, folder=folder):
                self.gate.approvals.answer(number, decision, scope, duration, folder)
            case m.HoldQuestion(id=number):
                self.gate.approvals.hold(number)
            case m.ResumeHost(host=host):
                self.gate.approvals.resume(host)
            case m.SetScreenLock(locked=locked):
                self.gate.approvals.set_locked(locked=locked)
            case m.SetMode(mode=mode, minutes=minutes):
                self.gate.set_mode(mode, minutes)
            case m.ListGrants():
                return self.gate.grants.list()
            case m.AddRule():
                return self._add_rule(command)
            case m.AllowNext(id=number):
                self.gate.allow_next(number)
            case m.RevokeGrant(id=number):
                self.gate.grants.revoke(number)
            case _:
                assert_never(command)
        return m.Done()

    def _add_rule(self, wanted: m.AddRule) -> Grant:
        current = self.settings.current
        rule = written(wanted, self.servers, self.definitions.pins, risky_always=current.risky_always, now=time.time())
        grant = self.gate.grants.add(rule)
        self.gate.let_pass_what_may()
        return grant

    async def _import(self, command: m.PlanImport | m.ApplyImport | m.UndoImport) -> object:
        match command:
            case m.PlanImport(request=request):
                return await self.importing.plan(request)
            case m.ApplyImport(request=request, token=token):
                done = await self.importing.apply(request, token)
            case m.UndoImport():
                done = await self.importing.undo()
            case _:
                assert_never(command)
        self.showing.changed(Topic.SERVERS, Topic.SECRETS, Topic.HOSTS)
        self.host_guard.look_soon()
        return done

    async def _root(self, command: m.ListRoots | m.AddRoot | m.RemoveRoot) -> object:
        match command:
            case m.ListRoots():
                return self.folders.views()
            case m.AddRoot(path=path, mode=mode):
                view = await self.folders.add(path, mode)
                self.showing.changed(Topic.ROOTS)
                return view
            case m.RemoveRoot(path=path):
                await self.folders.remove(path)
                self.showing.changed(Topic.ROOTS)
                return m.Done()
            case _:
                assert_never(command)

    async def _secret(self, command: m.ListSecrets | m.SetSecret | m.RemoveSecret) -> object:
        match command:
            case m.ListSecrets():
                return self.secrets.views()
            case m.SetSecret(name=name, value=value):
                return await self.secrets.set(name, value)
            case m.RemoveSecret(name=name):
                await self.secrets.remove(name)
                return m.Done()
            case _:
                assert_never(command)

    async def _calls(self, command: m.ListCalls | m.GetCall | m.UndoCall) -> object:
        match command:
            case m.ListCalls(filter=chosen, before=before, limit=limit):
                if not 1 <= limit <= 10_000:
                    raise UsageError("That is no number of rows", "Ask for 1 to 10,000.")
                return await self.log.rows(chosen, before, limit)
            case m.GetCall(id=number):
                return await self.log.detail(number)
            case m.UndoCall(id=number):
                return await self.undoing.undo(number)
            case _:
                assert_never(command)


_ServerCommand = (
    m.ListServers
    | m.ServerOutput
    | m.RemoveServer
    | m.RestoreServer
    | m.AddServer
    | m.ConfigureServer
    | m.EnableServer
    | m.DisableServer
    | m.RestartServer
    | m.TrustServer
    | m.SetToolState
    | m.CompareDefinition
    | m.AcceptDefinition
)
_GateCommand = (
    m.ListQuestions
    | m.AnswerQuestion
    | m.HoldQuestion
    | m.ResumeHost
    | m.SetScreenLock
    | m.SetMode
    | m.ListGrants
    | m.AddRule
    | m.AllowNext
    | m.RevokeGrant
)
