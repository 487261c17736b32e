"""All advisories there are: those that come with the server, or those in a file that the person downloaded.

Nothing is fetched. A person who wants newer ones downloads an export of OSV for an ecosystem (a zip of records) and
names it with ``--advisories``. A whole ecosystem has up to some hundred thousand records, so only those about the
packages that are asked for are kept, and a question about others reads the file again.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ostiary_servers.code.advisories.archive import BrokenArchiveError, is_archive, opened
from ostiary_servers.code.advisories.records import Advisory, Record, Snapshot
from ostiary_servers.code.work import step

BUNDLED = Path(__file__).with_name("selection.json")
FILE_LIMIT_BYTES = 64 * 1024 * 1024
"""Of a file that is no zip."""

RECORD_LIMIT_BYTES = 2 * 1024 * 1024

_RECORDS: TypeAdapter[list[Record]] = TypeAdapter(list[Record])
_ID = re.compile(rb'"id"\s*:')
_MODIFIED = re.compile(rb'"modified"\s*:\s*"(\d{4}-\d\d-\d\d)')
_NAME = re.compile(rb'"name"\s*:\s*"([^"]*)"')

Named = tuple[str, str]
"""A package: the ecosystem's name in OSV, and its own."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file. ``as_of``: the day after which nothing is in it; ``problem``: why it was not read whole, or ""."""

    name: str
    as_of: str
    count: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    source: Source
    advisories: tuple[Advisory, ...]


class AdvisoryBook:
    """Advisories by package. Safe to use from many threads."""

    def __init__(self, files: Sequence[Path] = ()) -> None:
        """``files``: in place of those that come with the server."""
        self._files = tuple(files) or (BUNDLED,)
        self._lock = threading.Lock()
        self._known: frozenset[Named] | None = None
        self._pages: dict[Named, list[Advisory]] = {}
        self._sources: tuple[Source, ...] = ()

    def about(self, packages: Iterable[Named]) -> Mapping[Named, Sequence[Advisory]]:
        """Those about each of these packages, however their names are written there."""
        wanted = {package: _folded(package) for package in packages}
        pages = self._read_for(frozenset(wanted.values()))
        return {package: pages.get(folded, ()) for package, folded in wanted.items()}

    def sources(self) -> tuple[Source, ...]:
        """Where they are from."""
        self._read_for(frozenset())
        return self._sources

    def _read_for(self, wanted: frozenset[Named]) -> Mapping[Named, Sequence[Advisory]]:
        with self._lock:
            if self._known is None or not wanted <= self._known:
                known = wanted | (self._known or frozenset())
                read = [_read(file, known) for file in self._files]
                pages: dict[Named, list[Advisory]] = defaultdict(list)
                for advisory in (advisory for each in read for advisory in each.advisories):
                    pages[_folded((advisory.ecosystem, advisory.package))].append(advisory)
                self._sources, self._pages, self._known = tuple(each.source for each in read), dict(pages), known
            return self._pages


def _folded(package: Named) -> Named:
    """PEP 503: case and separators of a Python package's name mean nothing."""
    ecosystem, name = package
    return (ecosystem, name.lower().replace("_", "-").replace(".", "-") if ecosystem == "PyPI" else name)


def _read(file: Path, wanted: frozenset[Named]) -> _Read:
    try:
        return _from_zip(file, wanted) if is_archive(file) else _from_json(file, wanted)
    except (OSError, ValueError, BrokenArchiveError) as error:
        reason = "It is no list of advisories" if isinstance(error, ValidationError) else "It cannot be read"
        return _Read(Source(file.name, "", 0, f"{reason}; nothing of it is used."), ())


def _from_json(file: Path, wanted: frozenset[Named]) -> _Read:
    with file.open("rb") as opened_file:
        raw = opened_file.read(FILE_LIMIT_BYTES + 1)
    if len(raw) > FILE_LIMIT_BYTES:
        raise ValueError
    if b'"advisories"' in raw and raw.lstrip()[:1] != b"[":
        snapshot = Snapshot.model_validate_json(raw)
        source = Source(snapshot.name, snapshot.as_of, len(snapshot.advisories))
        return _Read(source, _about(snapshot.advisories, wanted))
    listed = raw.lstrip()[:1] == b"["
    records = _RECORDS.validate_json(raw) if listed else [Record.model_validate_json(raw)]
    newest = max((record.modified[:10] for record in records), default="")
    return _Read(Source(file.name, newest, len(records)), _about(records, wanted))


def _from_zip(file: Path, wanted: frozenset[Named]) -> _Read:
    """Only a record in which a wanted name stands is looked at whole: that takes ten times as long as its bytes."""
    names = {name.encode() for _, name in wanted}
    newest, count, broken, found = b"", 0, 0, list[Advisory]()
    with opened(file) as archive:
        for number, entry in enumerate(archive.entries()):
            step(number, archive.count, f"Reading advisories in {file.name}")
            if not entry.name.endswith(b".json"):
                continue
            raw = archive.content(entry, RECORD_LIMIT_BYTES)
            if raw is None or not _ID.search(raw):
                broken += 1
                continue
            count += 1
            newest = max(newest, *_MODIFIED.findall(raw)[:1], b"")
            if not _speaks_of(raw, names):
                continue
            try:
                found += _about([Record.model_validate_json(raw)], wanted)
            except ValidationError:
                broken += 1
    problem = f"{broken} of its records could not be read." if broken else ""
    return _Read(Source(file.name, newest.decode(), count, problem), tuple(found))


def _speaks_of(raw: bytes, names: set[bytes]) -> bool:
    """Whether one of these names may be that of a package in a record; one with an escape in it may be any."""
    return any(
        name in names or b"\\" in name or name.lower().replace(b"_", b"-").replace(b".", b"-") in names
        for name in _NAME.findall(raw)
    )


def _about(records: Iterable[Record], wanted: frozenset[Named]) -> tuple[Advisory, ...]:
    return tuple(
        advisory
        for record in records
        for advisory in record.advisories()
        if _folded((advisory.ecosystem, advisory.package)) in wanted
    )
