"""The person's trash: putting something there and, where the system tells where it lies, taking it back.

Linux has its own implementation, because a path that is handed to a library can lead elsewhere by the time it is used,
and a rename between open folders cannot.
"""

import sys

from ostiary_servers.common.trash_system import cannot_take_back

if sys.platform == "linux":
    from ostiary_servers.common.trash_xdg_posix import WARNING, put_in_trash, take_from_trash
else:
    from ostiary_servers.common.trash_system import WARNING, put_in_trash, take_from_trash

__all__ = ["WARNING", "cannot_take_back", "put_in_trash", "take_from_trash"]
