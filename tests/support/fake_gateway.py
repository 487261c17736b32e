"""A small honest gateway over an in-memory world, for the window: real commands in, real results and events out.

Run as a program with the real gateway's stdio. Options: ``--fresh`` (a first start instead of a lived-in machine),
``--busy`` (with many calls), ``--record FILE`` (every command's line is appended), ``--die-once FILE`` (ends hard after
the first snapshot and leaves FILE, so that the next start lives), ``--refuse-host-writes``, ``--lock-keyring``,
``--deaf`` (lives on after ``Quit``).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import msgspec

from ostiary.control import codec, messages
from ostiary.control.messages import AnyCommand, Done
from ostiary.domain import events
from ostiary.domain.approval import Decision, EndedGrant, QuestionEnd
from ostiary.domain.call import CallDetail
from ostiary.domain.errors import HostFileError, OstiaryError, RefusedError, SecretError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.plan import ChangePlan
from ostiary.domain.root import RootView
from ostiary.domain.secret import KeyringState, SecretView
from ostiary.domain.server import ServerState, ServerView
from ostiary.gateway.calllog.log import MOST_ROWS
from tests.support import fake_calls, fake_findings, fake_world
from tests.support.call_book import CallBook
from tests.support.fake_world import World

T = TypeVar("T")

DIFF = """--- {path}
+++ {path}
@@ -1,3 +1,9 @@
 {{
-  "mcpServers": {{}}
+  "mcpServers": {{
+    "ostiary": {{
+      "command": "/usr/bin/ostiary-connect",
+      "args": ["--host", "{host}"]
+    }}
+  }}
 }}
