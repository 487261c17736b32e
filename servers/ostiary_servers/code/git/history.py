"""Commits as values, and how ``git log`` writes them. Nothing of a commit can pass for its structure: fields are
separated by NUL, which no message, name or path can hold.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FORMAT = "--format=tformat:%H%x00%ct%x00%aN%x00%P%x00%s%x00%b%x00"
_FIELDS = 6
_COUNTED = re.compile(rb"\n?(\d+|-)\t(\d+|-)\t(.*)", re.DOTALL)
_NAMED = re.compile(rb"\n?:\d+ \d+ [0-9a-f.]+ [0-9a-f.]+ ([A-Z])\d*")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file in one commit. Lines are None for what is not text, or where they were not counted.

    ``renamed_from``: the name it had before this commit, where that was another.
    """

    path: bytes
    added: int | None
    removed: int | None
    renamed_from: bytes | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """``committed`` is in seconds since 1970; texts are as the commit has them."""

    sha: str
    committed: int
    author: str
    parents: int
    subject: str
    body: str
    changes: tuple[FileChange, ...]


def parse_log(pieces: Iterable[bytes]) -> Iterator[Commit]:
    """The commits in the output of ``git log -z`` with ``FORMAT`` and ``--numstat`` or ``--raw``.

    Output that ends in the middle of a commit gives the commits before it.
    """
    words = _Words(pieces)
    while (fields := words.take(_FIELDS)) is not None:
        changes = tuple(_changes(words))
        sha, committed, author, parents, subject, body = (field.decode(errors="replace") for field in fields)
        if not committed.isdecimal():
            return
        yield Commit(sha.strip(), int(committed), author, len(parents.split()), subject, body, changes)


class _Words:
    """Texts that end with NUL, with a look at the next one."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._words = _split(pieces)
        self._next: bytes | None = None

    def peek(self) -> bytes | None:
        """The next one, which stays the next."""
        if self._next is None:
            self._next = next(self._words, None)
        return self._next

    def pop(self) -> bytes:
        """The next one; empty at the end."""
        word, self._next = self.peek(), None
        return word or b""

    def take(self, count: int) -> list[bytes] | None:
        """The next so many, or None when there are not so many."""
        taken = []
        for _ in range(count):
            if self.peek() is None:
                return None
            taken.append(self.pop())
        return taken


def _changes(words: _Words) -> Iterator[FileChange]:
    if words.peek() == b"":
        words.pop()  # what ends the message
    while (word := words.peek()) is not None:
        if counted := _COUNTED.fullmatch(word):
            words.pop()
            added, removed, path = counted.groups()
            before = None if path else words.pop()
            yield FileChange(path or words.pop(), _number(added), _number(removed), before)
        elif named := _NAMED.fullmatch(word):
            words.pop()
            path = words.pop()
            renamed = named[1] == b"R"
            yield FileChange(words.pop() if renamed else path, None, None, path if renamed else None)
        else:
            return


def _number(text: bytes) -> int | None:
    return None if text == b"-" else int(text)


def _split(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest:
        yield rest
