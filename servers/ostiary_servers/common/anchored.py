"""Opening, listing and replacing what lies at a ``Place``, without trusting its path a second time.

The operating systems differ in how that is done, so there are two implementations with the same functions; this module
is the one that is imported.
"""

import sys

if sys.platform == "win32":
    from ostiary_servers.common.anchored_windows import (
        folder_to_work_in,
        make_directory,
        open_file,
        read_link,
        read_stat,
        replace_file,
        scan_directory,
    )
else:
    from ostiary_servers.common.anchored_posix import (
        folder_to_work_in,
        make_directory,
        open_file,
        read_link,
        read_stat,
        replace_file,
        scan_directory,
    )

__all__ = [
    "folder_to_work_in",
    "make_directory",
    "open_file",
    "read_link",
    "read_stat",
    "replace_file",
    "scan_directory",
]
