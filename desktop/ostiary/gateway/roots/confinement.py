"""Which approved folder a path lies in. Pure: paths come in real (absolute, no links, no ``..``), nothing is opened.

Being inside is a statement about the moment the path was resolved. Who opens a file must do it so that a link swapped
in afterwards cannot win; the bundled servers do.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from ostiary.domain.root import Root


def is_within(path: str, folder: str) -> bool:
    """True when a real path is a real folder or lies in it; without case where the system has none."""
    return PurePath(path).is_relative_to(folder)


def root_of(path: str, roots: Iterable[Root]) -> Root | None:
    """The approved folder a real path lies in; the innermost of several, so that its mode counts. ``None``: in none."""
    around = (root for root in roots if is_within(path, root.path))
    return max(around, key=lambda root: len(PurePath(root.path).parts), default=None)


def shown(path: str, roots: Iterable[Root]) -> str | None:
    """A real path as a person knows it: ``label/rest``. ``None`` outside of all folders."""
    root = root_of(path, roots)
    return None if root is None else str(PurePath(root.label, PurePath(path).relative_to(root.path)))
