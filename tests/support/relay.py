"""As what the relay runs here: ``dev.py --compiled`` has the same code run as machine code."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec


def how_it_runs() -> str:
    """``compiled``, or ``as Python``. Nothing is imported."""
    found = find_spec("ostiary.gateway.session")
    is_compiled = found is not None and (found.origin or "").endswith(tuple(EXTENSION_SUFFIXES))
    return "compiled" if is_compiled else "as Python"
