"""Secrets by reference: ``${secret:NAME}`` in a server's arguments and in the values of its environment. Pure.

Settings hold references only; they are filled in when a server starts, and what comes out is never written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ostiary.domain.errors import SecretError, UsageError

_NAME = re.compile(r"[A-Z0-9_]{1,64}")
_OPENING = "${secret:"
_REFERENCE = re.compile(r"\$\{secret:([^}]*)\}")


def check_name(name: str) -> str:
    """The name itself. Raises ``UsageError`` unless it is 1 to 64 of A-Z, 0-9 and the underscore."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            "Not a name for a secret", "A name has 1 to 64 characters: capital letters, digits and underscores."
        )
    return name


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The names that texts refer to, each once, in order.

    Raises ``UsageError`` for a reference without an end or with an impossible name: filled in as it is, it would reach
    the server as text.
    """
    names = dict.fromkeys(name for text in texts for name in _names(text))
    return tuple(names)


def fill(texts: Iterable[str], secrets: Mapping[str, str]) -> tuple[str, ...]:
    """The texts with the values in place. What a secret holds is not searched for further references.

    Raises ``SecretError`` for a name that ``secrets`` does not have, ``UsageError`` as ``names_in`` does.
    """
    texts = tuple(texts)
    missing = [name for name in names_in(texts) if name not in secrets]
    if missing:
        raise missing_secret(missing[0])
    return tuple(_REFERENCE.sub(lambda found: secrets[found[1]], text) for text in texts)


def missing_secret(name: str) -> SecretError:
    return SecretError(f"The secret {name} is not set", f"Set it in the window, or with: ostiary secrets set {name}")


def _names(text: str) -> list[str]:
    names = _REFERENCE.findall(text)
    if text.count(_OPENING) != len(names):
        raise UsageError("A reference to a secret has no end", "Write it as ${secret:NAME}.")
    return [check_name(name) for name in names]
