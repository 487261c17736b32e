"""What the prompt says. Pure: a ``Question`` comes in, plain text goes out, with every hidden character named.

The words the buttons and the sections carry stand here too, so that the prompt's language is in one file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, NamedTuple, assert_never

from ostiary.domain.approval import (
    Duration,
    Offer,
    Process,
    Question,
    QuestionEnd,
    QuestionKind,
    ResolvedPath,
    Scope,
)
from ostiary.domain.plan import ChangePlan, FileState, Operation, PlannedChange, Risk
from ostiary.domain.server import ServerOrigin, ToolHints
from ostiary.ui.approval.visible import count_hidden, reveal_line

DENY: Final = "Deny"
ALLOW_ONCE: Final = "Allow once"
ALLOW_FOR: Final = "Allow for… ▾"
ALLOW_ALWAYS: Final = "Always allow"
BACK: Final = "Back"
LATER: Final = "Later"
LATER_MEANS: Final = "Hides this window (Esc). The question stays open in Ostiary and the time runs on."
ALL_ARGUMENTS: Final = "All arguments"
WHO_IS_ASKING: Final = "Who is asking"
NO_ARGUMENTS: Final = "Called without arguments."
NO_PREVIEW: Final = "Ostiary cannot preview what this tool does. Judge by its arguments, which are shown complete."
NO_PLAN: Final = "There is no preview of this change. Judge by the arguments, which are shown complete."
OLD_DEFINITION: Final = "What you accepted"
NEW_DEFINITION: Final = "What the server says now"
NOTHING: Final = "(nothing)"

TITLE_NAME_LONGEST: Final = 40
"""Characters of a name in the title; it stands in full below."""

_VERBS: Final = {
    Operation.CREATE: ("create", "file"),
    Operation.EDIT: ("change", "file"),
    Operation.OVERWRITE: ("overwrite", "file"),
    Operation.MAKE_FOLDER: ("create", "folder"),
    Operation.MOVE: ("move", "item"),
    Operation.COPY: ("copy", "item"),
    Operation.TRASH: ("trash", "item"),
}
_OPERATIONS: Final = {
    Operation.CREATE: "new file",
    Operation.EDIT: "edit",
    Operation.OVERWRITE: "overwrite",
    Operation.MAKE_FOLDER: "new folder",
    Operation.MOVE: "moved",
    Operation.COPY: "copied",
    Operation.TRASH: "to the trash",
}
_IN_PAIRS: Final = (Operation.MOVE, Operation.COPY)
"""Planned as two items: where it is taken from, then where it is put."""


class Warn(NamedTuple):
    """A warning: the word that stands beside ▲, and what there is to know. Either may be empty."""

    word: str
    text: str = ""


def title(question: Question) -> str:
    """One line: who wants to do what to how much."""
    who = _short(question.caller.title or question.caller.host or "An unknown program")
    tool = _short(question.tool)
    match question.kind:
        case QuestionKind.CALL | QuestionKind.WIDEN if question.plan is not None and question.plan.items:
            return f"{who} wants to {_planned(question.plan)}"
        case QuestionKind.CALL if tool:
            return f"{who} wants to use {tool}"
        case QuestionKind.CALL:
            return f"{who} wants to read"
        case QuestionKind.CHANGED_TOOL:
            return f"{tool} is not the tool you accepted"
        case QuestionKind.WIDEN:
            return f"{who} wants more access"
        case _:
            assert_never(question.kind)


def allow_once(question: Question) -> str:
    """What the narrowest *yes* is called."""
    return "Allow" if question.kind is QuestionKind.WIDEN else ALLOW_ONCE


def deny(seconds: int) -> str:
    """The button that also stands for no answer, with its countdown."""
    return f"{DENY} · {seconds} s" if seconds < 100 else f"{DENY} · {seconds // 60} min"


def scope(offer: Offer, question: Question) -> str:
    """How far an answer would reach."""
    tool, server = _short(question.tool), _short(question.server_title or question.server)
    match offer.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return f"{tool} with these same arguments"
        case Scope.FOLDER:
            return f"{tool} in {reveal_line(tilde(offer.folder))}"
        case Scope.TOOL:
            return f"{tool}, whatever it is given"
        case Scope.SERVER_READS:
            return f"Everything that {server} says only reads"
        case Scope.SERVER:
            return f"Every tool of {server}"
        case _:
            assert_never(offer.scope)


def lasts(duration: Duration, question: Question) -> str:
    """How long an answer would hold."""
    match duration:
        case Duration.ONCE:
            return "Once"
        case Duration.FIVE_MINUTES:
            return "For 5 minutes"
        case Duration.HOUR:
            return "For 1 hour"
        case Duration.UNTIL_DISCONNECT:
            return f"Until {_short(question.caller.title or question.caller.host)} disconnects"
        case Duration.UNTIL_QUIT:
            return "Until Ostiary quits"
        case Duration.ALWAYS:
            return "Always…"
        case _:
            assert_never(duration)


def always_means(what: str, host: str) -> str:
    """What the person is asked once more."""
    return (
        f"Always allow {host}: {what}? You are not asked again until you revoke it under Rules, "
        "or the host, the server or the tool changes."
    )


def host_name(question: Question) -> str:
    """The host as a sentence names it."""
    return _short(question.caller.title or question.caller.host or "An unknown program")


def tilde(path: str) -> str:
    """The path with the home folder as ``~``."""
    home = os.path.expanduser("~")  # noqa: PTH111 - text in, text out
    return f"~{path[len(home) :]}" if path == home or path.startswith(f"{home}{os.sep}") else path


def waiting(others: int) -> str:
    """How many questions wait behind the shown one; empty for none."""
    return f"{others} more waiting" if others > 0 else ""


def sentence(question: Question) -> str:
    """What is asked, where that says more than the title and what stands below; otherwise empty."""
    return "" if question.kind is QuestionKind.CALL and question.tool else question.sentence


def group(questions: tuple[Question, ...]) -> str:
    """Says how many calls of one tool wait."""
    return f"{len(questions)} calls of {_short(questions[0].tool)} wait, each with other arguments:"


def object_line(question: Question) -> str:
    """What a call is about, in one line: the paths it changes or names, otherwise the sentence."""
    planned = [f"{tilde(item.path)} ({change(item)})" for item in question.plan.items] if question.plan else []
    paths = [tilde(path.path) for path in question.paths]
    arguments = [f"{argument.name}: {argument.text}" for argument in question.arguments]
    return "· " + reveal_line(", ".join(planned or paths or arguments) or question.sentence)


def allow_these(number: int) -> str:
    return f"Allow these {number} once"


def deny_these(number: int) -> str:
    return f"Deny all {number}"


def server(question: Question) -> str:
    """The server, and where its program comes from."""
    name = reveal_line(question.server_title or question.server)
    raw = reveal_line(question.server)
    named = name if name.casefold() == raw.casefold() else f"{name} ({raw})"
    return f"{named} · {'comes with Ostiary' if question.origin is ServerOrigin.BUNDLED else 'added by you'}"


def hints(claimed: ToolHints) -> str:
    """What the server says about its tool, marked as no more than that."""
    claims = [
        "only reads" if claimed.read_only else "may destroy" if claimed.destructive else "only adds",
        "reaches beyond this computer" if claimed.open_world else "stays on this computer",
    ]
    if claimed.idempotent and not claimed.read_only:
        claims.append("repeating changes nothing more")
    return " · ".join(claims)


def process(found: Process) -> str:
    """One process of the caller's chain, in full."""
    program = reveal_line(found.executable) or "its program is not known"
    script = f" · runs {reveal_line(found.script)}" if found.script else ""
    return f"pid {found.pid} · {program}{script}"


