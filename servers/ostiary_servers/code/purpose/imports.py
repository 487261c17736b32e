"""Which file an import means, as far as its text says so. Pure.

An import becomes a path of names, either from the importer's own folder or from some folder that is not known; a file
is meant when its own path, without ending and without ``__init__`` and its like, is that path or ends with it.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary_servers.code.folder_files import stands_for_folder

UNRESOLVED = {"csharp", "swift"}
"""Languages whose imports name no file."""

_FROM = re.compile(r"from\s+(\.*)([\w.]*)\s+import\s+\(?([^)]*)")
_QUOTES = "\"'`<>"


@dataclass(frozen=True, slots=True)
class Meant:
    """``anchored``: the path is complete, seen from the repository; otherwise the file's path ends with it."""

    parts: tuple[str, ...]
    anchored: bool = False


def names_of(path: str) -> tuple[str, ...]:
    """The path of a file as imports write it."""
    *folders, name = path.split("/")
    stem = name.split(".")[0]
    return tuple(folders) if stands_for_folder(name) and folders else (*folders, stem)


def means(language: str, importer: str, text: str, target: str) -> bool:
    """Whether ``text`` in the file ``importer`` means the file ``target``; paths are relative to the repository."""
    names = names_of(target)
    if language == "go":
        names = tuple(target.split("/")[:-1])
    for meant in _meant(language, importer, text):
        if not meant.parts:
            continue
        if meant.anchored and meant.parts == names:
            return True
        if not meant.anchored and names[-len(meant.parts) :] == meant.parts and _enough(language, meant.parts, names):
            return True
    return False


def _enough(language: str, parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """One name alone means only a file near the top: ``import utils`` is not ``deep/inside/utils.py``."""
    return len(parts) > 1 or len(names) <= 2 or language in {"c", "cpp", "bash", "php"}


def _meant(language: str, importer: str, text: str) -> Iterator[Meant]:
    folder = posixpath.dirname(importer)
    match language:
        case "python":
            yield from _python(folder, text)
        case "javascript" | "typescript" | "tsx":
            path = text.strip(_QUOTES)
            yield _relative(folder, path) if path.startswith(".") else Meant(_path(path.lstrip("@~#/")))
        case "go":
            package = tuple(text.strip(_QUOTES).split("/"))
            for count in range(min(len(package), 3), 1, -1):
                yield Meant(package[-count:])
        case "rust":
            yield from _rust(folder, importer, text)
        case "java" | "kotlin" | "scala":
            parts = tuple(re.sub(r"^import\s+(static\s+)?|;|\s+as\s+\w+$|[.{*].*\*.*$", "", text).strip().split("."))
            yield Meant(parts)
            yield Meant(parts[:-1])
        case "ruby" | "bash":
            path = text.strip(_QUOTES)
            yield _relative(folder, path)
            yield Meant(_path(path))
        case "lua":
            yield Meant(tuple(text.strip(_QUOTES).split(".")))
        case "php":
            yield Meant(
                _path(re.sub(r"^use\s+(function\s+)?|;|\s+as\s+.*$", "", text).replace("\\", "/").strip("/ '\""))
            )
        case "c" | "cpp":
            yield Meant(_path(text.strip(_QUOTES)))
            yield _relative(folder, text.strip(_QUOTES))


def _python(folder: str, text: str) -> Iterator[Meant]:
    if found := _FROM.match(text):
        dots, module, imported = found.groups()
        base = tuple(part for part in module.split(".") if part)
        anchored = bool(dots)
        if anchored:
            above = tuple(part for part in folder.split("/") if part)
            base = (*above[: len(above) - len(dots) + 1], *base)
        yield Meant(base, anchored)
        for name in imported.split(","):
            yield Meant((*base, name.split(" as ")[0].strip()), anchored)
    else:
        for module in text.removeprefix("import ").split(","):
            yield Meant(tuple(module.split(" as ")[0].strip().split(".")))


def _rust(folder: str, importer: str, text: str) -> Iterator[Meant]:
    if module := re.match(r"(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)", text):
        own = names_of(importer)
        yield Meant((*own, module[1]), anchored=True)
        yield Meant((*filter(None, folder.split("/")), module[1]), anchored=True)
        return
    path = re.sub(r"^(pub(\([^)]*\))?\s+)?use\s+|;|\s+as\s+\w+$|\{.*", "", text).split("::")
    parts = tuple(part.strip() for part in path if part.strip() not in {"", "crate", "self", "super", "*"})
    for count in range(len(parts), 0, -1):
        yield Meant(parts[:count])
        yield Meant(("src", *parts[:count]))


def _relative(folder: str, path: str) -> Meant:
    return Meant(names_of(posixpath.normpath(posixpath.join(folder, path))), anchored=True)


def _path(path: str) -> tuple[str, ...]:
    return names_of(path) if path else ()
