"""A keyring in memory that keeps the promises of a real one: it may be locked, slow, forgetful, or not let go."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """``locked`` refuses like a keyring with nobody to ask, from the next value on with ``locks_when_written``.

    While ``answers`` is not set, every call blocks.
    """

    priority = 0  # never chosen by itself: tests name it

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False
        self.forgetful = False
        self.keeps = False
        self.locks_when_written = False
        self.answers = threading.Event()
        self.answers.set()
        self.called = threading.Event()
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        if not self.forgetful:
            self.entries[service, username] = password
        self.locked = self.locks_when_written

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.keeps:
            raise PasswordDeleteError("The item is not to be deleted")
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("No such password!")

    def _open(self) -> None:
        self.calls += 1
        self.called.set()
        if not self.answers.wait(30):
            raise TimeoutError("a test left the keyring blocked")
        if self.locked:
            raise KeyringLocked("Failed to unlock the collection!")
