"""Says on stderr how far a bundle is while its command waits for it, over a connection of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

from ostiary.control.client import connect
from ostiary.control.messages import GetImportProgress
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host_import import ImportProgress

FIRST_AFTER_S: Final = 1.0
AGAIN_AFTER_S: Final = 2.0
_LEFT_BEHIND_AFTER_S: Final = 1.0
"""For a gateway that does not answer: the thread must not keep the command from its end."""


@contextlib.contextmanager
def telling(home: str | None, say: Callable[[str], None], *, first_after_s: float = FIRST_AFTER_S) -> Iterator[None]:
    """Says a line once it takes longer than ``first_after_s``, and each time it is further."""
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(home, say, first_after_s, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join(_LEFT_BEHIND_AFTER_S)


def progress_line(told: ImportProgress) -> str:
    """Pure. How far it is; nothing while no bundle is read or unpacked."""
    if not told.total_bytes:
        return ""
    return f"{told.done_bytes / 1_000_000:.0f} of {told.total_bytes / 1_000_000:.0f} MB of the bundle are done."


def _tell(home: str | None, say: Callable[[str], None], first_after_s: float, over: threading.Event) -> None:
    if over.wait(first_after_s):
        return
    said = ""
    with contextlib.suppress(OstiaryError), connect(home) as client:  # the command itself tells what is wrong
        while not over.is_set():
            line = progress_line(client.ask(GetImportProgress()))
            if line not in ("", said) and not over.is_set():
                say(line)
                said = line
            over.wait(AGAIN_AFTER_S)