def repeats(question: Question) -> str:
    """Says that one answer counts for several calls; empty for one."""
    if question.repeats < 2:
        return ""
    return f"{question.repeats} identical calls wait for this answer. It counts for all of them."


def place(root: str | None, inside: bool) -> str:
    """The badge of a path."""
    if not inside:
        return "▲ outside your folders"
    return f"✓ inside {reveal_line(root)}" if root else "✓ inside your folders"


def change(item: PlannedChange) -> str:
    """The line under a planned path: what, how much, and what is kept."""
    goes_there = item.op in _IN_PAIRS and item.before is None
    parts = ["new place" if goes_there else _OPERATIONS[item.op]]
    if item.added or item.removed:
        parts.append(f"+{item.added} −{item.removed}")
    if item.after is not None:
        parts += _kept(item.before, item.after)
    return " · ".join(parts)


def warnings(question: Question) -> tuple[Warn, ...]:
    """Everything that should stop the eye, the gravest first."""
    return tuple(_warnings(question))


def _warnings(question: Question) -> Iterator[Warn]:
    if question.kind is QuestionKind.CHANGED_TOOL:
        yield Warn("Definition changed", "The server describes this tool in another way than when you accepted it.")
    if not question.caller.verified:
        yield Warn("Unverified", reveal_line(question.caller.warning) or "The program behind this call is not known.")
    elif question.caller.warning:
        yield Warn("Check who asks", reveal_line(question.caller.warning))
    if outside := _outside(question):
        yield Warn("Outside your folders", ", ".join(outside))
    if hidden := count_hidden(_everything(question)):
        yield Warn(
            "Hidden characters",
            f"{hidden:,} that do not show or turn text around. Each is written out, as ⟨ESC⟩ or ⟨U+202E⟩.",
        )
    if question.plan is not None and question.plan.risk is Risk.HIGH:
        yield Warn("High risk", "The server says that a mistake here would cost much.")
    yield from (Warn("", reveal_line(text)) for text in question.warnings)


