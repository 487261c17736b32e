"""One contract for the secrets' store, over a real gnome-keyring and over the double that other tests use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from ostiary.domain.errors import SecretError, SettingsError, UsageError
from ostiary.domain.secret import KeyringState
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.secrets.backends import system_keyring
from ostiary.gateway.secrets.keyring_store import KeyringStore
from ostiary.gateway.secrets.probing import probed_apart
from ostiary.gateway.settings import SettingsStore
from tests.support.memory_keyring import MemoryKeyring
from tests.support.secret_service import put_keyring, secret_service, silent_prompter

Choose = Callable[[], KeyringBackend]
VALUE = "hunter2 ä 🔑\nsecond line"


@pytest.fixture(params=["memory", pytest.param("gnome-keyring", marks=pytest.mark.desktop)])
def choose(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Choose]:
    if request.param == "memory":
        memory = MemoryKeyring()
        yield lambda: memory
        return
    with secret_service(tmp_path, unlocked=True) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield system_keyring


@pytest.fixture(params=["memory", pytest.param("gnome-keyring", marks=pytest.mark.desktop)])
def choose_locked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Choose]:
    if request.param == "memory":
        memory = MemoryKeyring()
        memory.locked = True
        yield lambda: memory
        return
    with secret_service(tmp_path, unlocked=False) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield system_keyring


def test_what_is_set_is_given_back_and_replaced_and_removed(choose: Choose) -> None:
    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=choose)
        await store.set("API_TOKEN", "first")
        await store.set("API_TOKEN", VALUE)
        await store.set("OTHER", "other")
        assert await store.get("API_TOKEN") == VALUE
        await store.remove("API_TOKEN")
        with pytest.raises(SecretError):
            await store.get("API_TOKEN")
        assert await store.get("OTHER") == "other"
        store.stop()

    asyncio.run(scenario())


def test_a_missing_entry_is_named_with_what_to_do(choose: Choose) -> None:
    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=choose)
        with pytest.raises(SecretError) as caught:
            await store.get("API_TOKEN")
        assert "API_TOKEN is not set" in caught.value.title
        assert "ostiary secrets set API_TOKEN" in caught.value.detail
        store.stop()

    asyncio.run(scenario())


def test_a_secret_that_somebody_took_out_of_the_keyring_can_be_removed(choose: Choose, tmp_path: Path) -> None:
    async def scenario() -> None:
        store, settings = KeyringStore("ostiary-test", choose=choose), SettingsStore(tmp_path / "settings.json")
        secrets = Secrets(store, settings, lambda _name: (), lambda _name: None)
        await secrets.set("API_TOKEN", VALUE)
        choose().delete_password("ostiary-test", "API_TOKEN")
        await secrets.remove("API_TOKEN")
        assert secrets.views() == ()
        store.stop()

    asyncio.run(scenario())


def test_a_value_whose_name_cannot_be_noted_is_taken_out_of_the_keyring_again(choose: Choose, tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "settings.json").mkdir()  # nothing takes the place of a folder
        store, settings = KeyringStore("ostiary-test", choose=choose), SettingsStore(tmp_path / "settings.json")
        secrets = Secrets(store, settings, lambda _name: (), lambda _name: None)
        with pytest.raises(SettingsError, match="could not be saved"):
            await secrets.set("API_TOKEN", VALUE)
        assert choose().get_password("ostiary-test", "API_TOKEN") is None
        assert secrets.views() == ()
        store.stop()

    asyncio.run(scenario())


def test_a_value_that_stays_without_a_name_is_told(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "settings.json").mkdir()
        keyring = MemoryKeyring()
        keyring.keeps = True
        store, settings = (
            KeyringStore("ostiary-test", choose=lambda: keyring),
            SettingsStore(tmp_path / "settings.json"),
        )
        with pytest.raises(SettingsError, match="keyring holds the value of API_TOKEN all the same") as told:
            await Secrets(store, settings, lambda _name: (), lambda _name: None).set("API_TOKEN", VALUE)
        assert VALUE not in str(told.value)
        store.stop()

    asyncio.run(scenario())


def test_a_new_value_of_which_it_is_not_known_whether_it_was_kept_has_a_name_to_be_removed_by(tmp_path: Path) -> None:
    async def scenario() -> None:
        keyring, changed = MemoryKeyring(), asyncio.Event()
        keyring.locks_when_written = True
        store = KeyringStore("ostiary-test", choose=lambda: keyring)
        settings = SettingsStore(tmp_path / "settings.json")
        secrets = Secrets(store, settings, lambda _name: (), lambda _name: changed.set())
        with pytest.raises(SecretError, match="locked"):
            await secrets.set("API_TOKEN", VALUE)
        await asyncio.wait_for(changed.wait(), 10)
        assert [view.name for view in secrets.views()] == ["API_TOKEN"]
        keyring.locked = False
        await secrets.remove("API_TOKEN")
        assert keyring.entries == {}
        store.stop()

    asyncio.run(scenario())


def test_two_homes_never_meet(choose: Choose) -> None:
    async def scenario() -> None:
        one, other = KeyringStore("ostiary-1", choose=choose), KeyringStore("ostiary-2", choose=choose)
        await one.set("API_TOKEN", VALUE)
        with pytest.raises(SecretError):
            await other.get("API_TOKEN")
        one.stop()
        other.stop()

    asyncio.run(scenario())


def test_a_value_outlives_the_store_that_set_it_and_is_known_to_the_one_that_read_it(choose: Choose) -> None:
    async def scenario() -> None:
        first = KeyringStore("ostiary-test", choose=choose)
        await first.set("API_TOKEN", VALUE)
        first.stop()
        second = KeyringStore("ostiary-test", choose=choose)
        assert second.known_values() == frozenset()
        await second.get("API_TOKEN")
        assert second.known_values() == frozenset([VALUE])
        second.stop()

    asyncio.run(scenario())


def test_a_name_keeps_to_capitals_digits_and_underscores(choose: Choose) -> None:
    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=choose)
        for name in ("", "lower", "A-B", "A" * 65, "A\n", "Ä", "A B"):
            with pytest.raises(UsageError):
                await store.set(name, VALUE)
        await store.set("A" * 64, VALUE)
        store.stop()

    asyncio.run(scenario())


def test_a_keyring_that_works_is_named(choose: Choose) -> None:
    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=choose)
        state = await store.probe()
        assert state.backend
        assert not state.problem
        store.stop()

    asyncio.run(scenario())


@pytest.mark.desktop
def test_a_process_apart_sees_the_keyring_that_would_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secret_service(tmp_path, unlocked=False) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert probed_apart() == KeyringState(backend=str(system_keyring().name))


def test_a_locked_keyring_refuses_and_says_what_to_do(choose_locked: Choose) -> None:
    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=choose_locked, answer_within_s=30)
        with pytest.raises(SecretError) as caught:
            await store.set("API_TOKEN", VALUE)
        assert "locked" in caught.value.title
        assert "hunter2" not in str(caught.value)
        store.stop()

    asyncio.run(scenario())


@pytest.mark.desktop
def test_a_keyring_that_is_replaced_while_it_asks_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(address: str, asked: Callable[[], None]) -> None:
        store = KeyringStore("ostiary-test")
        waiting = asyncio.create_task(store.get("API_TOKEN"))
        await asyncio.to_thread(asked)
        await asyncio.to_thread(put_keyring, tmp_path, address, unlocked=True)
        with pytest.raises(SecretError, match="locked"):
            await waiting
        await store.set("API_TOKEN", VALUE)
        assert await store.get("API_TOKEN") == VALUE
        store.stop()

    with secret_service(tmp_path, unlocked=False) as address, silent_prompter(address) as asked:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        asyncio.run(scenario(address, asked))
