"""All advisories there are: those that come with the server, or those in a file that the person downloaded.

Nothing is fetched. A person who wants newer ones downloads an export of OSV for an ecosystem (a zip of records) and
names it with ``--advisories``; it is read at the first question about dependencies.
"""

import threading
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ostiary_servers.code.advisories.records import Advisory, Record, Snapshot
from ostiary_servers.code.work import step

BUNDLED = Path(__file__).with_name("selection.json")
FILE_LIMIT_BYTES = 64 * 1024 * 1024
RECORD_LIMIT_BYTES = 2 * 1024 * 1024
RECORDS_LIMIT = 60_000
"""More than OSV has for any of our ecosystems but npm, where most are about packages that were malware as a whole."""

_RECORDS: TypeAdapter[list[Record]] = TypeAdapter(list[Record])


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
        self._pages: dict[tuple[str, str], list[Advisory]] | None = None
        self._sources: tuple[Source, ...] = ()

    def about(self, ecosystem: str, package: str) -> Sequence[Advisory]:
        """Those about one package, by the ecosystem's name in OSV and the package's own, however it is written."""
        return self._opened().get((ecosystem, _folded(ecosystem, package)), ())

    def sources(self) -> tuple[Source, ...]:
        """Where they are from."""
        self._opened()
        return self._sources

    def _opened(self) -> dict[tuple[str, str], list[Advisory]]:
        with self._lock:
            if self._pages is None:
                read = [_read(file) for file in self._files]
                pages: dict[tuple[str, str], list[Advisory]] = defaultdict(list)
                for each in read:
                    for advisory in each.advisories:
                        pages[advisory.ecosystem, _folded(advisory.ecosystem, advisory.package)].append(advisory)
                self._sources, self._pages = tuple(each.source for each in read), dict(pages)
            return self._pages


def _folded(ecosystem: str, name: str) -> str:
    """PEP 503: case and separators of a Python package's name mean nothing."""
    return name.lower().replace("_", "-").replace(".", "-") if ecosystem == "PyPI" else name


def _read(file: Path) -> _Read:
    try:
        return _from_zip(file) if zipfile.is_zipfile(file) else _from_json(file)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        reason = "It is no list of advisories" if isinstance(error, ValidationError) else "It cannot be read"
        return _Read(Source(file.name, "", 0, f"{reason}; nothing of it is used."), ())


def _from_json(file: Path) -> _Read:
    with file.open("rb") as opened:
        raw = opened.read(FILE_LIMIT_BYTES + 1)
    if len(raw) > FILE_LIMIT_BYTES:
        raise ValueError
    if raw.lstrip()[:1] == b"[":
        return _joined(file.name, _RECORDS.validate_json(raw))
    if b'"advisories"' in raw:
        snapshot = Snapshot.model_validate_json(raw)
        return _joined(snapshot.name, snapshot.advisories, snapshot.as_of)
    return _joined(file.name, [Record.model_validate_json(raw)])


def _from_zip(file: Path) -> _Read:
    with zipfile.ZipFile(file) as opened:
        entries = [each for each in opened.infolist() if each.filename.endswith(".json")]
        read = _joined(file.name, _unpacked(opened, entries[:RECORDS_LIMIT]))
    if len(entries) <= RECORDS_LIMIT:
        return read
    problem = f"Only {RECORDS_LIMIT} of its {len(entries)} records were read."
    return _Read(Source(read.source.name, read.source.as_of, read.source.count, problem), read.advisories)


def _unpacked(opened: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> Iterator[Record]:
    """A record that is too large, or none, is passed over."""
    for number, entry in enumerate(entries):
        step(number, len(entries), "Reading advisories")
        if entry.file_size <= RECORD_LIMIT_BYTES:
            try:
                yield Record.model_validate_json(opened.read(entry))
            except ValidationError:
                continue


def _joined(name: str, records: Iterable[Record], as_of: str = "") -> _Read:
    newest, count, found = "", 0, list[Advisory]()
    for record in records:
        newest, count = max(newest, record.modified[:10]), count + 1
        found += record.advisories()
    return _Read(Source(name, as_of or newest, count), tuple(found))
