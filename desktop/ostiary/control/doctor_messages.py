"""Commands of the doctor: what is wrong and what to do, and a report of it to give away."""

from __future__ import annotations

from typing import Any, ClassVar

from ostiary.control.command import Command
from ostiary.domain.finding import Finding


class Diagnose(Command[tuple[Finding, ...]], frozen=True, kw_only=True, tag="doctor"):
    result: ClassVar[Any] = tuple[Finding, ...]


class MakeReport(Command[str], frozen=True, kw_only=True, tag="doctor.report"):
    """A text to attach to a bug: all findings and those of the front itself, without what is private."""

    result: ClassVar[Any] = str
    own: tuple[Finding, ...] = ()
