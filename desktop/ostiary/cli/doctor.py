"""`ostiary doctor`: what is wrong and what to do. The gateway looks; without one, this looks at what it can."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from ostiary.cli.arguments import Commands, Parser, add_command, full_path
from ostiary.cli.console import Console
from ostiary.cli.exits import Exit
from ostiary.cli.outside import findings_without_gateway
from ostiary.cli.saving import save
from ostiary.cli.tables import indented
from ostiary.cli.text import Line, line
from ostiary.cli.words import GOOD, PROBLEM
from ostiary.control.messages import Diagnose, Finding, GetStatus, MakeReport
from ostiary.domain.errors import UnreachableError

HELP = """\
Nothing is changed. Ends with 1 when something was found, and with 69 when Ostiary does not run.

A report holds what was found, without secrets, your name, your computer's, and the paths of your folders."""


def add_to(commands: Commands[Parser]) -> None:
    """Add the command to the parser."""
    parser = add_command(
        commands,
        "doctor",
        _examine,
        "Look for what is wrong, and say what to do about it.",
        more=HELP,
        examples=("ostiary doctor", "ostiary doctor --json | jq '.[] | select(.ok | not)'"),
    )
    parser.add_argument("--report", metavar="FILE", default="", help="write a text to attach to a bug instead")


def _examine(console: Console, options: Namespace) -> int:
    if options.report:
        return _report(console, full_path(options.report))
    try:
        findings = (*console.ask(Diagnose()), _tray(console))
    except UnreachableError as error:
        findings = findings_without_gateway(console.home, error)
        console.give(findings, finding_lines(findings))
        return Exit.UNAVAILABLE
    console.give(findings, finding_lines(findings))
    return Exit.OK if all(finding.ok for finding in findings) else Exit.FAILED


def _report(console: Console, path: Path) -> int:
    save(path, console.ask(MakeReport(own=(_tray(console),))).encode())
    console.give(str(path), [line(f"Written: {path}"), line("Read it before you give it away.")])
    return Exit.OK


def _tray(console: Console) -> Finding:
    return tray_finding(runs=console.ask(GetStatus()).front)


def tray_finding(*, runs: bool) -> Finding:
    """Pure. What can be told of the tray from here; whether a desktop shows an icon, only one with windows sees."""
    if runs:
        sentence = "The tray application runs; its own page Doctor tells whether this desktop shows the icon."
    else:
        sentence = "The tray application does not run: there is no icon, and no window that could ask."
    return Finding(code="tray", ok=True, sentence=sentence)


def finding_lines(findings: Iterable[Finding]) -> list[Line]:
    """Pure. A line for each finding, what to do beneath."""
    return [shown for finding in findings for shown in _lines(finding)]


def _lines(finding: Finding) -> list[Line]:
    told = line(GOOD if finding.ok else PROBLEM, f" {finding.sentence}")
    return [told, *indented([line(finding.action)])] if finding.action else [told]
