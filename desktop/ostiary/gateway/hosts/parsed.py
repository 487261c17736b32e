"""Keeps parses of large files quick. What a file is parsed into is left to the formats.

1 MB becomes some hundred thousand objects, none of them garbage. The collector would go through them again and again
(measured: half the time of an edit, and after it three stops of the whole program of 0.2 s each), so it rests while a
file is parsed and edited, and does not look at what a large one left. An edit looks at the same bytes many times, when
it is shown and when it is made: that stays until ``forget``.
"""

import contextlib
import gc
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, TypeVarTuple, cast

A = TypeVarTuple("A")
R = TypeVar("R")

_KEPT = 16
"""Of one edit: what the file was, what it is to be, our entry alone, and where things are in each."""

_MANY_OBJECTS = 100_000
"""Since the collector went to rest: those of about 200 KB."""


def once(parse: Callable[[*A], R]) -> Callable[[*A], R]:
    """Gives a parse that is made once for the same arguments. What it gives is shared, so nobody may change it."""

    def known(*arguments: *A) -> R:
        return cast(R, _parsed(parse, arguments))

    return known


@lru_cache(maxsize=_KEPT)
def _parsed(parse: Callable[..., object], arguments: tuple[object, ...]) -> object:
    with collector_at_rest:
        return parse(*arguments)


def forget() -> None:
    """Gives the memory back."""
    _parsed.cache_clear()
    collector_at_rest.thaw()


class _Rest(contextlib.ContextDecorator, contextlib.AbstractContextManager[None]):
    """Of several threads the last to leave wakes the collector, if it was awake before the first came.

    Many objects are frozen first: they are in no circle, so they go with their last reference all the same. But the
    rest of the program is frozen with them, and what of it was garbage just then, or becomes it later, would stay for
    ever. So it is thawed when they are gone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._wake = False
        self._has_frozen = False
        self._was_frozen = False

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._wake = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                if gc.get_count()[0] > _MANY_OBJECTS:
                    self._freeze()
                if self._wake:
                    gc.enable()

    def thaw(self) -> None:
        """Has the collector look at everything again, once; then at what it looked at before the first freeze."""
        with self._lock:
            if not self._has_frozen:
                return
            gc.unfreeze()
            gc.collect()
            if self._was_frozen:
                gc.freeze()
            self._has_frozen = False

    def _freeze(self) -> None:
        if not self._has_frozen:
            self._has_frozen, self._was_frozen = True, gc.get_freeze_count() > 0
        gc.freeze()


collector_at_rest = _Rest()
"""Around an edit too, as a decorator."""
