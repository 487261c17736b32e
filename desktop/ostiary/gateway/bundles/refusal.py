"""How a bundle is refused."""

from __future__ import annotations

from ostiary.domain.errors import UsageError


def refusal(why: str) -> UsageError:
    """``why``, as a whole sentence that a person can do something about."""
    return UsageError("This bundle cannot be used", why)
