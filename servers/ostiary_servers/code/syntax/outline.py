"""What a source file holds, as plain values: they travel from the parsing process, and lie in the cache."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition. Lines count from 1, both ends belong to it; it starts with its comments and decorators.

    ``qualified`` joins the names of what it lies in with "."; ``name_line`` is where its own name stands.
    """

    kind: str
    name: str
    qualified: str
    start_line: int
    name_line: int
    end_line: int
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it is written: a whole statement, or the text in quotes."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole file. ``header`` is its docstring or first comment, "" without one; ``broken``: not all of it parsed."""

    language: str
    lines: int
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    header: str = ""
    header_line: int = 0
    broken: bool = False

    def to_json(self) -> list[Any]:
        """For the pipe and the cache; lists, because ``dataclasses.asdict`` takes longer than parsing."""
        definitions = [
            [
                each.kind,
                each.name,
                each.qualified,
                each.start_line,
                each.name_line,
                each.end_line,
                each.signature,
                each.doc,
            ]
            for each in self.definitions
        ]
        imports = [[each.text, each.line] for each in self.imports]
        return [self.language, self.lines, definitions, imports, self.header, self.header_line, self.broken]

    @classmethod
    def from_json(cls, value: list[Any]) -> Self:
        """The inverse of ``to_json``."""
        language, lines, definitions, imports, *rest = value
        return cls(
            language,
            lines,
            tuple(Definition(*each) for each in definitions),
            tuple(Import(*each) for each in imports),
            *rest,
        )
