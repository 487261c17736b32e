"""The addresses of this server's resources: ``code://`` what, and an absolute path. Pure.

``code://outline/home/u/app/a.py``, ``code://block/10-42/home/u/app/a.py``, ``code://dependencies/home/u/app``,
``code://index/home/u/app``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ostiary_servers.common.file_uri import path_of, uri_of

_BLOCK = re.compile(r"(\d{1,9})-(\d{1,9})")


class What(StrEnum):
    """What is asked about a path."""

    OUTLINE = "outline"
    BLOCK = "block"
    DEPENDENCIES = "dependencies"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class CodeAddress:
    """A resource; ``first`` and ``last`` line only for a block."""

    what: What
    path: str
    first: int = 0
    last: int = 0

    @property
    def uri(self) -> str:
        """As it is sent."""
        lines = f"/{self.first}-{self.last}" if self.what is What.BLOCK else ""
        return f"code://{self.what}{lines}{uri_of(self.path).removeprefix('file://')}"

    @classmethod
    def parse(cls, uri: str) -> "CodeAddress | None":
        """None for what is no address of ours."""
        what, slash, rest = uri.removeprefix("code://").partition("/")
        if not uri.startswith("code://") or not slash or what not in set(What):
            return None
        first = last = 0
        if what == What.BLOCK:
            lines, _, rest = rest.partition("/")
            found = _BLOCK.fullmatch(lines)
            if found is None:
                return None
            first, last = int(found[1]), int(found[2])
            if not 1 <= first <= last:
                return None
        path = path_of(f"file:///{rest}")
        return cls(What(what), path, first, last) if path else None
