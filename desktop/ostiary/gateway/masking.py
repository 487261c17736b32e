"""The secrets that went through the keyring, hidden in whatever the gateway writes down or shows.

What is looked for is decided in ``calllog.redact``; here it is kept up with the secrets that are known by now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from ostiary.gateway.calllog.redact import Redactor
from ostiary.gateway.calllog.secret_patterns import mask_words


class Masking:
    """``known`` gives the values of this moment. May be used on any thread."""

    def __init__(self, known: Callable[[], frozenset[str]]) -> None:
        self._known = known
        self._made = (frozenset[str](), Redactor(), Redactor(mask=mask_words))

    def text(self, text: str) -> str:
        """A text without them."""
        return self._redactors()[0].text(text)

    def value(self, name: str, value: object) -> object:
        """A decoded value for a person to decide about: without them, and what its name or the names in it announce.

        Of a text in it nothing is hidden that could be a command.
        """
        return self._redactors()[1].value(name, value)

    def _redactors(self) -> tuple[Redactor, Redactor]:
        known = self._known()
        made_for, everywhere, in_questions = self._made
        if known != made_for:
            everywhere, in_questions = Redactor(known), Redactor(known, mask_words)
            self._made = (known, everywhere, in_questions)
        return everywhere, in_questions


class MaskedFormatter(logging.Formatter):
    """For a log that quotes what servers and hosts say, tracebacks included."""

    def __init__(self, layout: str, masking: Masking) -> None:
        super().__init__(layout)
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        return self._masking.text(super().format(record))
