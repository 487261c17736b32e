"""What the operating system refused, in the words of ``errors`` and without its own text, which names real paths."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from ostiary_servers.common.errors import ErrorCode, ToolError

_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""Following no links, ENOTDIR and ELOOP mean that a name on the way is not, or no longer, the folder it was."""

_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def told_as_tool_error(requested: str) -> Iterator[None]:
    """Turns an OSError of the block into the ToolError that names ``requested``."""
    try:
        yield
    except OSError as error:
        raise tool_error_for(error, requested) from error


def tool_error_for(error: OSError, requested: str) -> ToolError:
    """The ToolError for what the system answered about ``requested``."""
    if error.errno in _MISSING:
        return ToolError(
            ErrorCode.NOT_FOUND,
            f"There is nothing at “{requested}”.",
            "Check the spelling with list_directory or search_files.",
        )
    if error.errno in _REFUSED:
        return ToolError(
            ErrorCode.PERMISSION_DENIED,
            f"The system does not allow this with “{requested}”.",
            "Ask the person to look at the file's permissions.",
        )
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return ToolError(
            ErrorCode.IO_ERROR,
            f"There is no room left to write “{requested}”; what was there before is unchanged.",
            "Ask the person to free some space.",
        )
    if error.errno == errno.EXDEV:
        return ToolError(
            ErrorCode.UNSUPPORTED,
            f"“{requested}” cannot be moved from one disk to another.",
            "Copy it with copy_path, then trash the original with trash_path.",
        )
    if error.errno == errno.EBUSY:
        return ToolError(
            ErrorCode.UNSUPPORTED,
            f"“{requested}” cannot be put elsewhere: a disk is mounted there, or the system uses it.",
            "Name what is inside it, piece by piece.",
        )
    name = errno.errorcode.get(error.errno or 0, "unknown")
    return ToolError(
        ErrorCode.IO_ERROR, f"“{requested}” could not be used ({name}).", "Try again once; then tell the person."
    )


@contextmanager
def told_as_taken(requested: str) -> Iterator[None]:
    """Turns a FileExistsError of the block into the ToolError ``already_exists``."""
    try:
        yield
    except FileExistsError:
        raise already_exists(requested) from None


def already_exists(requested: str) -> ToolError:
    """For a path that must be free."""
    return ToolError(
        ErrorCode.ALREADY_EXISTS,
        f"There already is something at “{requested}”; nothing was changed.",
        "Choose another destination; nothing is ever replaced by moving or copying.",
    )


def not_regular_file(requested: str) -> ToolError:
    """For a folder, device, socket or named pipe where a file was meant."""
    return ToolError(
        ErrorCode.NOT_REGULAR_FILE,
        f"“{requested}” is not a regular file.",
        "Folders are read with list_directory; devices, sockets and named pipes are never opened.",
    )


def not_a_directory(requested: str) -> ToolError:
    """For anything but a folder where a folder was meant."""
    return ToolError(
        ErrorCode.NOT_A_DIRECTORY,
        f"“{requested}” is not a folder.",
        "Use read_text_file or get_file_info for a file.",
    )


def write_protected(requested: str) -> ToolError:
    """For a file whose mode takes the right to write from its owner."""
    return ToolError(
        ErrorCode.PERMISSION_DENIED,
        f"“{requested}” is write-protected.",
        "Leave it alone, or ask the person to take the protection off.",
    )


def stale_plan(requested: str) -> ToolError:
    """For a file that is no longer what the plan was made from."""
    return ToolError(
        ErrorCode.STALE_PLAN,
        f"“{requested}” changed after this write was planned; nothing was written.",
        "Read it again and repeat the call with what you find.",
    )
