"""How a definition is asked for: a name, a name in a class or package, or a pattern of either. Pure.

``Store.get``, ``pkg.store.get``, ``Store::get`` and ``get*`` all mean the end of a chain that begins with the file's
folders and ends with the definition: ``pkg``, ``store``, ``Store``, ``get``.
"""

import fnmatch
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from ostiary_servers.code.folder_files import stands_for_folder

_SEPARATOR = re.compile(r"::|[.#/](?=.)")
_KEYWORD = re.compile(r"^(?:(?:async|class|def|fn|func|function|interface|struct|trait)\s+)+(?=\S)")
_CALLED = re.compile(r"(?<=\w)\s*\([^()]*\)\s*:?$")
"""``def get(self):`` and ``get()`` are asked for as often as ``get``."""

_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """What a caller asked for, cut into the links of the chain."""

    links: tuple[re.Pattern[str], ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, asked: str) -> Self:
        """Every text is a pattern; one of nothing but separators matches nothing."""
        name = _CALLED.sub("", _KEYWORD.sub("", " ".join(asked.split())))
        texts = tuple(filter(None, _SEPARATOR.split(name))) or (name,)
        return cls(tuple(re.compile(fnmatch.translate(_safe(text))) for text in texts), texts)

    def matches(self, path: str, qualified: str, name: str, signature: str = "") -> bool:
        """Whether the definition ``qualified`` in the file at ``path`` is meant. Names may hold dots themselves."""
        if not self.links[-1].match(name):
            return False
        if len(self.links) == 1:
            return True
        chains = [*_chains(path, qualified, name), *_interfaces(path, name, signature)]
        return any(self._ends(chain) for chain in chains)

    @property
    def expressions(self) -> tuple[str, ...]:
        """What a file with such a definition must hold, as regular expressions of ripgrep: the name as it is defined.

        A call such as ``t.Run(`` is none: before the name of a definition stands a dot only where the name is assigned
        to (``exports.run =``), a keyword begins it (``def self.run``, ``function M.run``, ``fun String.run``), or it is
        an interface's in C#, after a type (``void IJob<T>.Run(``).
        """
        name = _expression(self.texts[-1])
        if name is None:
            return ()
        end = r"(?:\W|$)" if self.texts[-1][-1:].isalnum() or self.texts[-1].endswith("_") else ""
        return (
            rf"(?:^|[^.\w]){name}{end}",
            rf"\.{name}[\"'\]]*\s*=",
            rf"\b(?:def|fun|function|func)\b.*\.{name}{end}",
            rf"[\w>\]?)]\s+[A-Z][\w.]*(?:<[^()]*>)?\.{name}\s*(?:<[^()]*>)?\([^;]*$",
        )

    @property
    def owners(self) -> tuple[str, ...]:
        """The names before the last, where they are exact: each stands in such a file, or in its path."""
        return tuple(text for text in self.texts[:-1] if not _WILD.search(text))

    def _ends(self, chain: list[str]) -> bool:
        return len(chain) >= len(self.links) and all(
            link.match(part) for link, part in zip(reversed(self.links), reversed(chain), strict=False)
        )


def _chains(path: str, qualified: str, name: str) -> list[list[str]]:
    """With the file's own name and, as packages of Go have it, without."""
    pure = PurePath(path)
    outer = [part for part in qualified.removesuffix(name).split(".") if part]
    folders = list(pure.parts[:-1])
    own = [] if stands_for_folder(pure.name) else [pure.name.split(".")[0]]
    return [[*folders, *own, *outer, name], [*folders, *outer, name]]


def _interfaces(path: str, name: str, signature: str) -> list[list[str]]:
    """C#: ``void IList<T>.Add(T item)`` is meant by ``IList.Add`` as well as by its class."""
    if PurePath(path).suffix != ".cs":
        return []
    found = re.search(rf"([\w.]+)(?:<[^()]*>)?\.{re.escape(name)}\s*[<(]", signature)
    return [[*found[1].split("."), name]] if found else []


def _safe(text: str) -> str:
    """``operator[]`` is no pattern: brackets are one only with something between them."""
    return text.replace("[]", "[[][]]")


def _expression(text: str) -> str | None:
    """None for a pattern that says nothing of the text."""
    pieces = [re.escape(piece) for piece in re.split(r"\[[^\]]*\]|[*?]", _plain_brackets(text))]
    return r"\S*".join(pieces) if any(pieces) else None


def _plain_brackets(text: str) -> str:
    return text.replace("[]", "")
