"""Secrets as they may be shown: their names, never their values."""

from __future__ import annotations

from msgspec import Struct


class SecretView(Struct, frozen=True, kw_only=True):
    """A secret's name and the servers that refer to it."""

    name: str
    used_by: tuple[str, ...] = ()
    is_set: bool = True


class KeyringState(Struct, frozen=True, kw_only=True):
    """Whether the keyring can be used; ``problem`` says why not and what to do, empty while it can."""

    backend: str = ""
    problem: str = ""
