"""The trash of macOS and Windows, reached through send2trash.

Neither system tells where it put a thing, and what lies there is renamed and shared with everything else that the
person trashed. Guessing could bring back another thing of the same name, so nothing is taken back from here: the
person can, and is told so before and after.
"""

import os
import sys
from pathlib import Path

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import Place

_BIN, _TAKE_BACK = ("Recycle Bin", "Restore") if sys.platform == "win32" else ("Trash", "Put Back")

WARNING = f"It goes to the {_BIN}. Only you can take it back from there: undoing this change cannot."
"""What a person is told before."""


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
    raise cannot_take_back(place.requested)


def cannot_take_back(requested: str) -> ToolError:
    """For what lies in a trash that does not tell where; it says who can take it back."""
    return ToolError(
        ErrorCode.UNSUPPORTED,
        f"“{requested}” cannot be taken back from here: this system does not tell where it lies in the {_BIN}.",
        f"Ask the person to open the {_BIN} and to choose “{_TAKE_BACK}” for it.",
    )
