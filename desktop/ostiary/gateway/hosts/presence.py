"""Whether a host is on this machine, told by its own folder or its program."""

import shutil
from pathlib import Path

from ostiary.gateway.hosts.registry import HostSpec, Place, installed_paths


def own_place(path: str, place: Place) -> Path:
    """Gives what is the host's own around its file: the folder, or the file alone where that is the home folder."""
    folder = Path(path).parent
    return Path(path) if folder == Path(place.home) else folder


def is_here(spec: HostSpec, path: str, place: Place) -> bool:
    """Says whether the host's own place or its program is there."""
    found = installed_paths(spec, place)
    return _may_be_there(own_place(path, place)) or any(_is_installed(sign, place) for sign in found)


def _is_installed(found: str, place: Place) -> bool:
    if Path(found).is_absolute():
        return _may_be_there(Path(found))
    return shutil.which(found, path=place.env.get("PATH")) is not None


def _may_be_there(path: Path) -> bool:
    """Says whether something is there. What we may not look at may be, and reading it tells the person why."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
