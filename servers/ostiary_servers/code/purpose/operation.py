"""``summarize_file_purpose``: what a file says of itself, what is in it, who uses it, and what happened to it lately.

Nothing is made up: each statement is a piece of evidence with its place.
"""

import posixpath
import re
import time
from dataclasses import dataclass, field

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.arguments import SummarizeFilePurpose
from ostiary_servers.code.git.activity import DAY_S
from ostiary_servers.code.git.command import has_git
from ostiary_servers.code.git.history import Commit
from ostiary_servers.code.git.location import git_directory
from ostiary_servers.code.git.reading import Window, commits_by_dulwich, commits_by_git
from ostiary_servers.code.index.outlines import NO_SOURCE
from ostiary_servers.code.index.sources import SENSITIVE, Source, read_source
from ostiary_servers.code.kinds import FileKind, is_test, kind_of
from ostiary_servers.code.plain import one_line
from ostiary_servers.code.purpose.answers import Evidence, FilePurpose, ImportedBy, Symbol
from ostiary_servers.code.purpose.importers import Importers, importers_of
from ostiary_servers.code.purpose.misses import with_hint
from ostiary_servers.code.repositories import Scope, scope_of
from ostiary_servers.code.syntax.languages import SIZE_LIMIT_BYTES, language_of
from ostiary_servers.code.syntax.outline import Definition, Outline
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ToolError

SHOWN_SYMBOLS = 30
SHOWN_IMPORTS = 40
SHOWN_IMPORTERS = 15
NAMED_IMPORTERS = 4
RECENT_DAYS = 90
TEXT_LIMIT = 300
HEADLINE_LIMIT = 200

_SAID = ("docstring", "header_comment", "heading", "paragraph")
"""Evidence in the file's own words."""

_HEADING = re.compile(r"^(?:#+\s+(.+)|<h1[^>]*>(.+?)</h1>|(.+)\n[=~-]{3,}$)", re.MULTILINE)
_PROSE = re.compile(r"(?:^|\n)[ \t]*\n([^\W_][^\n]*(?:\n[^\s#>|\-*=~`][^\n]*)*)(?!\n[=~-]{3})")
_MARKS = re.compile(r"^[#=~*\s-]+|[=~*-]{3,}$")
_DESCRIPTION = re.compile(r'(?:^|[{,])[^\S\n]*"?description"?\s*[:=]\s*"([^"\n]{5,300})"', re.MULTILINE)


@dataclass(slots=True)
class _Case:
    """What is gathered about one file."""

    scope: Scope
    shown: str
    kind: FileKind
    reason: str
    source: Source
    language: str | None
    outline: Outline | None = None
    importers: Importers = field(default_factory=lambda: Importers((), known=False, complete=True))
    commits: list[Commit] | None = None
    notes: list[str] = field(default_factory=list)


def summarize_file_purpose(analysis: Analysis, call: SummarizeFilePurpose) -> Answer:
    """The purpose of one file. Raises ToolError for what is no file."""
    scope = scope_of(analysis.gate, call.file_path, must_exist=False)
    try:
        case = _gathered(analysis, scope)
    except ToolError as error:
        raise with_hint(error, scope) from None
    evidence = _evidence(case)
    headline = _headline(case, evidence)
    exports = _exports(case.outline)
    users = [each for each in case.importers.found if not each.test]
    result = FilePurpose(
        path=case.shown,
        language=case.language,
        kind=case.kind,
        headline=headline,
        summary=" ".join(_sentence(each.text) for each in evidence),
        evidence=evidence,
        exports=[_symbol(each) for each in exports[:SHOWN_SYMBOLS]],
        exports_total=len(exports),
        imports=[one_line(each.text, 200) for each in (case.outline.imports if case.outline else ())][:SHOWN_IMPORTS],
        imported_by=ImportedBy(
            count=len(users) if case.importers.known else None,
            top=[scope.repository.shown(each.path) for each in users[:SHOWN_IMPORTERS]],
        ),
        tests=[scope.repository.shown(each.path) for each in case.importers.found if each.test][:SHOWN_IMPORTERS],
        lines=case.source.line_count,
        size_bytes=case.source.stat.st_size,
        commits_90_days=None if case.commits is None else len(_recent(case.commits)),
        confidence=_confidence(evidence),
        notes=case.notes,
    )
    return Answer(_text(result), result)


