"""`ostiary rules`: what passes without asking and what is denied, and taking it back."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable

from ostiary.cli.arguments import Commands, Parser, add_command, add_group
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.tables import indented, table
from ostiary.cli.text import Line, Span, Tone, line
from ostiary.cli.words import GOOD, OFF, PROBLEM
from ostiary.control.messages import ListGrants, RevokeGrant
from ostiary.domain.approval import Decision, Grant, Scope

MARKS = {Decision.ALLOW: GOOD, Decision.ASK: PROBLEM, Decision.DENY: Span("■", Tone.BAD)}
EVERY_RULE = 0


def add_to(commands: Commands[Parser]) -> None:
    """Add the group to the parser."""
    inner = add_group(
        commands,
        "rules",
        _list,
        "Show what you allowed or denied for longer, or take it back.",
        listing="Show the live rules.",
        more="Rules are written in Ostiary's window alone: by an answer, or on the page Rules.",
        examples=("ostiary rules", "ostiary rules revoke 12", "ostiary rules revoke all"),
    )
    revoking = add_command(
        inner,
        "revoke",
        _revoke,
        "End one rule, or all of them; you confirm it in Ostiary's window where a rule denies.",
        examples=("ostiary rules revoke 12",),
    )
    revoking.add_argument("rule", metavar="NUMBER|all", type=_number, help="a rule's number, or all")


def _list(console: Console, _: Namespace) -> int:
    rules = console.ask(ListGrants())
    console.give(rules, rule_table(rules, time.time()))
    return Exit.OK


def _revoke(console: Console, options: Namespace) -> int:
    done = console.ask(RevokeGrant(id=options.rule))
    said = "No rule is left." if options.rule == EVERY_RULE else f"Rule {options.rule} has ended."
    console.give(done, [line(said)])
    return Exit.OK


def _number(text: str) -> int:
    if text == "all":
        return EVERY_RULE
    if not text.isascii() or not text.isdigit() or int(text) == EVERY_RULE:
        raise ArgumentTypeError(f"{text!r} is no number of a rule; `ostiary rules` shows them")
    return int(text)


def rule_table(rules: Iterable[Grant], now: float) -> list[Line]:
    """Pure. A line for each rule, why it is suspended beneath."""
    live = list(rules)
    if not live:
        return [line("No rule. When a host asks you, “Allow for…” in Ostiary's window leaves one.")]
    aligned = table(
        (
            OFF if rule.suspended else MARKS[rule.decision],
            str(rule.id),
            rule.decision,
            rule.host or "every host",
            rule.server,
            _what(rule),
            _time(rule, now),
        )
        for rule in live
    )
    beneath = [indented(indented([line(f"suspended: {rule.suspended}")])) if rule.suspended else [] for rule in live]
    return [shown for row, below in zip(aligned, beneath, strict=True) for shown in (row, *below)]


def _what(rule: Grant) -> str:
    match rule.scope:
        case Scope.CALL | Scope.ARGUMENTS:
            return f"{rule.tool} with the same arguments"
        case Scope.FOLDER:
            return f"{rule.tool} in {rule.folder}"
        case Scope.TOOL:
            return rule.tool
        case Scope.SERVER_READS:
            return "what only reads"
        case Scope.SERVER:
            return "every tool"


def _time(rule: Grant, now: float) -> str:
    if rule.ends_at is None:
        return rule.duration.replace("-", " ")
    return f"{max(0, rule.ends_at - now) / 60:.0f} min left"
