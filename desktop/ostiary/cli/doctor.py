"""`ostiary doctor`: what is wrong and what to do. The gateway looks; without one, this looks at what it can."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ostiary.cli.arguments import Commands, Parser, add_command
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.outside import findings_without_gateway
from ostiary.cli.tables import indented
from ostiary.cli.text import Line, line
from ostiary.cli.words import GOOD, PROBLEM
from ostiary.control.messages import Diagnose, Finding
from ostiary.domain.errors import UnreachableError


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the parser."""
    add_command(
        commands,
        "doctor",
        _examine,
        "Look for what is wrong, and say what to do about it.",
        more="Nothing is changed. Ends with 1 when something was found, and with 69 when Ostiary does not run.",
        examples=("ostiary doctor", "ostiary doctor --json | jq '.[] | select(.ok | not)'"),
    )


def _examine(console: Console, _: Namespace) -> int:
    try:
        findings = console.ask(Diagnose())
    except UnreachableError as error:
        findings = findings_without_gateway(console.home, error)
        console.give(findings, finding_lines(findings))
        return Exit.UNAVAILABLE
    console.give(findings, finding_lines(findings))
    return Exit.OK if all(finding.ok for finding in findings) else Exit.FAILED


def finding_lines(findings: Iterable[Finding]) -> list[Line]:
    """Pure. A line for each finding, what to do beneath."""
    return [shown for finding in findings for shown in _lines(finding)]


def _lines(finding: Finding) -> list[Line]:
    told = line(GOOD if finding.ok else PROBLEM, f" {finding.sentence}")
    return [told, *indented([line(finding.action)])] if finding.action else [told]
