"""Names of files as they can be sent and shown: a name is bytes to the system, and may hold what a line cannot."""

import os
import re

_BREAKING = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def displayable(name: str) -> str:
    """A name that can be sent. Bytes that are no valid UTF-8 become U+FFFD; such a file cannot be named by a caller."""
    return name if name.isascii() else os.fsencode(name).decode(errors="replace")


def on_one_line(name: str) -> str:
    """A name that cannot pass for two lines, or for none, in a list of names."""
    return name if name.isprintable() else _BREAKING.sub(lambda found: f"\\x{ord(found[0]):02x}", name)
