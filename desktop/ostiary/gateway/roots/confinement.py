"""Which approved folder a path lies in. Pure: paths come in real (absolute, no links, no ``..``), nothing is opened.

Being inside is a statement about the moment the path was resolved. Who opens a file must do it so that a link swapped
in afterwards cannot win; the bundled servers do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from ostiary.domain.root import Root


def is_within(path: str, folder: str) -> bool:
    """True when a real path is a real folder or lies in it; without case where the system has none."""
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def root_of(path: str, roots: Iterable[Root]) -> Root | None:
    """The approved folder a real path lies in; the innermost of several, so that its mode counts. ``None``: in none."""
    return max((root for root in roots if is_within(path, root.path)), key=lambda root: len(root.path), default=None)


def shown(path: str, roots: Iterable[Root]) -> str | None:
    """A real path as a person knows it: ``label/rest``. ``None`` outside of all folders."""
    root = root_of(path, roots)
    if root is None:
        return None
    rest = path[len(root.path.rstrip(os.sep)) + 1 :]
    return f"{root.label}{os.sep}{rest}" if rest else root.label
