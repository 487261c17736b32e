"""Whether a host is on this machine, and which place there is its own."""

import os
from pathlib import Path

import pytest

from ostiary.gateway.hosts.presence import is_here, own_place
from ostiary.gateway.hosts.registry import HostSpec, Place, config_path, known_hosts

HOSTS = {spec.name: spec for spec in known_hosts()}


def place(home: Path) -> Place:
    return Place("linux", {"PATH": str(home / "bin")}, str(home), lambda _: [], os.path.exists)


def here(spec: HostSpec, home: Path) -> bool:
    path = config_path(spec, place(home))
    assert path is not None
    return is_here(spec, path, place(home))


@pytest.mark.parametrize("spec", HOSTS.values(), ids=HOSTS)
def test_on_an_empty_home_no_host_is_here(spec: HostSpec, tmp_path: Path) -> None:
    assert not here(spec, tmp_path)


@pytest.mark.parametrize("spec", HOSTS.values(), ids=HOSTS)
def test_a_host_is_here_with_its_file(spec: HostSpec, tmp_path: Path) -> None:
    path = config_path(spec, place(tmp_path))
    assert path is not None
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(b"")
    assert here(spec, tmp_path)


def test_a_program_on_the_path_is_a_sign(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "codex").touch(0o755)
    assert here(HOSTS["codex"], tmp_path)


@pytest.mark.parametrize("spec", HOSTS.values(), ids=HOSTS)
def test_the_home_folder_is_nobodys_own(spec: HostSpec, tmp_path: Path) -> None:
    path = config_path(spec, place(tmp_path))
    assert path is not None
    own = own_place(path, place(tmp_path))
    assert own != tmp_path
    assert Path(path).is_relative_to(own)
