"""keyring's backend for the freedesktop Secret Service, mended where it would wait or hold on for ever.

keyring 25.7 leaves its connection to the garbage collector when the collection stays locked, one for every attempt; and
secretstorage 3.5 waits for the end of a prompt also when the service that shows it has ended or was replaced, and with
it the only thread that asks for secrets. This can go when they do not.
"""

from __future__ import annotations

from typing import Final

import secretstorage
from jeepney import MatchRule, Message, message_bus
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked
from secretstorage.exceptions import SecretStorageException

OWNER_CHANGED: Final = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
OWNER_CHANGED.add_arg_condition(0, "org.freedesktop.secrets")


class Keyring(SecretService.Keyring):
    """gnome-keyring, KWallet, KeePassXC: whatever serves ``org.freedesktop.secrets`` on the session bus."""

    name = "Secret Service"

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The default collection, unlocked. Asks the person where that needs them, and blocks until they answer.

        KeyringLocked when they do not want to, or when the service ends before they did.
        """
        bus = secretstorage.dbus_init()
        try:
            bus.send_and_get_reply(message_bus.AddMatch(OWNER_CHANGED))
            with bus.filter(OWNER_CHANGED, queue=_Alarm()):
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


class _Alarm:
    """In the place of a filter's queue, so that the news ends the waiting for anything else."""

    def append(self, news: Message) -> None:
        _name, old_owner, _new_owner = news.body
        if old_owner:  # without one the service was only just started, for us
            raise KeyringLocked("The service ended while it asked")
