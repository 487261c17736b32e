"""The doctor's sentences: what was seen, and what to do where it is wrong. Pure; who looks is ``doctor``."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from ostiary.domain.errors import in_sentences
from ostiary.domain.finding import Finding
from ostiary.domain.host import HostState, HostView
from ostiary.domain.root import RootView
from ostiary.domain.secret import KeyringState
from ostiary.domain.server import ServerState, ServerView
from ostiary.gateway.sightings import HostSighting, ServerStart
from ostiary.gateway.supervise.login_path import FoundPath

_FEW_WATCHES = 65_536
_BAD_STATES = (ServerState.FATAL, ServerState.BACKOFF)
_MODERN = "2026-07-28"
WATCH_LIMIT = "fs.inotify.max_user_watches"


def front(has_front: bool) -> Finding:
    """Whether anybody can be asked."""
    if has_front:
        return Finding(code="front", ok=True, sentence="A window is attached; questions can be asked.")
    sentence = "No window is attached: what would ask is decided as Ostiary was started."
    return Finding(code="front", ok=True, sentence=sentence)


def keyring(state: KeyringState) -> Finding:
    """Whether secrets can be kept."""
    if state.problem:
        return Finding(code="keyring", ok=False, sentence="Secrets cannot be kept or read.", action=state.problem)
    return Finding(code="keyring", ok=True, sentence=f"Secrets are kept in {state.backend}.")


def path(found: FoundPath) -> Finding:
    """The PATH that servers get."""
    if found.problem:
        sentence = f"Programs are sought on the PATH that Ostiary was started with. {found.problem}"
        action = "Start your shell by hand and see what keeps it, or give servers the full path of their program."
        return Finding(code="path", ok=False, sentence=sentence, action=action)
    if found.shell:
        sentence = f"Programs are sought on the PATH that {found.shell} makes at login: {found.path}"
    else:
        sentence = f"Programs are sought on the PATH of your account: {found.path}"
    return Finding(code="path", ok=True, sentence=sentence)


def watches(limit: int | None) -> Finding:
    """How many folders can be watched; ``None`` where the system sets no limit."""
    if limit is None:
        return Finding(code="watches", ok=True, sentence="This system does not limit watched folders.")
    if limit >= _FEW_WATCHES:
        return Finding(code="watches", ok=True, sentence=f"{limit:,} folders can be watched.")
    return Finding(
        code="watches",
        ok=False,
        sentence=f"Only {limit:,} folders can be watched; large ones are looked at by polling.",
        action=f"Raise the system's limit {WATCH_LIMIT}.",
    )


def host(view: HostView) -> Finding:
    """How a host's file stands towards us."""
    code, place = f"host.{view.name}", f" ({view.config_path})" if view.config_path else ""
    if view.harm:
        action = f"See what it would be put back to: `ostiary hosts repair {view.name} --dry-run`."
        return Finding(
            code=code, ok=False, sentence=f"{view.title}'s file was harmed{place}. {view.harm}", action=action
        )
    match view.state:
        case HostState.UNREADABLE:
            action = view.detail or "Mend the file by hand."
            return Finding(code=code, ok=False, sentence=f"{view.title}'s file cannot be read{place}.", action=action)
        case HostState.CHANGED:
            action = f"Connect {view.title} again."
            return Finding(code=code, ok=False, sentence=f"{view.title}'s entry was changed{place}.", action=action)
        case HostState.CONNECTED:
            return Finding(code=code, ok=True, sentence=f"{view.title} is connected{place}.")
        case HostState.AVAILABLE:
            return Finding(code=code, ok=True, sentence=f"{view.title} is here and not connected{place}.")
        case HostState.NOT_FOUND:
            return Finding(code=code, ok=True, sentence=f"{view.title} is not on this machine.")


def host_program(view: HostView, program: str, *, is_there: bool) -> Finding:
    """Whether the program that a host's entry names can be started."""
    code = f"host.{view.name}.program"
    if is_there:
        return Finding(code=code, ok=True, sentence=f"{view.title} is told to start {program}.")
    sentence = f"{view.title} is told to start {program}, which is gone."
    return Finding(code=code, ok=False, sentence=sentence, action=f"Connect {view.title} again.")