def _gathered(analysis: Analysis, scope: Scope) -> _Case:
    repository, path = scope.repository, scope.relative
    place = repository.file(path)
    source = read_source(place)
    binary = source.reason == "binary"
    kind, reason = kind_of(path, None if binary else source.content)
    language = None if binary else language_of(path, source.content)
    case = _Case(scope, repository.shown(path), kind, reason, source, language.name if language else None)
    if source.reason == SENSITIVE:
        case.notes.append("The name is one of files that hold secrets, so its content was left out.")
        return case
    if source.is_cut:
        case.notes.append(f"Only its first {SIZE_LIMIT_BYTES:,} bytes were looked at; lines are those in them.")
    if language is not None:
        looked = analysis.outlines.of(repository, path)
        case.outline = looked.outline
        if looked.reason not in {None, NO_SOURCE}:
            case.notes.append(f"The file was not parsed ({looked.reason}).")
        if looked.outline is not None and looked.outline.broken:
            case.notes.append("A part of the file has syntax that was not understood.")
        case.importers = importers_of(analysis, repository, path, language.name)
        if not case.importers.complete:
            case.notes.append("Not all files that may import it were looked at.")
    case.commits = _commits(analysis, scope, case.notes)
    return case


def _commits(analysis: Analysis, scope: Scope, notes: list[str]) -> list[Commit] | None:
    try:
        place = git_directory(scope.repository, analysis.gate.roots)
        window = Window(scope, place, 0, follow=True, limit=200)
        commits = list(commits_by_git(window) if has_git() else commits_by_dulwich(window))
    except ToolError:
        return None
    notes += window.warnings
    return commits


def _evidence(case: _Case) -> list[Evidence]:
    found = [*_said(case), _defines(case), _used(case), _tested(case), _changed(case)]
    name = Evidence(
        source="name",
        text=f"This is {_article(case.kind)}: {one_line(case.reason, TEXT_LIMIT)}",
        path=case.shown,
        line=0,
    )
    return [*(each for each in found if each is not None), name]


def _said(case: _Case) -> list[Evidence]:
    """What the file says of itself."""
    outline = case.outline
    if outline is not None and outline.header:
        source = "docstring" if outline.language == "python" else "header_comment"
        at, text = _telling(outline.header)
        line = outline.header_line + outline.header.count("\n", 0, at)
        return [Evidence(source=source, text=one_line(text, TEXT_LIMIT), path=case.shown, line=line)]
    text = case.source.content[:20_000].decode(errors="replace").replace("\r\n", "\n")
    is_docs = case.kind is FileKind.DOCS
    wanted = is_docs or case.kind in {FileKind.CONFIG, FileKind.DATA}
    found = (_HEADING if is_docs else _DESCRIPTION).search(text) if wanted else None
    prose = _PROSE.search(text, found.end()) if found is not None and is_docs else None
    return [
        Evidence(
            source=source,
            text=one_line(next(filter(None, each.groups())), TEXT_LIMIT),
            path=case.shown,
            line=text.count("\n", 0, each.start(each.lastindex or 0)) + 1,
        )
        for source, each in (("heading", found), ("paragraph", prose))
        if each is not None
    ]


def _defines(case: _Case) -> Evidence | None:
    exports = _exports(case.outline)
    if not exports:
        return None
    names = ", ".join(one_line(f"{each.kind} {each.name}", 80) for each in exports[:6])
    more = f" and {len(exports) - 6} more" if len(exports) > 6 else ""
    return Evidence(source="symbols", text=f"Defines {names}{more}", path=case.shown, line=exports[0].name_line)


