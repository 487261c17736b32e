"""The folders that a server may reach: read as they are now, and none at all when that cannot be known."""

import json
import os
from pathlib import Path

import pytest

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.roots import RootMode, RootsFile, parse_roots


def document(*roots: object, version: int = 1, denied: list[str] | None = None) -> bytes:
    return json.dumps({"version": version, "roots": list(roots), "denied": denied or []}).encode()


def entry(path: Path, mode: str = "rw") -> dict[str, str]:
    return {"path": str(path), "label": "Projects", "mode": mode}


def replace(file: Path, content: bytes) -> None:
    """As the gateway does: beside it, then renamed over it."""
    beside = file.with_name("beside")
    beside.write_bytes(content)
    beside.replace(file)


def test_folders_are_read_again_when_the_file_was_replaced(tmp_path: Path) -> None:
    file = tmp_path / "roots.json"
    roots = RootsFile(file)
    replace(file, document(entry(tmp_path / "a")))
    assert [root.path for root in roots().approved] == [str(tmp_path / "a")]
    replace(file, document(entry(tmp_path / "b", "ro")))
    assert [(root.path, root.mode) for root in roots().approved] == [(str(tmp_path / "b"), RootMode.READ_ONLY)]
    replace(file, document())
    assert roots().approved == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        document(version=2),
        b'{"version": 1}',
        b'{"version": 1, "roots": [{"path": "/a"}]}',
        b'{"version": 1, "roots": [{"path": "a", "label": "A", "mode": "rw"}]}',
        b'{"version": 1, "roots": [{"path": "/a", "label": "A", "mode": "all"}]}',
        b'{"version": 1, "roots": [{"path": "/a\\u0000", "label": "A", "mode": "rw"}]}',
        b'{"version": 1, "roots": [], "denied": [5]}',
        b'{"version": 1, "roots": [], "denied": "/a"}',
    ],
)
def test_a_file_that_cannot_be_understood_approves_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "roots.json"
    roots = RootsFile(file)
    replace(file, document(entry(tmp_path)))
    assert roots().approved
    replace(file, content)
    for _ in range(2):
        with pytest.raises(ToolError) as error:
            roots()
        assert error.value.code is ErrorCode.ROOTS_UNAVAILABLE


def test_a_missing_file_approves_nothing_until_it_is_there(tmp_path: Path) -> None:
    roots = RootsFile(tmp_path / "roots.json")
    with pytest.raises(ToolError):
        roots()
    replace(tmp_path / "roots.json", document(entry(tmp_path)))
    assert roots().approved


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_denied_path_is_denied_as_written_and_as_it_really_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    denied = parse_roots(document(denied=[str(tmp_path / "alias")])).denied
    assert set(denied) == {str(tmp_path / "alias"), os.path.realpath(tmp_path / "real")}
