"""Lists folder after folder of a tree on Windows, where each is checked on its own."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from ostiary_servers.common import anchored_windows
from ostiary_servers.common.path_gate import Place

assert sys.platform == "win32"


class Descent:
    """As on POSIX; there is nothing to hold open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing to close."""

    def entries(self, place: Place) -> "list[os.DirEntry[str]]":
        """What is in the folder at ``place``. Raises ToolError."""
        with anchored_windows.scan_directory(place) as entries:
            return list(entries)

    @contextmanager
    def file_in(self, folder: Place, name: str) -> Iterator[int]:
        """A descriptor to read the regular file ``name`` in ``folder``. Raises ToolError."""
        with anchored_windows.open_file(replace(folder, real=str(Path(folder.real, name)))) as file:
            yield file
