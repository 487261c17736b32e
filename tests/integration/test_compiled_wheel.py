"""A wheel with the relay compiled: it is built, holds what it should, and its gateway serves a host."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.gateway_process import household, running_gateway
from tests.support.line_host import ending, line_host
from tests.support.person import person_at

ROOT = Path(__file__).resolve().parents[2]
BUILD_TIMEOUT_S = 900
WHERE = "import ostiary.gateway.session; print(ostiary.gateway.session.__file__)"

pytestmark = [pytest.mark.soak, pytest.mark.timeout(BUILD_TIMEOUT_S)]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What such a wheel installs."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=ROOT,
        env={**os.environ, "HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true"},
        timeout=BUILD_TIMEOUT_S,
        check=True,
    )
    (wheel,) = place.glob("*.whl")
    assert "none-any" not in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "installed")
    return place / "installed"


def test_its_relay_is_machine_code(unpacked: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", WHERE],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(found.stdout.strip()).is_relative_to(unpacked)
    assert not found.stdout.strip().endswith(".py")


@pytest.mark.parametrize("modern", [False, True], ids=["2025-11-25", "2026-07-28"])
def test_its_gateway_serves_a_host(unpacked: Path, modern: bool) -> None:
    environment = {"PYTHONPATH": str(unpacked)}
    with household() as place, running_gateway(place, front=True, environment=environment) as gateway:
        docs = place.person / "docs"
        person = person_at(gateway)
        person.approve(docs)
        person.enable()
        with line_host(gateway, modern=modern) as host:
            writing = host.call("write_file", path=str(docs / "a.txt"), content="as machine code")
            person.allow(person.question())

            assert not ending(host.answer(writing))[0]
            assert host.ended("read_text_file", path=str(docs / "a.txt")) == (False, "as machine code")
