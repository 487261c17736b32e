"""Where the index lies: the system's folder for what can be made anew."""

import os
import sys
from pathlib import Path


def index_folder(state_dir: Path | None) -> Path:
    """The folder for the index: in ``state_dir``, else in the person's cache. Made for the person alone."""
    folder = (state_dir or _cache_folder()) / "code-index"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _cache_folder() -> Path:
    """XDG Base Directory Specification; File System Programming Guide (macOS); Known Folders (Windows)."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return base / "ostiary"
