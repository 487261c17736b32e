"""What may stand in a path at all, decided from its text alone.

On Windows a name can mean something other than a file: a device (``CON``), another stream of a file (``a.txt:x``),
a path that skips normalisation (``\\\\?\\``), another machine (``\\\\server``), or, with a trailing dot or space, its
neighbour. All are refused before anything is opened. (Microsoft: "Naming Files, Paths, and Namespaces".)
"""

import re

MAX_PATH_BYTES = 4096
"""PATH_MAX of Linux; Windows allows 32,767 characters, and no path a person works with comes near either."""

MAX_NAME_BYTES = 255
"""NAME_MAX of every file system in use."""

_WINDOWS_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_WINDOWS_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def fault_in(path: str, *, windows: bool) -> str | None:
    """What makes ``path`` unusable, as the end of a sentence, or None when nothing does."""
    if not path:
        return "is empty"
    if "\0" in path:
        return "contains a NUL character"
    if path.startswith("file://"):
        return "is a URI"
    encoded = path.encode(errors="surrogateescape")
    if len(encoded) > MAX_PATH_BYTES:
        return f"is longer than {MAX_PATH_BYTES} bytes"
    if any(len(name) > MAX_NAME_BYTES for name in encoded.split(b"/")):
        return f"contains a name longer than {MAX_NAME_BYTES} bytes"
    return _windows_fault(path) if windows else None


def _windows_fault(path: str) -> str | None:
    if path.startswith(("\\\\", "//", "\\/", "/\\")):
        return "names a device or another machine"
    rest = path[2:] if _WINDOWS_DRIVE.match(path) else path
    if ":" in rest:
        return "contains a colon, which names a stream or another drive"
    return next((fault for name in re.split(r"[\\/]", rest) if (fault := _windows_name_fault(name))), None)


def _windows_name_fault(name: str) -> str | None:
    if name in {"", ".", ".."}:
        return None
    if name[-1] in ". ":
        return "contains a name that ends in a dot or a space"
    if _WINDOWS_DEVICE.fullmatch(name):
        return "names a device"
    return None
