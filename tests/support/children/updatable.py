"""As ``warm_programs``, and no longer current once this file has changed."""

from pathlib import Path

from tests.support.children.warm_programs import become, warm_up

__all__ = ["become", "is_current", "warm_up"]

_TEXT = Path(__file__).read_bytes()


def is_current() -> bool:
    return Path(__file__).read_bytes() == _TEXT
