"""What a shim may answer by itself while no gateway runs, written down in advance: whole results, one file.

Only for hosts that see everything: an entry that selects servers, and a host that is shown less than others, wait for
the gateway. The file names those hosts.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from ostiary.gateway import introduction
from ostiary.gateway.atomic import replace_file
from ostiary.gateway.wire import methods

_LOG = logging.getLogger(__name__)
FORMAT = 2
WRITE_AFTER_S = 0.2
"""Changes come in bursts while servers start."""

Page = Callable[[str, bool], bytes]
"""(list method, modern) → its whole result."""


@dataclass(frozen=True, slots=True)
class Told:
    """What hosts are told: their lists, how servers want to be used, and who is shown less (``narrowed``)."""

    page: Page
    instructions: Callable[[], str]
    narrowed: Callable[[], tuple[str, ...]]


class _Results(Struct):
    legacy: dict[str, str]
    modern: dict[str, str]
    initialize: dict[str, str]
    """By protocol version, newest first."""
    narrowed: tuple[str, ...]
    """Hosts that none of this is for."""


class InstantAnswers:
    """Keeps the file at ``path`` as hosts would be answered now. Belongs to the loop's thread."""

    def __init__(self, path: Path, version: str, told: Told) -> None:
        self._path = path
        self._version = version
        self._told = told
        self._writing: asyncio.TimerHandle | None = None
        self._written = b""

    def are_current(self, tag: str) -> bool:
        """Whether what a shim answered from the file with this tag is what hosts would be answered now."""
        return tag == _tag(self._results())

    def changed(self) -> None:
        """Something that hosts are told may be different: write it soon."""
        if self._writing is None:
            self._writing = asyncio.get_running_loop().call_later(WRITE_AFTER_S, self.write)

    def write(self) -> None:
        """Write what is different from what was written last. Without room on the disk, shims wait for the gateway."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        results = self._results()
        if results == self._written:
            return
        try:
            replace_file(self._path, b'{"format":%d,"tag":"%s",%s' % (FORMAT, _tag(results).encode(), results[1:]))
            self._written = results
        except OSError as error:
            _LOG.warning("Answers for a quick start were not kept: %s", error)

    def _results(self) -> bytes:
        page, instructions = self._told.page, self._told.instructions()
        results = _Results(
            legacy={method: page(method, False).decode() for method in methods.LISTS},
            modern={method: page(method, True).decode() for method in methods.LISTS},
            initialize={
                version: introduction.initialized(version, self._version, instructions).decode()
                for version in methods.LEGACY
            },
            narrowed=self._told.narrowed(),
        )
        results.legacy[methods.PING] = "{}"
        results.modern[methods.DISCOVER] = introduction.discovered(self._version, instructions).decode()
        return msgspec.json.encode(results)


def _tag(results: bytes) -> str:
    return hashlib.sha256(results).hexdigest()
