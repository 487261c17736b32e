"""keyring's backend for the freedesktop Secret Service, mended: it closes its bus when the collection stays locked.

keyring 25.7 leaves that connection to the garbage collector, one for every attempt. This can go when it does not.
"""

from __future__ import annotations

import secretstorage
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked
from secretstorage.exceptions import SecretStorageException


class Keyring(SecretService.Keyring):
    """gnome-keyring, KWallet, KeePassXC: whatever serves ``org.freedesktop.secrets`` on the session bus."""

    name = "Secret Service"

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The default collection, unlocked. Asks the person where that needs them, and blocks until they answer."""
        bus = secretstorage.dbus_init()
        try:
            collection = secretstorage.get_default_collection(bus)
            if collection.is_locked() and (collection.unlock() or collection.is_locked()):
                raise KeyringLocked("Failed to unlock the collection!")
        except SecretStorageException as error:
            bus.close()
            raise InitError(f"Failed to open the collection: {error}.") from error
        except BaseException:
            bus.close()
            raise
        return collection
