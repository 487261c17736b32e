"""Secrets as a service: values in the keyring, names in the settings, and who uses which."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from ostiary.domain.errors import SecretError, SettingsError, UsageError
from ostiary.domain.secret import KeyringState, SecretView
from ostiary.gateway.secrets.keyring_store import KeyringStore
from ostiary.gateway.secrets.references import fill, names_in
from ostiary.gateway.settings import SettingsStore

log = logging.getLogger(__name__)


class Secrets:
    """Names are kept by us, because a keyring cannot list what it holds. ``users`` finds the servers of a name."""

    def __init__(
        self,
        store: KeyringStore,
        settings: SettingsStore,
        users: Callable[[str], tuple[str, ...]],
        on_change: Callable[[str], None],
    ) -> None:
        self._store = store
        self._settings = settings
        self._users = users
        self._on_change = on_change
        self._coming: list[str] = []
        self.keyring = KeyringState()

    async def probe(self) -> None:
        """Find out whether the keyring can be used."""
        self.keyring = await self._store.probe()

    async def fill(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Texts with their references replaced by values. Raises ``SecretError``."""
        values = {name: await self._store.get(name) for name in names_in(texts)}
        return fill(texts, values)

    async def get(self, name: str) -> str:
        """One value. Raises ``SecretError`` where the keyring gives none."""
        return await self._store.get(name)

    def views(self) -> tuple[SecretView, ...]:
        """Every name that is set, and every name that a server refers to."""
        known = self._settings.current.secrets
        wanted = [name for server in self._settings.current.servers for name in referred(server.texts)]
        names = sorted({*known, *wanted})
        return tuple(SecretView(name=name, used_by=self._users(name), is_set=name in known) for name in names)

    async def add(self, name: str, value: str) -> SecretView:
        """The same as ``set``, but raises ``UsageError`` for a name that is set, or that somebody is setting."""
        if name in self._settings.current.secrets or name in self._coming:
            raise UsageError(f"The secret {name} was set meanwhile", "Nothing was done. Look once more.")
        return await self.set(name, value)

    async def set(self, name: str, value: str) -> SecretView:
        """Keep a value in the keyring. Raises ``SecretError``; nothing is kept anywhere else.

        Raises ``SettingsError`` where the name of a new one cannot be noted; the value is taken out again then. Where
        the keyring may hold a value that it was not seen to keep, its name is noted, so that it can be removed.
        """
        self._coming.append(name)  # the keyring may have the person wait
        try:
            await self._store.set(name, value, lambda: self._note_left(name))
        finally:
            self._coming.remove(name)
        if name not in self._settings.current.secrets:
            await self._note(name)
        self._on_change(name)
        return SecretView(name=name, used_by=self._users(name))

    def _note_left(self, name: str) -> None:
        if name in self._settings.current.secrets:
            return
        try:
            self._settings.change(secrets=(*self._settings.current.secrets, name))
        except SettingsError as error:  # who wished it has been told by now that it failed
            log.warning("the keyring may hold a value of %s that is not listed: %s", name, error)
        else:
            self._on_change(name)

    async def _note(self, name: str) -> None:
        try:
            self._settings.change(secrets=(*self._settings.current.secrets, name))
        except SettingsError as error:
            try:
                await self._store.remove(name)
            except SecretError as kept:
                left = f"{error.detail} The keyring holds the value of {name} all the same: {kept} Set it once more."
                raise SettingsError(error.title, left) from error
            raise

    async def remove(self, name: str) -> None:
        """Take a value out of the keyring. Raises ``UsageError`` for a name that is not set, ``SecretError``."""
        if name not in self._settings.current.secrets:
            raise UsageError(f"There is no secret “{name}”", "See `ostiary secrets` for those that are set.")
        await self._store.remove(name)
        self._settings.change(secrets=tuple(known for known in self._settings.current.secrets if known != name))
        self._on_change(name)


def referred(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of the secrets that texts refer to; none where a reference is broken (told at the start)."""
    try:
        return names_in(texts)
    except UsageError:
        return ()
