"""The secrets' store when the keyring is slow, absent, forgetful or strange."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.core import load_keyring

from ostiary.domain.errors import SecretError
from ostiary.domain.secret import KeyringState
from ostiary.gateway.secrets.backends import system_keyring
from ostiary.gateway.secrets.keyring_store import LONGEST_VALUE, KeyringStore, service_name
from ostiary.gateway.secrets.probing import probed_apart
from tests.support.memory_keyring import MemoryKeyring


def store_over(backend: KeyringBackend, *, answer_within_s: float = 30) -> KeyringStore:
    return KeyringStore("ostiary-test", choose=lambda: backend, answer_within_s=answer_within_s)


def test_a_silent_keyring_fails_at_the_deadline_and_the_loop_goes_on_meanwhile() -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        memory.answers.clear()
        store = store_over(memory, answer_within_s=0.05)
        waiting = asyncio.create_task(store.get("API_TOKEN"))
        await asyncio.to_thread(memory.called.wait, 10)
        with pytest.raises(SecretError, match="does not answer"):
            await waiting
        memory.answers.set()
        store.stop()

    asyncio.run(scenario())


def test_what_nobody_waits_for_any_more_is_not_done_later() -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        memory.answers.clear()
        store = store_over(memory, answer_within_s=0.05)
        with pytest.raises(SecretError):
            await store.get("BLOCKS")
        with pytest.raises(SecretError):
            await store.set("API_TOKEN", "too late")
        memory.answers.set()
        with pytest.raises(SecretError, match="LAST is not set"):
            await store.get("LAST")
        assert memory.entries == {}
        assert memory.calls == 2
        store.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize("before", [None, "old"])
def test_a_value_that_the_keyring_takes_after_the_deadline_gives_way_to_what_was_there(before: str | None) -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        if before is not None:
            memory.set_password("ostiary-test", "API_TOKEN", before)
            memory.called.clear()
        memory.answers.clear()
        store = store_over(memory, answer_within_s=0.05)
        waiting = asyncio.create_task(store.set("API_TOKEN", "too late"))
        await asyncio.to_thread(memory.called.wait, 10)  # it is in the keyring, and no longer in our queue
        with pytest.raises(SecretError, match="does not answer"):
            await waiting
        memory.answers.set()
        with pytest.raises(SecretError, match="LAST is not set"):
            await store.get("LAST")
        assert list(memory.entries.values()) == ([] if before is None else [before])
        store.stop()

    asyncio.run(scenario())


def test_a_keyring_that_does_not_keep_is_found_out() -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        memory.forgetful = True
        store = store_over(memory)
        with pytest.raises(SecretError, match="did not keep"):
            await store.set("API_TOKEN", "value")
        store.stop()
        silent = store_over(load_keyring("keyring.backends.null.Keyring"))
        with pytest.raises(SecretError, match="did not keep"):
            await silent.set("API_TOKEN", "value")
        silent.stop()

    asyncio.run(scenario())


def test_an_absent_keyring_is_told_and_another_is_found_once_it_is_there() -> None:
    async def scenario() -> None:
        found: list[KeyringBackend] = [load_keyring("keyring.backends.fail.Keyring"), MemoryKeyring()]
        store = KeyringStore("ostiary-test", choose=lambda: found.pop(0))
        with pytest.raises(SecretError, match="no keyring"):
            await store.set("API_TOKEN", "value")
        await store.set("API_TOKEN", "value")
        assert await store.get("API_TOKEN") == "value"
        store.stop()

    asyncio.run(scenario())


def test_without_a_session_bus_there_is_no_keyring_whatever_is_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    async def scenario() -> None:
        store = KeyringStore("ostiary-test", choose=system_keyring)
        with pytest.raises(SecretError, match="no keyring"):
            await store.set("API_TOKEN", "value")
        state = await store.probe()
        assert "no keyring" in state.problem
        assert not state.backend
        store.stop()

    asyncio.run(scenario())


def test_a_keyring_is_opened_only_when_an_entry_is_needed_and_looked_for_apart_until_then() -> None:
    async def scenario() -> None:
        opened: list[MemoryKeyring] = []

        def choose() -> KeyringBackend:
            opened.append(MemoryKeyring())
            return opened[-1]

        store = KeyringStore("ostiary-test", choose=choose, probe_apart=lambda: KeyringState(backend="seen apart"))
        assert (await store.probe()).backend == "seen apart"
        assert not opened
        await store.set("API_TOKEN", "value")
        assert (await store.probe()).backend == str(opened[0].name)
        assert len(opened) == 1
        store.stop()

    asyncio.run(scenario())


def test_a_keyring_is_looked_for_here_where_no_process_could_tell() -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        store = KeyringStore("ostiary-test", choose=lambda: memory, probe_apart=lambda: None)
        assert await store.probe() == KeyringState(backend=str(memory.name))
        store.stop()

    asyncio.run(scenario())


def test_a_process_apart_finds_no_keyring_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")

    state = probed_apart()

    assert state is not None
    assert "no keyring" in state.problem
    assert not state.backend


class _Strange(MemoryKeyring):
    """Says too much when it fails."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot keep {password}")


def test_a_strange_error_is_told_without_its_text() -> None:
    async def scenario() -> None:
        store = store_over(_Strange())
        with pytest.raises(SecretError) as caught:
            await store.set("API_TOKEN", "hunter2")
        assert "ValueError" in caught.value.detail
        assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
        store.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize("value", ["", "a\0b", "x" * (LONGEST_VALUE + 1)], ids=["empty", "nul", "long"])
def test_a_value_that_no_server_could_take_is_refused(value: str) -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        with pytest.raises(SecretError):
            await store_over(memory).set("API_TOKEN", value)
        assert memory.calls == 0

    asyncio.run(scenario())


def test_a_value_that_was_set_is_known_for_redaction_even_when_keeping_it_failed() -> None:
    async def scenario() -> None:
        memory = MemoryKeyring()
        memory.locked = True
        store = store_over(memory)
        with pytest.raises(SecretError):
            await store.set("API_TOKEN", "hunter2")
        assert store.known_values() == frozenset(["hunter2"])
        store.stop()

    asyncio.run(scenario())


def test_each_home_has_a_name_of_its_own() -> None:
    assert service_name(None) == "ostiary"
    assert len({service_name(None), service_name(Path("/a")), service_name(Path("/b"))}) == 3
