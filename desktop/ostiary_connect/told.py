"""What one gateway says to a shim that pumps, sorted: lines for the host, and words for the shim itself. No I/O.

A word is a line that begins with a zero byte (``remembered``). The host is given whole lines only, so that a gateway
that dies in the middle of one leaves nothing of it behind.
"""

from ostiary_connect.greeting import FAREWELL
from ostiary_connect.remembered import Word

_ZERO = 0


class Told:
    """One gateway's. ``is_over`` is true once it has said farewell."""

    def __init__(self) -> None:
        self.is_over = False
        self._unfinished: list[bytes] = []
        """The line that has no end yet, in pieces: one of 1 MB takes longer to put together than to write."""
        self._waiting: list[Word] = []
        """What is true once the host has the next line."""

    def sorted(self, chunk: bytes) -> tuple[list[bytes | memoryview], list[Word]]:
        """What there is for the host now, in pieces, and the words that are true once it has them.

        ValueError when a word cannot be read. The chunk is not empty.
        """
        if self._unfinished or self._waiting or not (end := _end_of_only_word(chunk)):
            return self._sorted(chunk)
        return [memoryview(chunk)[end:]], [Word(chunk[: end - 1])]

    def _sorted(self, chunk: bytes) -> tuple[list[bytes | memoryview], list[Word]]:
        begun: list[bytes] = []
        whole: list[bytes] = []
        true: list[Word] = []
        start = 0
        while not self.is_over and (end := chunk.find(b"\n", start) + 1):
            pieces = [*self._unfinished, chunk[start:end]]
            self._unfinished.clear()
            if pieces[0][0] == _ZERO:
                self._hear(b"".join(pieces), true)
            else:
                (whole if start else begun).extend(pieces)
                true += self._waiting
                self._waiting.clear()
            start = end
        if start < len(chunk):
            self._unfinished.append(chunk[start:])
        return [*begun, b"".join(whole)], true

    def _hear(self, line: bytes, true: list[Word]) -> None:
        if line == FAREWELL:
            self.is_over = True
            return
        word = Word(line[:-1])
        (true if word.is_alone else self._waiting).append(word)


def _end_of_only_word(chunk: bytes) -> int:
    """Where the word ends of which nearly every chunk consists, with one line for the host behind it; 0 for others."""
    end = chunk.find(b"\n") + 1
    is_usual = chunk[0] == _ZERO and chunk.find(b"\n", end) == len(chunk) - 1 and chunk[end] != _ZERO
    return end if is_usual else 0
