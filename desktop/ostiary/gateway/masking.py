"""The secrets that went through the keyring, hidden in whatever the gateway writes down or shows.

What is looked for is decided in ``calllog.redact``; here it is kept up with the secrets that are known by now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from ostiary.gateway.calllog.redact import Redactor


class Masking:
    """``known`` gives the values of this moment. May be used on any thread."""

    def __init__(self, known: Callable[[], frozenset[str]]) -> None:
        self._known = known
        self._made: tuple[frozenset[str], Redactor] = (frozenset(), Redactor())

    def text(self, text: str) -> str:
        """A text without them."""
        return self._redactor().text(text)

    def value(self, name: str, value: object) -> object:
        """A decoded value without them, and without what its name or the names in it announce as secret."""
        return self._redactor().value(name, value)

    def _redactor(self) -> Redactor:
        known = self._known()
        made_for, redactor = self._made
        if known != made_for:
            redactor = Redactor(known)
            self._made = (known, redactor)
        return redactor


class MaskedFormatter(logging.Formatter):
    """For a log that quotes what servers and hosts say, tracebacks included."""

    def __init__(self, layout: str, masking: Masking) -> None:
        super().__init__(layout)
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        return self._masking.text(super().format(record))
