"""A rename that never replaces anything, which Python does not offer.

Linux has renameat2(2) with RENAME_NOREPLACE, macOS renameatx_np(2) with RENAME_EXCL. A file system that knows neither
answers EINVAL or ENOTSUP; then a file is linked under its new name, which fails if that is taken, and a folder is
renamed after a look, which leaves a moment in between in which only an empty folder could be lost (POSIX rename(2)).
"""

import ctypes
import errno
import os
import stat
import sys

assert sys.platform != "win32"

_C = ctypes.CDLL(None, use_errno=True)
_NAME, _FLAG = ("renameatx_np", 0x4) if sys.platform == "darwin" else ("renameat2", 0x1)
_CANNOT = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def rename_exclusively(source_folder: int, source: str, target_folder: int, target: str) -> None:
    """Renames a name in one open folder to a name in another.

    Raises FileExistsError when the new name is taken, and OSError EXDEV when the folders are on different disks.
    """
    call = getattr(_C, _NAME, None)
    if call is not None:
        flags = ctypes.c_uint(_FLAG)
        if call(source_folder, os.fsencode(source), target_folder, os.fsencode(target), flags) == 0:
            return
        code = ctypes.get_errno()
        if code not in _CANNOT:
            raise OSError(code, os.strerror(code))
    _rename_by_steps(source_folder, source, target_folder, target)


def _rename_by_steps(source_folder: int, source: str, target_folder: int, target: str) -> None:
    if stat.S_ISDIR(os.stat(source, dir_fd=source_folder, follow_symlinks=False).st_mode):
        if _is_taken(target_folder, target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        os.rename(source, target, src_dir_fd=source_folder, dst_dir_fd=target_folder)
        return
    os.link(source, target, src_dir_fd=source_folder, dst_dir_fd=target_folder, follow_symlinks=False)
    os.unlink(source, dir_fd=source_folder)


def _is_taken(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
