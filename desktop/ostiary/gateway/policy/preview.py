"""The question that a person reads about one call: sentence, arguments, paths, warnings. Pure.

Nothing is shortened here; what does not fit is the window's business. Names and titles that a server chose are quoted,
never part of our own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import assert_never

import msgspec

from ostiary.domain.approval import Argument, Caller, Question, QuestionKind, ResolvedPath
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange
from ostiary.domain.root import Root
from ostiary.gateway.odd_names import told
from ostiary.gateway.policy.argument_paths import is_absolute, is_path_name, named_paths
from ostiary.gateway.policy.call import TOOLS_CALL, Call
from ostiary.gateway.policy.offers import offers
from ostiary.gateway.policy.pins import Definition, PinState, shown
from ostiary.gateway.policy.sensitive import is_sensitive

_URL_NAMES = frozenset(["url", "urls", "uri", "uris", "href", "endpoint", "link"])
_RECIPIENT_NAMES = frozenset(["to", "cc", "bcc", "recipient", "recipients", "email", "channel", "user", "chat"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is asked about. ``arguments`` are decoded; of ``resources/read`` and ``prompts/get`` they are the
    request's parameters."""

    call: Call
    caller: Caller
    server_title: str
    tool_title: str
    arguments: Mapping[str, object]
    plan: ChangePlan | None = None
    accepted: Definition | None = None
    """The definition that the person accepted; shown beside ``found`` when that differs."""
    found: Definition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What helps to see through a call.

    ``real_path`` follows links, ``is_missing`` looks whether nothing is at a real path, and ``mask`` hides secrets in
    an argument, given its name and decoded value.
    """

    roots: tuple[Root, ...]
    real_path: Callable[[str], str]
    is_missing: Callable[[str], bool]
    mask: Callable[[str, object], object]
    risky_always: bool = False
    """Whether *always* may be offered for what may destroy or reaches beyond this computer."""


def draft(subject: Subject, sight: Sight) -> Question:
    """A question whose id and times are not set yet."""
    call = subject.call
    paths = resolved_paths(subject, sight)
    changed = call.definition_changed
    return Question(
        id=0,
        kind=QuestionKind.CHANGED_TOOL if changed else QuestionKind.CALL,
        asked_at=0.0,
        deadline=0.0,
        last_deadline=0.0,
        caller=subject.caller,
        sentence=_sentence(subject),
        server=call.server,
        server_title=subject.server_title,
        origin=call.origin,
        tool=call.tool,
        tool_title=subject.tool_title,
        hints=call.hints,
        arguments=_arguments(subject.arguments, sight.mask),
        paths=paths,
        plan=subject.plan,
        warnings=_warnings(subject, paths),
        old_definition=shown(subject.accepted) if changed else "",
        new_definition=shown(subject.found) if changed else "",
        offers=offers(call, sight.roots, risky_always=sight.risky_always),
    )


def resolved_paths(subject: Subject, sight: Sight) -> tuple[ResolvedPath, ...]:
    """Where each path leads: as the server planned it, otherwise as far as it is absolute."""
    if subject.plan is not None:
        return tuple(_planned_path(item, sight) for item in subject.plan.items)
    return tuple(_resolve(path, sight) for path in named_paths(subject.arguments) if is_absolute(path))


def _planned_path(item: PlannedChange, sight: Sight) -> ResolvedPath:
    root = item.root if item.inside else None
    return ResolvedPath(path=item.path, real_path=item.real_path, root=root, missing=sight.is_missing(item.real_path))


def _resolve(path: str, sight: Sight) -> ResolvedPath:
    real = sight.real_path(path)
    inside = [root for root in sight.roots if PurePath(real).is_relative_to(root.path)]
    nearest = max(inside, key=lambda root: len(root.path), default=None)
    root = nearest.label if nearest else None
    return ResolvedPath(path=path, real_path=told(real), root=root, missing=sight.is_missing(real))


def _sentence(subject: Subject) -> str:
    """Whole sentences, each a literal: the window knows them again and says them in its language.

    A tool is called by its name: a title is what its server says of it, as long as it likes and of what it likes.
    """
    who, server = subject.caller.title, f"through the server “{subject.server_title}”"
    if subject.plan is not None and subject.plan.items:
        return _planned(who, subject.plan.items, server)
    if subject.call.method == "prompts/get":
        return f"{who} wants to use the prompt “{subject.arguments.get('name', '')}”, {server}."
    if subject.call.method != TOOLS_CALL:
        return f"{who} wants to read {subject.arguments.get('uri', '')}, {server}."
    return f"{who} wants to use “{subject.call.tool}”, {server}."


def _planned(who: str, items: tuple[PlannedChange, ...], server: str) -> str:
    first, *others = items
    what = f"{first.path} and {len(others)} more of them" if others else first.path
    match first.op:
        case Operation.MOVE if others:
            return f"{who} wants to move {first.path} to {others[0].path}, {server}."
        case Operation.COPY if others:
            return f"{who} wants to copy {first.path} to {others[0].path}, {server}."
        case Operation.CREATE:
            return f"{who} wants to create {what}, {server}."
        case Operation.EDIT:
            return f"{who} wants to change {what}, {server}."
        case Operation.OVERWRITE:
            return f"{who} wants to overwrite {what}, {server}."
        case Operation.MAKE_FOLDER:
            return f"{who} wants to make the folder {what}, {server}."
        case Operation.MOVE:
            return f"{who} wants to move {what}, {server}."
        case Operation.COPY:
            return f"{who} wants to copy {what}, {server}."
        case Operation.TRASH:
            return f"{who} wants to put {what} in the trash, {server}."
    assert_never(first.op)


def _arguments(arguments: Mapping[str, object], mask: Callable[[str, object], object]) -> tuple[Argument, ...]:
    made = [_argument(name, value, mask(name, value)) for name, value in arguments.items()]
    return tuple(sorted(made, key=_rank))


def _argument(name: str, value: object, masked: object) -> Argument:
    text = masked if isinstance(masked, str) else msgspec.json.format(msgspec.json.encode(masked), indent=2).decode()
    is_path = is_path_name(name) or bool(named_paths({name: value}))
    return Argument(name=name, text=text, is_path=is_path)


def _rank(argument: Argument) -> int:
    """Paths first, then addresses, then recipients; the rest as it came (sorting keeps the order of equals)."""
    name = argument.name.casefold()
    if argument.is_path:
        return 0
    if name in _URL_NAMES or argument.text.startswith(("http://", "https://")):
        return 1
    return 2 if name in _RECIPIENT_NAMES else 3


def _warnings(subject: Subject, paths: tuple[ResolvedPath, ...]) -> tuple[str, ...]:
    found = [f"{path.path} is outside your folders." for path in paths if path.root is None]
    found += [
        f"{path.path} may hold secrets." for path in paths if is_sensitive(path.path) or is_sensitive(path.real_path)
    ]
    found += [f"{path.path} really leads to {path.real_path}." for path in paths if path.path != path.real_path]
    if subject.plan is not None:
        found += [warning for item in subject.plan.items for warning in item.warnings]
    if subject.call.pin is PinState.NEW:
        found.append("This tool was added to its server after you switched the server on.")
    elif subject.call.definition_changed:
        found.append("This tool's definition changed since you accepted it. Compare the old and the new one.")
    return tuple(dict.fromkeys(found))