"""


MEASURED = 7.0
"""Per cent of a processor that each server uses when it is looked at again."""


class FakeGateway:
    """Obeys each command on its world; ``send`` takes one line without its end."""

    def __init__(self, world: World, send: Callable[[bytes], None]) -> None:
        self.world = world
        self._send = send
        self.ended = False

    def take(self, line: bytes) -> None:
        asked = codec.decode_command(line)
        try:
            result, changes = self._obey(asked.command)
        except OstiaryError as error:
            self._send(codec.encode_failure(asked.id, error))
            return
        self._send(codec.encode_result(asked.id, result))
        for event in changes:
            self._send(codec.encode_event(event))

    def _obey(self, command: AnyCommand) -> tuple[object, Iterable[events.Event]]:
        world = self.world
        match command:
            case messages.Subscribe():
                return self.snapshot(), ()
            case messages.RaiseFront():
                return world.has_front, (events.RaiseWindow(),) if world.has_front else ()
            case messages.Quit():
                self.ended = True
                return Done(), ()
            case messages.EnableServer(name=name) | messages.RestartServer(name=name):
                starting = self._put_server(
                    name, enabled=True, state=ServerState.STARTING, error="", advice="", stale=False
                )
                told = events.Servers(servers=tuple(world.servers))
                self._put_server(name, state=ServerState.RUNNING, started_at=time.time(), memory_bytes=30_000_000)
                return starting, (told, events.Servers(servers=tuple(world.servers)))
            case messages.DisableServer(name=name):
                off = self._put_server(
                    name, enabled=False, state=ServerState.STOPPED, error="", advice="", started_at=None
                )
                return off, (events.Servers(servers=tuple(world.servers)),)
            case messages.AddServer():
                if any(server.name == command.name for server in world.servers):
                    raise UsageError(f"There is a server called {command.name} already", "Choose another name.")
                world.servers.append(fake_world.added(command.name, command.title, command.command))
                return world.servers[-1], (events.Servers(servers=tuple(world.servers)),)
            case messages.RemoveServer(name=name):
                world.removed = [server for server in world.servers if server.name == name]
                world.servers = [server for server in world.servers if server.name != name]
                return Done(), (events.Servers(servers=tuple(world.servers)),)
            case messages.RestoreServer(name=name):
                back = _one(world.removed, name)
                world.servers.append(back)
                return back, (events.Servers(servers=tuple(world.servers)),)
            case messages.TrustServer(name=name):
                trusted = self._put_server(name, trusted=command.trusted)
                return trusted, (events.Servers(servers=tuple(world.servers)),)
            case messages.ConfigureServer(name=name, isolation=isolation, flow=flow):
                wanted = {"isolation": isolation, "flow": flow}
                changed = self._put_server(name, **{one: value for one, value in wanted.items() if value is not None})
                return changed, (events.Servers(servers=tuple(world.servers)),)
            case messages.SetToolState(name=name):
                tools = _put(_one(world.servers, name).tools, "own_name", command.own_name, state=command.state)
                return self._put_server(name, tools=tools), (events.Servers(servers=tuple(world.servers)),)
            case messages.ServerOutput(name=name):
                return f"{name}: starting\n{name}: 401 Bad credentials\n{name}: giving up\n", ()
            case messages.PlanConnect(host=host) | messages.PlanDisconnect(host=host) | messages.PlanRepair(host=host):
                return self._plan(host, connect=not isinstance(command, messages.PlanDisconnect)), ()
            case messages.PlanUndo(host=host):
                return self._plan(host, connect=False), ()
            case messages.ApplyHostChange(change=change):
                if world.refuses_host_writes:
                    raise HostFileError("The file was changed in the meantime", "Look at the change again.")
                connects = change.action is not HostAction.DISCONNECT
                state = HostState.CONNECTED if connects else HostState.AVAILABLE
                world.hosts = list(_put(world.hosts, "name", change.host, state=state))
                return _one(world.hosts, change.host), (events.Hosts(hosts=tuple(world.hosts)),)
            case messages.AddRoot(path=path, mode=mode):
                others = [root for root in world.roots if root.path != path]
                view = RootView(path=path, label=Path(path).name, mode=mode)
                world.roots = [*others, view]
                return view, (events.Roots(roots=tuple(world.roots)),)
            case messages.RemoveRoot(path=path):
                world.roots = [root for root in world.roots if root.path != path]
                return Done(), (events.Roots(roots=tuple(world.roots)),)
            case messages.SetSecret() if world.keyring.problem:
                raise SecretError("The keyring is locked", "Unlock it, then try again.")
            case messages.SetSecret(name=name):
                users = tuple(server.name for server in world.servers if name in server.secrets)
                view_of = SecretView(name=name, used_by=users)
                world.secrets = [*(other for other in world.secrets if other.name != name), view_of]
                return view_of, (self._secrets(),)
            case messages.RemoveSecret(name=name):
                world.secrets = [secret for secret in world.secrets if secret.name != name]
                return Done(), (self._secrets(),)
            case messages.ListServers():
                return tuple(msgspec.structs.replace(server, cpu_percent=MEASURED) for server in world.servers), ()
            case messages.ListCalls(before=before, limit=limit):
                rows = [row for row in world.calls if not before or row.id < before]
                return tuple(rows[-min(limit, MOST_ROWS) :]), ()
            case messages.IndexCalls() | messages.PageCalls() | messages.ChartCalls():
                with closing(CallBook(world.calls)) as book:
                    return book.answer(command), ()
            case messages.GetCall(id=number):
                row = next((row for row in world.calls if row.id == number), fake_world.call(number))
                undo = "c0ffee" if number in world.undoable else ""
                body = {"arguments": '{"path": "config.toml"}', "result": '{"content": []}'}
                return CallDetail(row=row, **body, rule=7, undo=undo), ()
            case messages.UndoCall(id=number) if number in world.undoable:
                world.undoable.remove(number)
                return messages.Undone(id=number + 1, plan=ChangePlan(id="", tool="undo_change", title="")), ()
            case messages.UndoCall():
                raise RefusedError("Nothing was undone", "“config.toml” changed after that change was made.")
            case messages.AnswerQuestion(id=number, decision=decision):
                world.questions = [question for question in world.questions if question.id != number]
                end = QuestionEnd.ALLOWED if decision is Decision.ALLOW else QuestionEnd.DENIED
                return Done(), (events.QuestionClosed(id=number, end=end),)
            case messages.SetMode(mode=mode):
                world.mode = mode
                world.mode_until = time.time() + command.minutes * 60 if command.minutes else None
                return Done(), (events.Mode(mode=mode, until=world.mode_until),)
            case messages.RevokeGrant(id=number):
                gone = [grant for grant in world.grants if number in (0, grant.id)]
                world.grants = [grant for grant in world.grants if grant not in gone]
                ended = tuple(EndedGrant(grant=one, ended_at=time.time(), reason="You revoked it.") for one in gone)
                return Done(), (events.Grants(grants=tuple(world.grants), ended=ended),)
            case messages.CompareDefinition(name=name, own_name=own_name):
                old, new = '{"description": "Sends a mail."}', '{"description": "Sends a mail, and one to me."}'
                return messages.DefinitionChange(server=name, own_name=own_name, old=old, new=new, token="t1"), ()
            case messages.AcceptDefinition(name=name):
                tools = _put(_one(world.servers, name).tools, "own_name", command.own_name, changed=False)
                return self._put_server(name, tools=tools), (events.Servers(servers=tuple(world.servers)),)
            case messages.GetHouseRules():
                return world.rules, ()
            case messages.ChangeHouseRules(rules=rules):
                world.rules = rules
                return rules, ()
            case messages.DismissNotice(notice=notice):
                world.notices = [other for other in world.notices if other != notice]
                return Done(), ()
            case messages.AllowNext(id=1):
                raise UsageError("This call is too long ago", "Only what was denied a short while ago can be allowed.")
            case messages.Diagnose():
                return fake_findings.FINDINGS, ()
            case messages.MakeReport():
                return fake_findings.REPORT, ()
            case messages.PlanImport(request=request):
                return fake_findings.import_plan(request), ()
            case messages.GetImportProgress() | messages.StopImport():
                return fake_findings.PROGRESS, ()
            case messages.ApplyImport():
                return fake_findings.BROUGHT_IN, ()
            case messages.UndoImport():
                return fake_findings.TAKEN_BACK, ()
            case messages.Attach() | messages.Detach():
                return Done(), ()
            case messages.HoldQuestion() | messages.AllowNext() | messages.ResumeHost() | messages.SetScreenLock():
                return Done(), ()
            case _:
                raise UsageError("The fake gateway does not know that", type(command).__name__)

    def snapshot(self) -> events.Snapshot:
        world = self.world
        return events.Snapshot(
            version="0.1.0",
            pid=os.getpid(),
            started_at=time.time(),
            first_start=world.first_start,
            servers=tuple(world.servers),
            hosts=tuple(world.hosts),
            sessions=tuple(world.sessions),
            roots=tuple(world.roots),
            secrets=tuple(world.secrets),
            keyring=world.keyring,
            grants=tuple(world.grants),
            mode=world.mode,
            mode_until=world.mode_until,
            questions=tuple(world.questions),
            calls=tuple(world.calls),
            notices=tuple(world.notices),
        )

    def _plan(self, name: str, *, connect: bool) -> HostChange:
        host: HostView = _one(self.world.hosts, name)
        if host.state is HostState.UNREADABLE:
            raise HostFileError(f"The file of {host.title} cannot be changed safely", host.detail)
        return HostChange(
            host=name,
            action=HostAction.CONNECT if connect else HostAction.DISCONNECT,
            path=host.config_path or "",
            before_exists=True,
            diff=DIFF.format(path=host.config_path, host=name),
            token="t1",
            snippet='{"mcpServers": {"ostiary": {"command": "/usr/bin/ostiary-connect"}}}',
        )

    def _secrets(self) -> events.Secrets:
        return events.Secrets(secrets=tuple(self.world.secrets), keyring=self.world.keyring)

    def _put_server(self, name: str, **changes: object) -> ServerView:
        self.world.servers = list(_put(self.world.servers, "name", name, **changes))
        return _one(self.world.servers, name)


def _one(things: Iterable[T], name: str) -> T:
    for thing in things:
        if getattr(thing, "name", None) == name:
            return thing
    raise UsageError(f"There is no {name}")


def _put(things: Iterable[T], key: str, value: str, **changes: object) -> tuple[T, ...]:
    return tuple(
        msgspec.structs.replace(thing, **changes)  # type: ignore[type-var]  # T is one of our Structs
        if getattr(thing, key) == value
        else thing
        for thing in things
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--refuse-host-writes", action="store_true")
    parser.add_argument("--lock-keyring", action="store_true")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--die-once", type=Path)
    options, _ = parser.parse_known_args()

    def send(line: bytes) -> None:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()

    gateway = FakeGateway(fake_world.fresh() if options.fresh else fake_world.lived_in(), send)
    gateway.world.refuses_host_writes = options.refuse_host_writes
    if options.busy:
        gateway.world.calls = fake_calls.calls(fake_world.NOW)
        gateway.world.undoable = {fake_calls.WRITTEN}
    if options.lock_keyring:
        gateway.world.keyring = KeyringState(problem="The keyring is locked. Unlock it, then try again.")
    print("fake gateway: started", file=sys.stderr, flush=True)
    for line in sys.stdin.buffer:
        if options.record:
            with options.record.open("ab") as file:
                file.write(line)
        gateway.take(line)
        if options.die_once and not options.die_once.exists():
            options.die_once.touch()
            print("fake gateway: about to die", file=sys.stderr, flush=True)
            os._exit(70)
        if gateway.ended and not options.deaf:
            return


if __name__ == "__main__":
    main()
