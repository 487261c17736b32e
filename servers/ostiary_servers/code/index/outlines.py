"""The outline of any source file: out of the index when it is still true, parsed otherwise.

Nothing is indexed in advance. A query reads the files it needs; what it learned is kept, and is held against the file's
state at the next one, so a branch that was checked out elsewhere is never stale.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice

from ostiary_servers.code.index.sources import SENSITIVE, Source, read_source
from ostiary_servers.code.index.store import Kept, OutlineStore, Stamp
from ostiary_servers.code.repositories import Repository
from ostiary_servers.code.syntax.languages import language_of
from ostiary_servers.code.syntax.outline import Outline
from ostiary_servers.code.syntax.parsers import PROCESSES, STOPPED, ParseFailedError, Parsers, Stop
from ostiary_servers.code.work import ended_with_call
from ostiary_servers.common.anchored import read_stat
from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.threads import Threads

NO_SOURCE = "no_source_code"
"""The reason for a file that is in no language of ours, whatever its name says."""

_TRIED_AGAIN = {"too_complex", "parser_crashed"}
"""A busy machine can be the reason as well, so these are kept until the server ends and not in the index."""

READ_AHEAD = 2 * PROCESSES
"""How many files are looked at before they are asked for."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a file: an outline, or a reason."""

    outline: Outline | None
    reason: str | None


class Outlines:
    """Looks at files. Safe to use from many threads."""

    def __init__(self, store: OutlineStore, parsers: Parsers) -> None:
        self._store = store
        self._parsers = parsers
        self._given_up: dict[tuple[str, str, str], str] = {}

    def of(self, repository: Repository, path: str, stop: Stop | None = None) -> Looked:
        """The outline of the file at ``path`` in a repository. A file that cannot be read is a reason, too."""
        try:
            stamp = Stamp.of(read_stat(repository.file(path)))
            kept = self._store.get(repository.real, path)
            if kept is not None and kept.sure and kept.stamp == stamp:
                return Looked(kept.outline, kept.reason)
            source = read_source(repository.file(path))
        except ToolError as error:
            return Looked(None, error.code.value)
        digest = hashlib.sha256(source.raw).hexdigest()
        if reason := self._given_up.get((repository.real, path, digest)):
            return Looked(None, reason)
        if kept is not None and kept.sha256 == digest and source.stat.st_size == kept.stamp.size_bytes:
            looked = Looked(kept.outline, kept.reason)
        else:
            looked = self._look(path, source, stop)
        if looked.reason == STOPPED:
            return looked
        if looked.reason in _TRIED_AGAIN:
            self._given_up[repository.real, path, digest] = looked.reason or ""
            return looked
        stamp = Stamp.of(source.stat)
        self._store.put(repository.real, path, Kept(stamp, digest, looked.reason, looked.outline, sure=False))
        return looked

    def of_many(self, repository: Repository, paths: Iterable[str]) -> Iterator[tuple[str, Looked]]:
        """The outlines of files in their order, some of them read ahead; what was not asked for yet can be left."""
        remaining, ahead = iter(paths), deque[tuple[str, Future[Looked]]]()
        threads, stop = Threads(PROCESSES), Stop()
        with ended_with_call(stop.now):
            try:
                while True:
                    for path in islice(remaining, READ_AHEAD - len(ahead)):
                        ahead.append((path, threads.submit(partial(self.of, repository, path, stop))))
                    if not ahead:
                        return
                    path, looked = ahead.popleft()
                    yield path, looked.result()
            finally:
                threads.end()
                for _, later in ahead:
                    later.cancel()
                wait([later for _, later in ahead])

    def kept(self, repository: Repository) -> int:
        """How many outlines of a repository are in the index."""
        return self._store.count(repository.real)

    def kept_of(self, repository: Repository, paths: Iterable[str]) -> int:
        """How many of these files are in the index."""
        return len(self._store.paths(repository.real).intersection(paths))

    def close(self) -> None:
        """Ends the parsing processes and closes the index."""
        self._parsers.close()
        self._store.close()

    def _look(self, path: str, source: Source, stop: Stop | None) -> Looked:
        if source.reason == SENSITIVE:
            return Looked(None, SENSITIVE)
        language = language_of(os.fsencode(path).decode(errors="replace"), source.content)
        if language is None:
            return Looked(None, source.reason if source.reason == "binary" else NO_SOURCE)
        if source.reason is not None:
            return Looked(None, source.reason)
        try:
            return Looked(self._parsers.outline(language, source.content, stop), None)
        except ParseFailedError as failed:
            return Looked(None, failed.reason)