def _outside(question: Question) -> list[str]:
    """Paths outside the approved folders. What would make a folder one of them is not yet among them."""
    if question.kind is QuestionKind.WIDEN:
        return []
    planned = [item.real_path for item in question.plan.items if not item.inside] if question.plan else []
    given = [path.real_path for path in question.paths if path.root is None]
    return [reveal_line(path) for path in dict.fromkeys(planned + given)]


def _everything(question: Question) -> str:
    """All that someone else wrote, for the search for hidden characters."""
    texts = [question.tool, question.tool_title, question.server_title, question.caller.title, question.sentence]
    texts += [text for argument in question.arguments for text in (argument.name, argument.text)]
    texts += [question.new_definition]
    if question.plan is not None:
        texts += [text for item in question.plan.items for text in (item.path, item.real_path, item.diff)]
    return "\n".join(texts)


def _planned(plan: ChangePlan) -> str:
    operations = {item.op for item in plan.items}
    verb, noun = _VERBS[operations.pop()] if len(operations) == 1 else ("change", "path")
    count = len([item for item in plan.items if item.op not in _IN_PAIRS or item.before is not None])
    return f"{verb} {count} {noun}{'s' if count > 1 else ''}"


def _kept(before: FileState | None, after: FileState) -> Iterator[str]:
    """Encoding, line ends and mode: what stays and what becomes of it."""
    was, now = _form(before), _form(after)
    for name, value in now.items():
        if name in was and was[name] != value:
            yield f"{name} {was[name]} → {value}"
    if same := [value for name, value in now.items() if name != "mode" and was.get(name, value) == value]:
        yield f"{', '.join(same)}{' kept' if before is not None else ''}"


def _form(state: FileState | None) -> dict[str, str]:
    if state is None:
        return {}
    named = {"encoding": state.encoding or "", "line ends": state.eol or "", "mode": state.mode or ""}
    return {name: reveal_line(value).upper() for name, value in named.items() if value}


def _short(name: str) -> str:
    shown = reveal_line(name)
    return shown if len(shown) <= TITLE_NAME_LONGEST else shown[: TITLE_NAME_LONGEST - 1] + "…"


def resolved(path: ResolvedPath) -> str:
    """Where a path really leads, when that is not what was given; otherwise empty."""
    plain = os.path.expanduser(path.path)  # noqa: PTH111 - Path would also drop "./" and "//"
    return "" if path.real_path == plain else f"leads to {reveal_line(path.real_path)}"


def ended(end: QuestionEnd) -> str:
    """What became of the question before, where the person did not do it; otherwise empty."""
    match end:
        case QuestionEnd.ALLOWED | QuestionEnd.DENIED:
            return ""
        case QuestionEnd.TIMED_OUT:
            return "The question before ran out of time and was denied this once."
        case QuestionEnd.WITHDRAWN:
            return "The question before was withdrawn: its host no longer asks."
        case _:
            assert_never(end)
