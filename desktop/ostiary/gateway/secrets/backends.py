"""Which keyrings are the system's own. Called on the keyring's thread only: looking for one may block.

Python's keyring library would also take, by its own configuration, backends that keep values in a file, in plain text,
or nowhere. So it is not asked which one to use: those that belong to the operating system are named here, and there is
no other.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from ostiary.domain.errors import SecretError
from ostiary.gateway.without_openssl import without_openssl

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

if sys.platform == "darwin":
    _BACKENDS = (("keyring.backends.macOS", "Keyring"),)
    _WHAT_TO_DO = "Unlock the login keychain, then try again."
elif sys.platform == "win32":
    _BACKENDS = (("keyring.backends.Windows", "WinVaultKeyring"),)
    _WHAT_TO_DO = "Check that the Credential Manager service runs, then try again."
else:
    _BACKENDS = (
        ("ostiary.gateway.secrets.secret_service", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.libsecret", "Keyring"),
    )
    _WHAT_TO_DO = "Install and start gnome-keyring, KWallet or KeePassXC's Secret Service, then try again."


def system_keyring() -> KeyringBackend:
    """The keyring of this session that suits it best. Raises ``SecretError`` when there is none."""
    found = [(priority, kind) for kind in _installed() if (priority := _priority(kind)) > 0]
    if not found:
        raise SecretError("There is no keyring in this session", f"{_WHAT_TO_DO} Secrets are kept nowhere else.")
    return max(found, key=lambda candidate: candidate[0])[1]()


def _installed() -> list[type[KeyringBackend]]:
    with without_openssl():  # a part of keyring can download, and would load it for that
        return [getattr(importlib.import_module(module), name) for module, name in _BACKENDS]


def _priority(kind: type[KeyringBackend]) -> float:
    """How well a keyring suits this session; 0 when it does not work here."""
    try:
        return float(kind.priority)
    except Exception:
        # keyring's way to say no is any exception: RuntimeError by its documentation, those of D-Bus libraries in fact.
        return 0.0
