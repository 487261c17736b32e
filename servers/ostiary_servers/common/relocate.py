"""Moving, copying and taking away what lies at a ``Place``; this module is the one that is imported."""

import sys

if sys.platform == "win32":
    from ostiary_servers.common.relocate_windows import copy_tree, move_path
else:
    from ostiary_servers.common.relocate_posix import copy_tree, move_path

__all__ = ["copy_tree", "move_path"]
