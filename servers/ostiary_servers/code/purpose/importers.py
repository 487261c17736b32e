"""Who imports a file: ripgrep finds the files that hold its name, their outlines say whether they import it."""

import re
from dataclasses import dataclass

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.candidates import files_with
from ostiary_servers.code.kinds import is_test
from ostiary_servers.code.purpose.imports import UNRESOLVED, means, names_of
from ostiary_servers.code.repositories import Repository, Scope
from ostiary_servers.code.syntax.languages import language_by_name
from ostiary_servers.code.work import step

CANDIDATES_LIMIT = 1_500


@dataclass(frozen=True, slots=True)
class Importer:
    """A file that imports the one asked about, and where."""

    path: str
    line: int
    text: str
    test: bool


@dataclass(frozen=True, slots=True)
class Importers:
    """``known`` is false where imports of the language name no file; ``complete``: all that may were looked at."""

    found: tuple[Importer, ...]
    known: bool
    complete: bool


_FAMILIES = ({"javascript", "typescript", "tsx"}, {"c", "cpp"}, {"java", "kotlin", "scala"})


def importers_of(analysis: Analysis, repository: Repository, target: str, language: str) -> Importers:
    """The importers of the file at ``target``, in the order of their paths, tests last."""
    names = names_of(target)
    if language in UNRESOLVED or not names:
        return Importers((), known=False, complete=True)
    name = target.split("/")[-2] if language == "go" and "/" in target else names[-1]
    family = next((each for each in _FAMILIES if language in each), {language})
    files = files_with(Scope(repository, ""), (rf"\b{re.escape(name)}\b",)) - {target}
    candidates = sorted((path for path in files if _is_in(path, family)), key=lambda path: (is_test(path), path))
    found = []
    for number, (path, looked) in enumerate(analysis.outlines.of_many(repository, candidates[:CANDIDATES_LIMIT])):
        step(number, len(candidates), f"Looking for importers of {target}")
        for each in looked.outline.imports if looked.outline else ():
            if means(language, path, each.text, target):
                found.append(Importer(path, each.line, each.text, is_test(path)))
                break
    return Importers(tuple(found), known=True, complete=len(candidates) <= CANDIDATES_LIMIT)


def _is_in(path: str, family: set[str]) -> bool:
    language = language_by_name(path)
    return language is not None and language.name in family
