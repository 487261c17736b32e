"""A notification service that people use (GNOME's notification-daemon) on the session bus, and a mouse for its buttons.

It puts its windows on the screen, where their buttons are found as a screen reader finds them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.support.desktop import Xdotool
from tests.support.screen_reader import ScreenReader

PROGRAM: Final = Path("/usr/lib/notification-daemon/notification-daemon")
NAME: Final = "notification-daemon"
BUTTON: Final = "push button"
WAIT_S: Final = 20
STILL: Final = 3
"""Looks at a button that has stopped moving."""

Wait = Callable[[Callable[[], bool]], None]


class NotificationDaemon:
    """It runs from the start; ``wait`` lets the test's own windows live until something holds."""

    def __init__(self, xdotool: Xdotool, wait: Wait) -> None:
        self._reader = ScreenReader(NAME)  # before the program, which looks for its bus at the start
        self._xdotool, self._wait = xdotool, wait
        self._process = subprocess.Popen((PROGRAM,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        """End the service, as a session does that ends or changes its desktop."""
        self._process.terminate()
        self._process.wait(WAIT_S)
        self._reader.close()

    def shows(self, text: str) -> bool:
        """Whether a notification on the screen says exactly this."""
        return any(node.name == text for node in self._reader.nodes())

    def press(self, button: str) -> None:
        """Click on the button of that name; the one that closes the notification has none."""
        self._xdotool("mousemove", *self._place(button), "click", 1)

    def press_text(self, text: str) -> None:
        """Click on the notification itself, where it says this."""
        self._xdotool("mousemove", *self._place(text, "label"), "click", 1)

    def _place(self, name: str, role: str = BUTTON) -> tuple[int, int]:
        """Where it is, once it has come to rest."""
        seen: list[tuple[int, int]] = []

        def rests() -> bool:
            seen.extend(node.middle for node in self._reader.nodes() if (node.name, node.role) == (name, role))
            return len(seen) >= STILL and seen[-STILL:] == [seen[-1]] * STILL

        self._wait(rests)
        return seen[-1]
