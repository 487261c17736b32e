"""What the prompt says. Pure: a ``Question`` comes in, plain text goes out, with every hidden character named.

The words the buttons and the sections carry stand here too; those of a planned change are in ``plan_words``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, NamedTuple, assert_never

from msgspec.structs import replace

from ostiary.domain.approval import (
    Argument,
    Caller,
    Duration,
    Offer,
    Process,
    Question,
    QuestionEnd,
    QuestionKind,
    ResolvedPath,
    Scope,
)
from ostiary.domain.plan import Risk
from ostiary.domain.server import ServerOrigin, ToolHints
from ostiary.ui.approval import plan_words
from ostiary.ui.figures import number
from ostiary.ui.language import said, tr, tr_n
from ostiary.ui.visible import count_hidden, reveal_line

DENY: Final = tr("Deny")
ALLOW_ONCE: Final = tr("Allow once")
ALLOW_FOR: Final = tr("Allow for… ▾")
ALLOW_ALWAYS: Final = tr("Always allow")
BACK: Final = tr("Back")
LATER: Final = tr("Later")
LATER_MEANS: Final = tr("Hides this window (Esc). The question stays open in Ostiary and the time runs on.")
ALL_ARGUMENTS: Final = tr("All arguments")
DENY_KEY: Final = "Alt+D"
ALLOW_KEY: Final = "Alt+A"
PREVIOUS: Final = tr("Previous question")
NEXT: Final = tr("Next question")
WHAT_IS_ASKED: Final = tr("What is asked")
APPROVAL: Final = tr("Approval")
HOST: Final = tr("Host")
SERVER: Final = tr("Server")
TOOL: Final = tr("Tool")
UNKNOWN: Final = tr("unknown")
MISSING: Final = tr("○ does not exist")
VERIFIED: Final = tr("✓ verified")
UNVERIFIED: Final = tr("▲ unverified")
NO_PROCESS: Final = tr("No process was found behind this call.")
WHO_IS_ASKING: Final = tr("Who is asking")
NO_ARGUMENTS: Final = tr("Called without arguments.")
NO_PREVIEW: Final = tr("Ostiary cannot preview what this tool does. Judge by its arguments, which are shown complete.")
NO_PLAN: Final = tr("There is no preview of this change. Judge by the arguments, which are shown complete.")
OLD_DEFINITION: Final = tr("What you accepted")
NEW_DEFINITION: Final = tr("What the server says now")
NOTHING: Final = tr("(nothing)")

TITLE_NAME_LONGEST: Final = 40
"""Characters of a name in the title; it stands in full below."""
TOOL_TITLE_LONGEST: Final = 120
"""Characters. It is the server's to choose, and must not push what is asked out of view."""


class Warn(NamedTuple):
    """A warning: the word that stands beside ▲, and what there is to know. Either may be empty."""

    word: str
    text: str = ""


def title(question: Question) -> str:
    """One line: who wants to do what to how much."""
    who, tool = host_name(question), _short(question.tool)
    match question.kind:
        case QuestionKind.CALL | QuestionKind.WIDEN if question.plan is not None and question.plan.items:
            return plan_words.title(who, question.plan)
        case QuestionKind.CALL if tool:
            return tr("{host} wants to use {tool}").format(host=who, tool=tool)
        case QuestionKind.CALL:
            return tr("{host} wants to read").format(host=who)
        case QuestionKind.CHANGED_TOOL:
            return tr("{tool} is not the tool you accepted").format(tool=tool)
        case QuestionKind.WIDEN:
            return tr("{host} wants more access").format(host=who)
        case _:
            assert_never(question.kind)


def allow_once(question: Question) -> str:
    """What the narrowest *yes* is called."""
    return tr("Allow") if question.kind is QuestionKind.WIDEN else ALLOW_ONCE


def all_arguments(arguments: int) -> str:
    return tr("All arguments ({n})").format(n=number(arguments))


def more_arguments(arguments: int) -> str:
    return tr_n("{n} more argument", "{n} more arguments", arguments).format(n=number(arguments))


def all_characters(characters: int) -> str:
    return tr_n("All {n} character", "All {n} characters", characters).format(n=number(characters))


