"""The settings file: what makes no sense is kept to the letter, and nothing of it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.domain.errors import SettingsError
from ostiary.gateway.settings import SettingsStore


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"roots": 3}', b'{"writes": "sometimes"}', b'{"answer_within_s": 1}'],
)
def test_file_that_makes_no_sense_is_kept_to_the_letter_and_told_until_it_is_read(
    tmp_path: Path, spoilt: bytes
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(spoilt)
    store = SettingsStore(path)
    store.load()
    (aside,) = tmp_path.glob("settings.json.corrupt-*")
    assert aside.read_bytes() == spoilt
    assert not [server for server in store.current.servers if server.enabled]
    assert not store.current.keep_bodies

    again = SettingsStore(path)
    again.load()
    assert str(aside) in again.current.notices[0].detail
    assert again.current == store.current


def test_files_that_make_no_sense_are_each_kept_also_within_one_second(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    spoilt = {b"{first", b"{second", b"{third"}
    for content in spoilt:
        path.write_bytes(content)
        SettingsStore(path).load()
    assert {aside.read_bytes() for aside in tmp_path.glob("settings.json.corrupt-*")} == spoilt


def test_file_that_cannot_be_replaced_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        SettingsStore(path).load()
