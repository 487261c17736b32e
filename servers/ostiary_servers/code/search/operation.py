"""Finds definitions: files that hold the name, their outlines, the blocks of what fits.

The order is fixed (by path, tests last, then by line), so the place of the next one is enough to go on.
"""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.answers import SkippedFile, SkippedLanguage
from ostiary_servers.code.arguments import SearchForFunctionDefinition
from ostiary_servers.code.candidates import files_with
from ostiary_servers.code.index.outlines import NO_SOURCE, Looked
from ostiary_servers.code.index.sources import Source, read_source
from ostiary_servers.code.kinds import is_test
from ostiary_servers.code.repositories import Repository, Scope, scope_of
from ostiary_servers.code.search.answers import FoundDefinition, FoundDefinitions
from ostiary_servers.code.search.names import NamePattern
from ostiary_servers.code.syntax.languages import NOT_UNDERSTOOD, language_by_name
from ostiary_servers.code.syntax.outline import Definition
from ostiary_servers.code.uris import CodeAddress, What
from ostiary_servers.code.work import step
from ostiary_servers.common.answer import Answer, Link
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES, NameCursor, bad_cursor
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ToolError

CALL_BUDGET_S = 20.0
BLOCK_LIMIT_LINES = 400
BLOCK_LIMIT_BYTES = 16_000
SKIPPED_SHOWN = 20
_WHOLE_FILE = 10**9
_OVERHEAD_BYTES = 200
"""About what the names of a definition's members cost."""


@dataclass(slots=True)
class _Hunt:
    """One search, as it goes on."""

    definitions: list[FoundDefinition] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    looked_at: int = 0
    room: int = RESULT_BUDGET_BYTES
    cursor: str | None = None
    out_of_time: bool = False


def search_for_function_definition(analysis: Analysis, call: SearchForFunctionDefinition) -> Answer:
    """The definitions that fit. None is an empty list, and no error."""
    scope = scope_of(analysis.gate, call.path)
    pattern = NamePattern.of(call.function_name)
    files = _candidates(scope, pattern)
    hunt = _Hunt()
    _search(analysis, call, scope.repository, sorted(filter(_may_be_source, files), key=_order), hunt)
    languages = _not_understood(files)
    found = FoundDefinitions(
        definitions=hunt.definitions,
        files_looked_at=hunt.looked_at,
        files_skipped=hunt.skipped[:SKIPPED_SHOWN],
        files_skipped_total=len(hunt.skipped),
        languages_skipped=languages,
        complete=not (hunt.skipped or languages or hunt.out_of_time or hunt.cursor),
        next_cursor=hunt.cursor,
    )
    return Answer(_text(call.function_name, found), found, _notes(found, hunt.out_of_time), links=tuple(hunt.links))


def _candidates(scope: Scope, pattern: NamePattern) -> set[str]:
    """The files that hold the name, and each name it is to lie in or have one in their path."""
    files = files_with(scope, pattern.expressions)
    for owner in pattern.owners if files else ():
        holding = files_with(scope, (re.escape(owner),))
        files = {path for path in files if path in holding or owner in path}
    return files


def _search(
    analysis: Analysis, call: SearchForFunctionDefinition, repository: Repository, files: list[str], hunt: _Hunt
) -> None:
    pattern = NamePattern.of(call.function_name)
    after = _after(call.cursor)
    files = [path for path in files if after is None or _order(path) >= _order(after[0])]
    end = time.monotonic() + CALL_BUDGET_S
    for number, (path, looked) in enumerate(analysis.outlines.of_many(repository, files)):
        step(number, len(files), f"Looking for {call.function_name}")
        first = after[1] if after is not None and path == after[0] else 0
        for ordinal, definition in enumerate(_defined_in(repository, path, looked, hunt)[first:], first):
            if call.kind not in {None, definition.kind}:
                continue
            if not pattern.matches(path, definition.qualified, definition.name, definition.signature):
                continue
            if len(hunt.definitions) >= call.limit or not _add(repository, path, definition, hunt):
                hunt.cursor = _cursor(path, ordinal)
                return
        if time.monotonic() > end:
            hunt.out_of_time = True
            hunt.cursor = _cursor(path, _WHOLE_FILE)
            return


def _defined_in(repository: Repository, path: str, looked: Looked, hunt: _Hunt) -> list[Definition]:
    if looked.outline is not None:
        hunt.looked_at += 1
        return sorted(looked.outline.definitions, key=lambda each: each.name_line)
    if looked.reason != NO_SOURCE:
        hunt.skipped.append(SkippedFile(path=repository.shown(path), reason=looked.reason or ""))
    return []


