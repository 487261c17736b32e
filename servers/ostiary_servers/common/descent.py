"""Lists folder after folder of a tree; this module is the one that is imported."""

import sys

if sys.platform == "win32":
    from ostiary_servers.common.descent_windows import Descent
else:
    from ostiary_servers.common.descent_posix import Descent

__all__ = ["Descent"]