def deny(seconds: int) -> str:
    """The button that also stands for no answer, with its countdown."""
    return tr("Deny · {n} s").format(n=seconds) if seconds < 100 else tr("Deny · {n} min").format(n=seconds // 60)


def scope(offer: Offer, question: Question) -> str:
    """How far an answer would reach."""
    tool, server = _short(question.tool), _short(question.server_title or question.server)
    match offer.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return tr("{tool} with these same arguments").format(tool=tool)
        case Scope.FOLDER:
            return tr("{tool} in {folder}").format(tool=tool, folder=reveal_line(tilde(offer.folder)))
        case Scope.TOOL:
            return tr("{tool}, whatever it is given").format(tool=tool)
        case Scope.SERVER_READS:
            return tr("Everything that {server} says only reads").format(server=server)
        case Scope.SERVER:
            return tr("Every tool of {server}").format(server=server)
        case _:
            assert_never(offer.scope)


def lasts(duration: Duration, question: Question) -> str:
    """How long an answer would hold."""
    match duration:
        case Duration.ONCE:
            return tr("Once")
        case Duration.FIVE_MINUTES:
            return tr("For 5 minutes")
        case Duration.HOUR:
            return tr("For 1 hour")
        case Duration.UNTIL_DISCONNECT:
            return tr("Until {host} disconnects").format(host=host_name(question))
        case Duration.UNTIL_QUIT:
            return tr("Until Ostiary quits")
        case Duration.ALWAYS:
            return tr("Always…")
        case _:
            assert_never(duration)


def always_means(what: str, host: str) -> str:
    """What the person is asked once more."""
    return tr(
        "Always allow {host}: {what}? You are not asked again until you revoke it under Rules, "
        "or the host, the server or the tool changes."
    ).format(host=host, what=what)


def host_in_full(caller: Caller) -> str:
    """The host by its whole name."""
    return said(reveal_line(caller.title or caller.host)) or UNKNOWN


def host_name(question: Question) -> str:
    """The host as a sentence names it."""
    return said(_short(question.caller.title or question.caller.host)) or tr("An unknown program")


def tilde(path: str) -> str:
    """The path with the home folder as ``~``."""
    home = os.path.expanduser("~")  # noqa: PTH111 - text in, text out
    return f"~{path[len(home) :]}" if path == home or path.startswith(f"{home}{os.sep}") else path


def arguments(question: Question) -> tuple[Argument, ...]:
    """All with their names as they are shown: a tool's own as they are, those of a command in the chosen language."""
    named = said if question.kind is QuestionKind.WIDEN else reveal_line
    return tuple(replace(argument, name=named(argument.name)) for argument in question.arguments)


def waiting(others: int) -> str:
    """How many questions wait behind the shown one; empty for none."""
    return tr_n("{n} more waiting", "{n} more waiting", others).format(n=number(others)) if others > 0 else ""


def sentence(question: Question) -> str:
    """What is asked, where that says more than the title and what stands below; otherwise empty."""
    return "" if question.kind is QuestionKind.CALL and question.tool else said(question.sentence)


def group(questions: tuple[Question, ...]) -> str:
    """Says how many calls of one tool wait."""
    told = tr("{n} calls of {tool} wait, each with other arguments:")
    return told.format(n=number(len(questions)), tool=_short(questions[0].tool))


def object_line(question: Question) -> str:
    """What a call is about, in one line: the paths it changes or names, otherwise the sentence."""
    planned = (
        [f"{reveal_line(tilde(item.path))} ({plan_words.change(item)})" for item in question.plan.items]
        if question.plan
        else []
    )
    paths = [reveal_line(tilde(path.path)) for path in question.paths]
    given = [f"{argument.name}: {reveal_line(argument.text)}" for argument in arguments(question)]
    return "· " + (", ".join(planned or paths or given) or said(reveal_line(question.sentence)))


def allow_these(shown: int) -> str:
    return tr_n("Allow this {n} once", "Allow these {n} once", shown).format(n=number(shown))


def deny_these(shown: int) -> str:
    return tr_n("Deny {n}", "Deny all {n}", shown).format(n=number(shown))


def server(question: Question) -> str:
    """The server, and where its program comes from."""
    name = reveal_line(question.server_title or question.server)
    raw = reveal_line(question.server)
    named = name if name.casefold() == raw.casefold() else f"{name} ({raw})"
    bundled = question.origin is ServerOrigin.BUNDLED
    return (tr("{server} · comes with Ostiary") if bundled else tr("{server} · added by you")).format(server=named)


def hints(claimed: ToolHints) -> str:
    """What the server says about its tool, marked as no more than that."""
    claims = [
        _writes(claimed) if not claimed.read_only else tr("only reads"),
        tr("reaches beyond this computer") if claimed.open_world else tr("stays on this computer"),
    ]
    if claimed.idempotent and not claimed.read_only:
        claims.append(tr("repeating changes nothing more"))
    return tr("The server claims: {claims}").format(claims=" · ".join(claims))


def _writes(claimed: ToolHints) -> str:
    return tr("may destroy") if claimed.destructive else tr("only adds")


def process(found: Process) -> str:
    """One process of the caller's chain, in full."""
    parts = [tr("pid {n}").format(n=found.pid), reveal_line(found.executable) or tr("its program is not known")]
    if found.script:
        parts.append(tr("runs {script}").format(script=reveal_line(found.script)))
    return " · ".join(parts)


def process_name(found: Process, distance: int) -> str:
    """One process by its name; all but the nearest were before it."""
    name = reveal_line(found.name)
    return tr("started by {name}").format(name=name) if distance else name


def repeats(question: Question) -> str:
    """Says that one answer counts for several calls; empty for one."""
    if question.repeats < 2:
        return ""
    told = tr("{n} identical calls wait for this answer. It counts for all of them.")
    return told.format(n=number(question.repeats))


def place(root: str | None, inside: bool) -> str:
    """The badge of a path."""
    if not inside:
        return tr("▲ outside your folders")
    return tr("✓ inside {folder}").format(folder=reveal_line(root)) if root else tr("✓ inside your folders")


def warnings(question: Question) -> tuple[Warn, ...]:
    """Everything that should stop the eye, the gravest first."""
    return tuple(_warnings(question))


def _warnings(question: Question) -> Iterator[Warn]:
    if question.kind is QuestionKind.CHANGED_TOOL:
        yield Warn(
            tr("Definition changed"), tr("The server describes this tool in another way than when you accepted it.")
        )
    if not question.caller.verified:
        why = said(question.caller.warning) or tr("The program behind this call is not known.")
        yield Warn(tr("Unverified"), why)
    elif question.caller.warning:
        yield Warn(tr("Check who asks"), said(question.caller.warning))
    if outside := _outside(question):
        yield Warn(tr("Outside your folders"), ", ".join(outside))
    if hidden := count_hidden(_everything(question)):
        told = tr("{n} that do not show or turn text around. Each is written out, as ⟨ESC⟩ or ⟨U+202E⟩.")
        yield Warn(tr("Hidden characters"), told.format(n=number(hidden)))
    if question.plan is not None and question.plan.risk is Risk.HIGH:
        yield Warn(tr("High risk"), tr("The server says that a mistake here would cost much."))
    yield from (Warn("", said(reveal_line(text))) for text in question.warnings)


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


def tool_title(question: Question) -> str:
    """What the server calls its tool, in quotation marks; empty where it does not."""
    shown = reveal_line(question.tool_title)
    if len(shown) > TOOL_TITLE_LONGEST:
        shown = shown[: TOOL_TITLE_LONGEST - 1] + "…"
    return tr("“{title}”").format(title=shown) if shown else ""


def _short(name: str) -> str:
    shown = reveal_line(name)
    return shown if len(shown) <= TITLE_NAME_LONGEST else shown[: TITLE_NAME_LONGEST - 1] + "…"


def resolved(path: ResolvedPath) -> str:
    """Where a path really leads, when that is not what was given; otherwise empty."""
    plain = os.path.expanduser(path.path)  # noqa: PTH111 - Path would also drop "./" and "//"
    return "" if path.real_path == plain else tr("leads to {path}").format(path=reveal_line(path.real_path))


def ended(end: QuestionEnd) -> str:
    """What became of the question before, where the person did not do it; otherwise empty."""
    match end:
        case QuestionEnd.ALLOWED | QuestionEnd.DENIED:
            return ""
        case QuestionEnd.TIMED_OUT:
            return tr("The question before ran out of time and was denied this once.")
        case QuestionEnd.LOCKED:
            return tr("The question before was denied this once: the screen was locked.")
        case QuestionEnd.WITHDRAWN:
            return tr("The question before was withdrawn: its host no longer asks.")
        case _:
            assert_never(end)
