"""Commands that widen access or write, put to the person as a question. Pure but for the asking itself."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any, assert_never

from ostiary.control import messages as m
from ostiary.domain.approval import Argument, Caller, GateMode, Question, QuestionKind
from ostiary.domain.events import Notice, Severity
from ostiary.domain.host_import import Candidate, ImportPlan
from ostiary.domain.house_rules import Writes
from ostiary.domain.plan import ChangePlan
from ostiary.domain.root import RootMode
from ostiary.domain.server import ServerSpec, ToolState

_MODES = {
    GateMode.NORMAL: "let reads pass again, and have writes ask",
    GateMode.ASK_ALL: "have every call ask",
    GateMode.BLOCK_ALL: "block everything",
    GateMode.PAUSED: "pause the questions, so that what would ask is denied",
}
_WRITES = {
    Writes.DENY: "writes are denied while nobody can be asked",
    Writes.ELICIT: "hosts ask about writes while no window can",
    Writes.ALLOW: "writes are allowed while nobody can be asked",
}
_ALWAYS = {
    True: "tools that may destroy may be allowed for always",
    False: "tools that may destroy may not be allowed for always",
}


def sentence(command: m.Command[Any]) -> str:
    """What a command would do, as the end of a sentence that begins with "wants to"."""
    match command:
        case m.EnableServer(name=name):
            return f"switch the server “{name}” on for every host"
        case m.AddServer(name=name):
            return f"add the server “{name}”"
        case m.RestoreServer(name=name):
            return f"bring the removed server “{name}” back as it was, with the rules about it"
        case m.ApplyImport(request=request):
            other = request.file or ("a pasted block" if request.pasted else "the hosts on this machine")
            places, names = ", ".join(request.hosts) or other, ", ".join(request.names)
            return f"add the servers {names} from {places}" if names else f"add all servers from {places}"
        case m.RestartHost(host=host):
            return f"end the host “{host}” and start it again"
        case m.TrustServer(name=name):
            return f"believe what the server “{name}” says about its own tools"
        case m.SetToolState(name=server, own_name=own_name, state=state):
            return _tool(state, _named(own_name, server))
        case m.ShowServerToHost(host=host, server=server):
            return f"show the server “{server}” to {host} again"
        case m.SetToolForHost(host=host, server=server, own_name=own_name, state=state):
            return f"{_tool(state, _named(own_name, server))} for the host {host}"
        case m.AddRoot(path=path, mode=mode):
            return f"approve the folder {path} to {'read and write' if mode is RootMode.READ_WRITE else 'read'}"
        case m.SetMode(mode=mode, minutes=minutes):
            return _MODES[mode] if minutes is None else f"{_MODES[mode]}, and end that after {minutes:g} min"
        case m.ChangeHouseRules(rules=rules):
            return f"change the settings so that {_WRITES[rules.writes]}; {_ALWAYS[rules.risky_always]}"
        case m.UndoCall(id=number):
            return f"undo call {number} of the log"
        case _:
            return f"run the command {type(command).__name__}"


def _named(own_name: str, server: str) -> str:
    return f"“{own_name}” of the server “{server}”"


def _tool(state: ToolState, tool: str) -> str:
    match state:
        case ToolState.ENABLED:
            return f"switch the tool {tool} on"
        case ToolState.ASKS:
            return f"have the tool {tool} ask"
        case ToolState.DISABLED:
            return f"switch the tool {tool} off"
    assert_never(state)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of a command besides what it says itself.

    ``plan`` is what a writing one would change, ``arguments`` what stands behind a name that it gives.
    """

    plan: ChangePlan | None = None
    arguments: tuple[Argument, ...] = ()


def of_server(spec: ServerSpec) -> Shown:
    """What would run under a server's name."""
    return Shown(arguments=(Argument(name="the exact command", text=shlex.join(spec.command)),))


def of_import(plan: ImportPlan) -> Shown:
    """Which servers would be added, and whose files would change."""
    chosen = [candidate for candidate in plan.candidates if candidate.chosen]
    servers = (argument for candidate in chosen for argument in _of_candidate(candidate))
    files = (Argument(name="file that is changed", text=change.path, is_path=True) for change in plan.changes)
    return Shown(arguments=(*servers, *files))


def _of_candidate(candidate: Candidate) -> tuple[Argument, ...]:
    exact = Argument(name=f"the exact command of “{candidate.name}”", text=shlex.join(candidate.command))
    variables = candidate.environment.items()
    return (
        exact,
        *(Argument(name=f"variable {name} of “{candidate.name}”", text=value) for name, value in variables),
    )


def draft(command: m.Command[Any], caller: Caller, shown: Shown | None = None) -> Question:
    """The question about a command; its id and times are not set yet."""
    shown = shown or Shown()
    return Question(
        id=0,
        kind=QuestionKind.WIDEN,
        asked_at=0.0,
        deadline=0.0,
        last_deadline=0.0,
        caller=caller,
        sentence=f"A command wants to {sentence(command)}.",
        arguments=(*_arguments(command), *shown.arguments),
        plan=shown.plan,
        warnings=("Allow it only if you just gave this command yourself.",),
    )


def review_notice(command: m.Command[Any]) -> Notice:
    """What is kept for the person where a command was obeyed without asking."""
    return Notice(
        severity=Severity.WARNING,
        title=f"A command was obeyed while no window was open: {sentence(command)}",
        detail="Ostiary had been started with --trust-cli. Undo it if it was not you.",
    )


def _arguments(command: m.Command[Any]) -> tuple[Argument, ...]:
    match command:
        case m.AddServer():
            exact = Argument(name="the exact command", text=shlex.join(command.command))
            variables = command.environment.items()
            return (exact, *(Argument(name=f"environment variable {name}", text=value) for name, value in variables))
        case m.AddRoot(path=path):
            return (Argument(name="the folder’s path", text=path, is_path=True),)
        case _:
            return ()
