"""Advisories in the OSV format (schema 1.6) as values: which versions of which package one speaks of.

Whether a version is among them is decided where versions are understood, in ``dependencies.hints``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ECOSYSTEMS = ("PyPI", "npm", "crates.io", "Go")
"""Those of OSV that a lock file of ours can be in, by their names there."""

SUMMARY_LIMIT = 300
FROM_THE_START = "0"
"""The version before all others."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """What one advisory says of one package. ``ranges`` hold events: (introduced, fixed or last_affected; version)."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: str
    ecosystem: str
    package: str
    ranges: tuple[tuple[tuple[str, str], ...], ...]
    versions: frozenset[str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Range(_Part):
    type: str = ""
    events: tuple[dict[str, str], ...] = ()


class _Package(_Part):
    ecosystem: str = ""
    name: str = ""


class _Affected(_Part):
    package: _Package = _Package()
    ranges: tuple[_Range, ...] = ()
    versions: tuple[str, ...] = ()


class Record(_Part):
    """One OSV record, as much of it as is used. ``severity`` is a word that databases add; OSV's own is a vector."""

    id: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    modified: str = ""
    withdrawn: str | None = None
    database_specific: dict[str, Any] = {}
    affected: tuple[_Affected, ...] = ()

    def advisories(self) -> Iterator[Advisory]:
        """One for each package that can be asked about; none when it was withdrawn."""
        for affected in () if self.withdrawn else self.affected:
            if affected.package.ecosystem in ECOSYSTEMS:
                yield Advisory(
                    id=self.id,
                    aliases=self.aliases,
                    summary=(self.summary or self.details.split("\n")[0])[:SUMMARY_LIMIT],
                    severity=str(self.database_specific.get("severity", "")).lower(),
                    ecosystem=affected.package.ecosystem,
                    package=affected.package.name,
                    ranges=tuple(_events(each) for each in affected.ranges if each.type != "GIT"),
                    versions=frozenset(affected.versions),
                )


class Snapshot(_Part):
    """Our own file: OSV records under a name and the day after which nothing is in them."""

    format: Annotated[int, Field(ge=1, le=1)]
    name: str
    as_of: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    advisories: tuple[Record, ...]


def _events(each: _Range) -> tuple[tuple[str, str], ...]:
    known = ("introduced", "fixed", "last_affected")
    return tuple((name, event[name]) for event in each.events for name in known if name in event)