def _add(repository: Repository, path: str, definition: Definition, hunt: _Hunt) -> bool:
    """Whether it still fitted."""
    try:
        source = read_source(repository.file(path))
    except ToolError:
        return True
    found = _found(repository, path, definition, source)
    cost = _cost(found)
    if hunt.definitions and cost > hunt.room:
        return False
    hunt.room -= cost
    hunt.definitions.append(found)
    if found.code is None:
        size = len(source.lines(definition.start_line, definition.end_line).encode())
        hunt.links.append(Link(found.code_uri, found.qualified, size))
    return True


def _cost(found: FoundDefinition) -> int:
    """How many bytes of the budget it takes; path and qualified name stand in the text and in the structure."""
    once = (found.code or "", found.signature, found.doc, found.name, found.code_uri)
    twice = (found.path, found.qualified)
    return sum(len(each.encode()) for each in (*once, *twice, *twice)) + _OVERHEAD_BYTES


def _found(repository: Repository, path: str, definition: Definition, source: Source) -> FoundDefinition:
    code = source.lines(definition.start_line, definition.end_line)
    lines = definition.end_line - definition.start_line + 1
    fits = lines <= BLOCK_LIMIT_LINES and len(code.encode()) <= BLOCK_LIMIT_BYTES
    shown = repository.shown(path)
    language = language_by_name(path)
    return FoundDefinition(
        name=definition.name,
        qualified=definition.qualified,
        kind=definition.kind,
        language=language.name if language else "script",
        path=shown,
        start_line=definition.start_line,
        end_line=definition.end_line,
        signature=definition.signature,
        doc=definition.doc,
        code=code if fits else None,
        code_uri=CodeAddress(What.BLOCK, shown, definition.start_line, definition.end_line).uri,
    )


def _may_be_source(path: str) -> bool:
    return language_by_name(path) is not None or not PurePath(path).suffix


def _order(path: str) -> tuple[bool, str]:
    return (is_test(path), path)


def _not_understood(files: set[str]) -> list[SkippedLanguage]:
    names = Counter(NOT_UNDERSTOOD.get(PurePath(path).suffix.lower()) for path in files)
    return [SkippedLanguage(language=name, files=count) for name, count in sorted(names.items(), key=str) if name]


def _cursor(path: str, ordinal: int) -> str:
    return NameCursor((path, str(ordinal))).token()


def _after(cursor: str | None) -> tuple[str, int] | None:
    """The file to go on with, and how many of its definitions are behind us."""
    if cursor is None:
        return None
    match NameCursor.parse(cursor).after:
        case (str(path), str(ordinal)) if ordinal.isdecimal():
            return path, int(ordinal)
        case _:
            raise bad_cursor()


def _text(asked: str, found: FoundDefinitions) -> str:
    if not found.definitions:
        return _none(asked, found.files_looked_at)
    return "\n\n".join(
        f"{on_one_line(each.path)}:{each.start_line}-{each.end_line} ({each.kind} {each.qualified}, {each.language})\n"
        + (each.code if each.code is not None else f"{each.signature}\n[The block is long; read {each.code_uri}]")
        for each in found.definitions
    )


def _none(asked: str, looked_at: int) -> str:
    asked = on_one_line(asked)
    if not looked_at:
        return f"No definition of {asked} was found: no file that could be looked at holds the name."
    files = "1 file that holds" if looked_at == 1 else f"{looked_at} files that hold"
    return f"No definition of {asked} was found in {files} the name. Variables and constants are not looked for."


def _notes(found: FoundDefinitions, out_of_time: bool) -> str:
    notes = [f"[Not looked at: {on_one_line(each.path)} ({each.reason})]" for each in found.files_skipped]
    if found.files_skipped_total > len(found.files_skipped):
        notes.append(f"[… and {found.files_skipped_total - len(found.files_skipped)} more files.]")
    notes += [
        f"[Not understood: {each.files} files of {each.language} hold the name.]" for each in found.languages_skipped
    ]
    if out_of_time:
        notes.append(f"[Stopped after {CALL_BUDGET_S:.0f} s.]")
    if found.next_cursor:
        notes.append(f"[More. To go on, call again with cursor {found.next_cursor}]")
    return "\n".join(notes)