def _used(case: _Case) -> Evidence | None:
    users = [each for each in case.importers.found if not each.test]
    if not case.importers.known:
        return None
    what = "its package" if case.language == "go" else "it"
    if not users:
        return Evidence(
            source="importers", text=f"No other file was found that imports {what}", path=case.shown, line=0
        )
    names = ", ".join(posixpath.basename(each.path) for each in users[:NAMED_IMPORTERS])
    such = ":" if len(users) <= NAMED_IMPORTERS else ", such as"
    text = f"{len(users)} file{'s import' if len(users) > 1 else ' imports'} {what}{such} {one_line(names, 200)}"
    return Evidence(source="importers", text=text, path=case.scope.repository.shown(users[0].path), line=users[0].line)


def _tested(case: _Case) -> Evidence | None:
    tests = [each for each in case.importers.found if each.test]
    if not tests or is_test(case.scope.relative):
        return None
    text = f"{len(tests)} test file{'s use' if len(tests) > 1 else ' uses'} it"
    return Evidence(source="tests", text=text, path=case.scope.repository.shown(tests[0].path), line=tests[0].line)


def _changed(case: _Case) -> Evidence | None:
    if not case.commits:
        return None
    newest = case.commits[0]
    when = time.strftime("%Y-%m-%d", time.gmtime(newest.committed))
    text = f"Changed last on {when}: “{one_line(newest.subject, 150)}” ({newest.sha[:10]})"
    return Evidence(source="commits", text=text, path=case.shown, line=0)


def _headline(case: _Case, evidence: list[Evidence]) -> str:
    said = [_sentences(each.text)[0] for each in evidence if each.source in _SAID]
    if said:
        return one_line(": ".join(said), HEADLINE_LIMIT)
    defines = next((each.text for each in evidence if each.source == "symbols"), case.reason)
    return one_line(f"{case.kind.capitalize()}: {defines}", HEADLINE_LIMIT)


def _exports(outline: Outline | None) -> list[Definition]:
    if outline is None:
        return []
    outer = [each for each in outline.definitions if "." not in each.qualified and each.kind != "module"]
    match outline.language:
        case "python":
            return [each for each in outer if not each.name.startswith("_")]
        case "go":
            return [each for each in outer if each.name[:1].isupper()]
        case _:
            return outer


def _symbol(each: Definition) -> Symbol:
    doc = one_line(_first_paragraph(each.doc), 160)
    return Symbol(name=each.name, kind=each.kind, line=each.name_line, signature=one_line(each.signature, 200), doc=doc)


def _recent(commits: list[Commit]) -> list[Commit]:
    return [each for each in commits if each.committed >= time.time() - RECENT_DAYS * DAY_S]


def _confidence(evidence: list[Evidence]) -> str:
    match evidence[0].source:
        case source if source in _SAID:
            return "high"
        case "symbols" | "importers":
            return "medium"
        case _:
            return "low"


def _first_paragraph(text: str) -> str:
    return text.split("\n\n", 1)[0]


def _telling(header: str) -> tuple[int, str]:
    """The first paragraph that says something, and where it begins; a heading such as ``# Description`` does not."""
    paragraphs = [(each.start(), _MARKS.sub("", each[0])) for each in re.finditer(r"[^\n]+(?:\n[^\n]+)*", header)]
    return next((each for each in paragraphs if len(each[1].split()) > 2), (0, _first_paragraph(header)))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s", text)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":", "…")) else f"{text}."


def _article(kind: FileKind) -> str:
    return f"{'an' if kind is FileKind.ENTRYPOINT else 'a'} {kind.value} file"


def _text(result: FilePurpose) -> str:
    lines = [f"{on_one_line(result.path)} ({result.language or 'no source code'}, {result.kind}): {result.headline}"]
    lines += [f"- {each.text} [{each.source}, {_place(each)}]" for each in result.evidence]
    lines += [f"  {each.line}: {each.signature or each.name}" for each in result.exports]
    lines += [f"Tests: {', '.join(map(on_one_line, result.tests))}"] if result.tests else []
    return "\n".join([*lines, *(f"Note: {note}" for note in result.notes)])


def _place(evidence: Evidence) -> str:
    path = on_one_line(evidence.path)
    return f"{path}:{evidence.line}" if evidence.line else path
