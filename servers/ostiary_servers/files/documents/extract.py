"""What comes out of a document, and why nothing may."""

from dataclasses import dataclass

TEXT_LIMIT_CHARACTERS = 4_000_000
"""More is not taken out of one document at once; a range of pages gets at the rest."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Markdown, and of how many parts (pages, slides, sheets, chapters, cells) the document has in all."""

    markdown: str
    parts: int


@dataclass(frozen=True, slots=True)
class PartRange:
    """Which parts are wanted, from 1 on, both ends included; ``last`` is None for all that follow."""

    first: int = 1
    last: int | None = None

    def holds(self, number: int) -> bool:
        """Whether a part is wanted."""
        return self.first <= number and (self.last is None or number <= self.last)


class DocumentError(Exception):
    """A document that cannot be read. ``code`` is one of the servers' error codes; the text ends a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def damaged() -> DocumentError:
    """For what claims a format and does not keep to it."""
    return DocumentError("unsupported", "is damaged, or not what its name says")
