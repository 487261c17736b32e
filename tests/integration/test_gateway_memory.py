"""What a running gateway has loaded into its memory, as the kernel tells it."""

import sys
from pathlib import Path

import pytest

from ostiary.control.messages import Subscribe
from tests.support.gateway_process import Household, running_gateway
from tests.support.person import person_at
from tests.support.shared_gateway import place as place


@pytest.mark.skipif(sys.platform != "linux", reason="only there the kernel tells it in a file")
def test_a_gateway_with_a_window_and_no_secret_has_not_loaded_what_keyrings_need(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        person = person_at(gateway)
        state = person.do(Subscribe()).keyring
        loaded = Path(f"/proc/{gateway.process.pid}/maps").read_text()

    assert state.backend or state.problem
    assert "msgspec" in loaded
    assert "cryptography" not in loaded