def host_contact(view: HostView, seen: HostSighting | None) -> Finding:
    """When a connected host was here last, and what it really spoke."""
    code = f"host.{view.name}.contact"
    if seen is None:
        action = view.restart_needed or view.restart_hint
        return Finding(code=code, ok=False, sentence=f"{view.title} has not been here yet.", action=action)
    when = f"{view.title} is here now." if view.sessions else f"{view.title} was here last at {_clock(seen.at)}."
    named = f"It calls itself {seen.client}." if seen.client else "It does not say its name."
    can = ", ".join(seen.capabilities)
    spoke = f"It spoke MCP {seen.revision} and can do: {can}." if can else f"It spoke MCP {seen.revision}."
    sentence = f"{when} {named} {spoke}"
    if view.restart_needed:
        return Finding(code=code, ok=False, sentence=sentence, action=view.restart_needed)
    return Finding(code=code, ok=True, sentence=sentence)


def server(view: ServerView, start: ServerStart | None, *, modern: bool | None) -> Finding:
    """A server's state, how it speaks and how long it took to start; ``modern`` is ``None`` while nobody knows."""
    bad = view.state in _BAD_STATES
    facts = [_state(view)]
    if modern is not None:
        facts.append(f"It speaks MCP {_MODERN}." if modern else f"It speaks MCP of before {_MODERN}.")
    if start is not None:
        facts.append(f"Its first start took {start.first_s:.1f} s, its last {start.last_s:.1f} s.")
    told = in_sentences(view.error, view.advice) or "Look at its output."
    return Finding(code=f"server.{view.name}", ok=not bad, sentence=" ".join(facts), action=told if bad else "")


def _state(view: ServerView) -> str:
    if not view.enabled:
        return f"The server {view.title} is off."
    match view.state:
        case ServerState.STOPPED:
            return f"The server {view.title} is stopped."
        case ServerState.STARTING:
            return f"The server {view.title} is starting."
        case ServerState.RUNNING:
            return f"The server {view.title} is running."
        case ServerState.BACKOFF:
            return f"The server {view.title} waits to be started again."
        case ServerState.STOPPING:
            return f"The server {view.title} is stopping."
        case ServerState.EXITED:
            return f"The server {view.title} has ended."
        case ServerState.FATAL:
            return f"The server {view.title} was given up."
        case ServerState.IDLE:
            return f"The server {view.title} is stopped, and starts when it is needed."
    assert_never(view.state)


def program(view: ServerView, place: str | None) -> Finding:
    """Where the program of a server is."""
    code, name = f"program.{view.name}", view.command[0]
    if place is not None:
        return Finding(code=code, ok=True, sentence=f"The program of {view.title} is {place}.")
    return Finding(
        code=code,
        ok=False,
        sentence=f"The program “{name}” of {view.title} was not found.",
        action="Install it, or give its full path in the server's command.",
    )


def runtime(name: str, place: str | None, version: str, users: Sequence[str]) -> Finding:
    """The interpreter that servers need."""
    code, needed = f"runtime.{name}", ", ".join(users)
    if place is None:
        sentence = f"{name} was not found. Servers that need it: {needed}."
        return Finding(code=code, ok=False, sentence=sentence, action=f"Install {name}, or see the finding “path”.")
    if not version:
        action = f"Run “{name} --version” in a terminal and see what it says."
        return Finding(code=code, ok=False, sentence=f"{place} does not tell its version.", action=action)
    return Finding(code=code, ok=True, sentence=f"{name} {version} is {place}, used by {needed}.")


def roots(views: Sequence[RootView]) -> Iterable[Finding]:
    """The approved folders."""
    if not views:
        action = "Approve one, or bundled servers see nothing."
        return (Finding(code="roots", ok=False, sentence="No folder is approved.", action=action),)
    return _roots(views)


def _roots(views: Sequence[RootView]) -> Iterator[Finding]:
    for root in views:
        sentence = f"{root.path} is approved."
        yield Finding(code="root", ok=not root.problem, sentence=sentence, action=root.problem)


def _clock(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
