"""Which folders of this machine are worth proposing at the first start. Nothing is chosen here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

USUAL_NAMES: Final = ("Projects", "projects", "Code", "code", "src", "dev", "Developer", "git", "repos", "workspace")
"""What people call the folder of their projects."""
MOST: Final = 4


def proposed(home: Path, documents: Sequence[str], added: Iterable[str]) -> tuple[Path, ...]:
    """Folders that are there, the desktop's own for documents first; never the home folder or one around it.

    Two names of one folder are one, and a folder inside a proposed or an added one is left out, as it is covered.
    """
    there = home.resolve()
    covered = [Path(path) for path in added]
    found: list[Path] = []
    for folder in (*map(Path, documents), *(home / name for name in USUAL_NAMES)):
        real = folder.resolve()
        if real.is_dir() and not there.is_relative_to(real) and not any(real.is_relative_to(one) for one in covered):
            covered.append(real)
            found.append(real)
    return tuple(found[:MOST])
