"""Bundles on the disk: unpacked for us alone, only as they were shown, and swept away."""

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from ostiary.domain.errors import UsageError
from ostiary.gateway.bundles.making import made
from ostiary.gateway.bundles.manifest import parse
from ostiary.gateway.bundles.resolve import Machine, resolved
from ostiary.gateway.bundles.store import Bundles
from ostiary.gateway.bundles.work import Work
from tests.support.bundles import bundle, manifest, packed


def test_a_bundle_is_unpacked_for_us_alone_and_swept_when_nobody_names_it(tmp_path: Path) -> None:
    bundles, path = Bundles(tmp_path / "b"), bundle(tmp_path, manifest())
    found = bundles.read(path, Work())
    assert not bundles.folder.exists()
    bundles.unpack(path, found, frozenset(), Work())
    place = bundles.place(found)
    assert (place / "server" / "main.py").read_text() == "print()"
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (bundles.folder, place)] == [0o700, 0o700]
    bundles.unpack(path, found, frozenset(), Work())
    bundles.sweep([found.folder])
    assert [one.name for one in bundles.folder.iterdir()] == [found.folder]
    bundles.sweep([])
    assert not list(bundles.folder.iterdir())


class StoppedAfter(Work):
    """Is stopped once this many steps are done."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    def advance(self, size_bytes: int) -> None:
        super().advance(size_bytes)
        self.steps -= 1
        if self.steps == 0:
            self.stop()


def test_work_on_a_bundle_tells_how_far_it_is_and_comes_to_its_end(tmp_path: Path) -> None:
    bundles, path = Bundles(tmp_path / "b"), bundle(tmp_path, manifest(), {"a": "x" * 3_000_000})
    reading, unpacking = Work(), Work()
    found = bundles.read(path, reading)
    assert reading.done_bytes == reading.total_bytes == path.stat().st_size
    bundles.unpack(path, found, frozenset(), unpacking)
    assert unpacking.done_bytes == unpacking.total_bytes > 3_000_000


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_bundle_that_is_stopped_while_it_is_unpacked_leaves_nothing(tmp_path: Path, steps: int) -> None:
    bundles, path = Bundles(tmp_path / "b"), bundle(tmp_path, manifest(), {"a": "x" * 3_000_000})
    found = bundles.read(path, Work())
    with pytest.raises(UsageError, match="not brought in"):
        bundles.unpack(path, found, frozenset(), StoppedAfter(steps))
    assert not list(bundles.folder.iterdir())


def test_a_bundle_that_is_stopped_is_read_no_further(tmp_path: Path) -> None:
    path = tmp_path / "large.mcpb"
    path.write_bytes(b"x" * 3_000_000)
    work = StoppedAfter(1)
    with pytest.raises(UsageError, match="not brought in"):
        Bundles(tmp_path / "b").read(path, work)
    assert work.done_bytes < work.total_bytes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
def test_a_pipe_a_device_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    pipe, device, folder = (tmp_path / name for name in ("pipe.mcpb", "device.mcpb", "folder.mcpb"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    folder.mkdir()
    for path in (pipe, device, folder):
        with pytest.raises(UsageError, match="cannot be read"):
            Bundles(tmp_path / "b").read(path, Work())


def test_a_file_that_changed_since_it_was_read_is_not_unpacked(tmp_path: Path) -> None:
    bundles, path = Bundles(tmp_path / "b"), bundle(tmp_path, manifest())
    found = bundles.read(path, Work())
    path.write_bytes(packed(manifest(), {"server/main.py": "evil()"}))
    with pytest.raises(UsageError, match="has changed since"):
        bundles.unpack(path, found, frozenset(), Work())
    assert not list(bundles.folder.iterdir())


def test_a_bundle_that_cannot_be_unpacked_leaves_nothing(tmp_path: Path) -> None:
    bundles, path = Bundles(tmp_path / "b"), bundle(tmp_path, manifest(), {"a": "x", "a/b": "y"})
    with pytest.raises(UsageError, match="could not be unpacked"):
        bundles.unpack(path, bundles.read(path, Work()), frozenset(), Work())
    assert not list(bundles.folder.iterdir())


@pytest.mark.parametrize("content", [b"nothing", packed({"name": "x"})])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mcpb"
    path.write_bytes(content)
    with pytest.raises(UsageError):
        Bundles(tmp_path).read(path, Work())
    with pytest.raises(UsageError, match="cannot be read"):
        Bundles(tmp_path).read(tmp_path / "none.mcpb", Work())


def test_a_bundle_of_our_own_is_the_same_bytes_each_time_and_starts_the_shim() -> None:
    arguments = ("/opt/Ostiary ü/ostiary-connect", ("--host", "claude-desktop"), "1.2.3", "linux")
    content = made(*arguments)
    assert content == made(*arguments)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = parse(archive.read("manifest.json"))
        files = frozenset(archive.namelist())
        assert json.loads(archive.read("manifest.json"))["server"]["entry_point"] in files
    found = resolved(told, files, Machine("linux", "/home/robin", "/x"), {})
    assert found.command == ("/opt/Ostiary ü/ostiary-connect", "--host", "claude-desktop")
