"""The trash of macOS and Windows, reached through send2trash. Neither tells where a thing lies, so none comes back."""

import os
import sys
from pathlib import Path

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import Place

_BIN = "Recycle Bin" if sys.platform == "win32" else "Trash"


def put_in_trash(place: Place) -> str | None:
    """Trashes what is at ``place``. Raises ToolError ``no_trash``."""
    from send2trash import send2trash

    folder = Path(place.real).parent
    try:
        if os.path.realpath(folder) != str(folder):  # a link was put there meanwhile
            raise FileNotFoundError(place.real)
        send2trash(place.real)
    except OSError as error:
        raise ToolError(
            ErrorCode.NO_TRASH, f"“{place.requested}” could not be put in the {_BIN}.", "Tell the person; leave it."
        ) from error
    return None


def take_from_trash(trashed: str, place: Place) -> None:
    """Never called with a true path, as none was given."""
    raise ToolError(ErrorCode.NO_TRASH, f"The {_BIN} cannot be emptied from here.", f"The person can open the {_BIN}.")
