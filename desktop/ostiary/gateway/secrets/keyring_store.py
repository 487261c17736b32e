"""Secrets in the system's keyring, and nowhere else, on a thread of their own.

A locked keyring asks the person and blocks until they answer; only who needs a secret waits for that, and not without
end. What is refused is told with what to do, never with a value.
"""

from __future__ import annotations

import asyncio
import hashlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ostiary.domain.errors import OstiaryError, SecretError
from ostiary.domain.secret import KeyringState
from ostiary.gateway.secrets.backends import system_keyring
from ostiary.gateway.secrets.references import check_name, missing_secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend  # 5 MB and 20 ms, which a gateway without secrets does not need

T = TypeVar("T")

ANSWER_WITHIN_S = 60.0
"""Time for the person to find and unlock the keyring's own window."""
LONGEST_VALUE = 65_536
_UNLOCK = "Unlock it (Ostiary never asks for its password itself), then try again."


def service_name(home: Path | None) -> str:
    """Under which name entries are kept; ``home`` is set when Ostiary lives elsewhere than by default."""
    if home is None:
        return "ostiary"
    return f"ostiary-{hashlib.sha256(str(home).encode(errors='surrogateescape')).hexdigest()[:12]}"


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    take_back: Callable[[], None] | None
    """Called on the thread, too, where the work was done when nobody waited for it any more."""
    given_up: bool = False
    """Set by the loop, read by the thread: what nobody waits for any more is not begun."""


class KeyringStore:
    """Named secrets. Every method raises ``SecretError`` when the keyring is absent, locked, refuses or is silent."""

    def __init__(
        self,
        service: str,
        *,
        choose: Callable[[], KeyringBackend] = system_keyring,
        probe_apart: Callable[[], KeyringState | None] = lambda: None,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        """``probe_apart`` tells what ``choose`` would choose and loads less; None from it means: choose."""
        self._service = service
        self._choose = choose
        self._probe_apart = probe_apart
        self._answer_within_s = answer_within_s
        self._known: frozenset[str] = frozenset()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="keyring", daemon=True)
        self._backend: KeyringBackend | None = None  # the thread's own

    def known_values(self) -> frozenset[str]:
        """The values that went through here since the start, for redaction. May be called on any thread."""
        return self._known

    async def get(self, name: str) -> str:
        """The value. Raises ``SecretError`` when it is not set, ``UsageError`` for an impossible name."""
        entry = check_name(name)
        value = await self._do(lambda: self._opened().get_password(self._service, entry))
        if value is None:
            raise missing_secret(name)
        self._known |= {value}
        return value

    async def set(self, name: str, value: str, on_left: Callable[[], None] = lambda: None) -> None:
        """Keeps a value, and looks whether it was kept. Told as not kept, it gives way to what was there before.

        ``on_left`` is called on the loop, perhaps long after the error, where it may be there all the same: the
        keyring was locked in the middle.
        """
        entry = check_name(name)
        if not value or "\0" in value or len(value) > LONGEST_VALUE:
            raise SecretError("Not a value for a secret", "It must have 1 to 65,536 characters, and none may be NUL.")
        self._known |= {value}
        before: str | None = None
        loop = asyncio.get_running_loop()

        def keep() -> bool:
            nonlocal before
            backend = self._opened()
            before = backend.get_password(self._service, entry)
            try:
                backend.set_password(self._service, entry, value)
                return backend.get_password(self._service, entry) == value
            except Exception:  # as in ``_work``: any of them may come after the value was taken
                put_back()
                raise

        def put_back() -> None:
            try:
                self._restore(entry, before)
            except Exception:
                loop.call_soon_threadsafe(on_left)
                raise

        if not await self._do(keep, put_back):
            raise SecretError("The keyring did not keep the secret", "It took the value, but gives another one back.")

    async def remove(self, name: str) -> None:
        """Deletes the entry; one that somebody else has deleted is gone as well."""
        entry = check_name(name)
        await self._do(lambda: self._restore(entry, None))

    async def probe(self) -> KeyringState:
        """Which keyring would be used, without touching an entry: that could make it ask the person."""
        try:
            return await self._do(self._state)
        except SecretError as error:
            return KeyringState(problem=f"{error.title}. {error.detail}")

    def stop(self) -> None:
        """Takes no more work. A call that blocks in the keyring is left behind with its thread, and ends with us."""
        self._jobs.put(None)

    async def _do(self, work: Callable[[], T], take_back: Callable[[], None] | None = None) -> T:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future(), take_back)
        if self._thread.ident is None:
            self._thread.start()
        self._jobs.put(job)
        try:
            async with asyncio.timeout(self._answer_within_s):
                result: T = await job.answer
        except TimeoutError as error:
            raise SecretError(
                "The keyring does not answer", f"It may be locked and waiting for you. {_UNLOCK}"
            ) from error
        finally:
            job.given_up = True
        return result

    # On the thread

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.given_up:
                self._work(job)

    def _work(self, job: _Job) -> None:
        try:
            result = job.work()
            if job.given_up and job.take_back is not None:
                job.take_back()
        except Exception as error:
            # The border to code that raises what it likes: keyring's own errors, those of D-Bus, of the system.
            self._backend = None  # another may be there next time
            _tell(job, _fail, _told(error))
        else:
            _tell(job, _finish, result)

    def _restore(self, entry: str, before: str | None) -> None:
        backend = self._opened()
        if before is not None:
            backend.set_password(self._service, entry, before)
        elif backend.get_password(self._service, entry) is not None:
            backend.delete_password(self._service, entry)

    def _opened(self) -> KeyringBackend:
        self._backend = self._backend or self._choose()
        return self._backend

    def _state(self) -> KeyringState:
        apart = None if self._backend else self._probe_apart()
        return apart or KeyringState(backend=str(self._opened().name))


def _told(error: Exception) -> OstiaryError:
    """What a person reads. The text of a foreign error stays out of it: nobody knows what it holds."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    told: OstiaryError
    match error:
        case OstiaryError():
            return error
        case NoKeyringError():
            told = SecretError("There is no keyring in this session", "Install and start one, then try again.")
        case KeyringLocked() | InitError():
            told = SecretError("The keyring is locked", _UNLOCK)
        case _:
            told = SecretError("The keyring refused", f"It answered with {type(error).__name__}. Is it unlocked?")
    return told


def _tell(job: _Job, settle: Callable[[asyncio.Future[Any], Any], None], value: object) -> None:
    if not job.given_up:
        job.loop.call_soon_threadsafe(settle, job.answer, value)


def _finish(answer: asyncio.Future[Any], result: object) -> None:
    if not answer.done():  # done: who asked gave up in this very moment
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: OstiaryError) -> None:
    if not answer.done():
        answer.set_exception(error)
