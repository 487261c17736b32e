"""The path gate, attacked on a real file system: nothing outside the approved folders is ever reached."""

import hashlib
import json
import os
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, takewhile
from pathlib import Path

import pytest

from ostiary_servers.common.anchored import make_directory, open_file, read_stat, replace_file, scan_directory
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import Roots, fixed_roots, parse_roots

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and named pipes as POSIX does")

SECRET = b"this lies outside"
SWAP_TRIES = 15_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "approved"
    folder.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_bytes(SECRET)
    return folder


@pytest.fixture
def gate(root: Path) -> PathGate:
    return PathGate(fixed_roots([str(root)], []))


def read(gate: PathGate, path: object) -> bytes:
    with open_file(gate.locate(str(path))) as file:
        return os.read(file, 1_000)


def code_of(refused: pytest.ExceptionInfo[ToolError]) -> ErrorCode:
    return refused.value.code


def test_a_file_inside_is_read(gate: PathGate, root: Path) -> None:
    (root / "a.txt").write_bytes(b"inside")
    assert read(gate, root / "a.txt") == b"inside"


def test_a_relative_path_means_the_only_root(gate: PathGate, root: Path) -> None:
    (root / "a.txt").write_bytes(b"inside")
    assert read(gate, "a.txt") == b"inside"


def test_a_relative_path_is_refused_when_there_are_two_roots(tmp_path: Path, root: Path) -> None:
    with pytest.raises(ToolError) as refused:
        PathGate(fixed_roots([str(root), str(tmp_path)], [])).locate("a.txt")
    assert code_of(refused) is ErrorCode.INVALID_PATH


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 300, "/".join(["long"] * 2_000)])
def test_text_that_is_no_path_is_refused(gate: PathGate, path: str) -> None:
    with pytest.raises(ToolError) as refused:
        gate.locate(path)
    assert code_of(refused) is ErrorCode.INVALID_PATH


@pytest.mark.parametrize(
    "path",
    ["{root}/../outside/secret.txt", "../outside/secret.txt", "{root}/x/../../outside/secret.txt", "/etc/passwd"],
)
def test_climbing_out_is_refused(gate: PathGate, root: Path, path: str) -> None:
    with pytest.raises(ToolError) as refused:
        gate.locate(path.format(root=root))
    assert code_of(refused) is ErrorCode.OUTSIDE_ROOTS


def test_a_folder_whose_name_begins_like_a_root_is_outside(gate: PathGate, root: Path) -> None:
    neighbour = root.with_name("approved-too")
    neighbour.mkdir()
    with pytest.raises(ToolError) as refused:
        gate.locate(str(neighbour))
    assert code_of(refused) is ErrorCode.OUTSIDE_ROOTS


@pytest.mark.parametrize("target", ["../outside/secret.txt", "/etc/passwd", "../outside"])
def test_a_link_that_leads_outside_is_refused_without_naming_its_target(
    gate: PathGate, root: Path, target: str
) -> None:
    (root / "link").symlink_to(target)
    with pytest.raises(ToolError) as refused:
        gate.locate(str(root / "link"))
    assert code_of(refused) is ErrorCode.OUTSIDE_ROOTS
    assert "outside/" not in refused.value.message
    assert "passwd" not in refused.value.message


def test_links_that_stay_inside_are_followed(gate: PathGate, root: Path) -> None:
    (root / "real").mkdir()
    (root / "real" / "a.txt").write_bytes(b"inside")
    (root / "folder").symlink_to("real")
    (root / "file").symlink_to("folder/a.txt")
    assert read(gate, root / "folder" / "a.txt") == b"inside"
    assert read(gate, root / "file") == b"inside"


def test_a_link_loop_is_not_found(gate: PathGate, root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    with pytest.raises(ToolError) as refused:
        read(gate, root / "a")
    assert code_of(refused) is ErrorCode.NOT_FOUND


def test_a_root_that_is_a_link_serves_under_both_its_names(tmp_path: Path, root: Path) -> None:
    (root / "a.txt").write_bytes(b"inside")
    (tmp_path / "alias").symlink_to(root)
    gate = PathGate(fixed_roots([str(tmp_path / "alias")], []))
    assert read(gate, tmp_path / "alias" / "a.txt") == b"inside"
    assert read(gate, root / "a.txt") == b"inside"


def test_a_device_behind_a_link_is_outside(gate: PathGate, root: Path) -> None:
    (root / "zero").symlink_to("/dev/zero")
    with pytest.raises(ToolError) as refused:
        read(gate, root / "zero")
    assert code_of(refused) is ErrorCode.OUTSIDE_ROOTS


def test_a_device_inside_a_root_is_never_opened() -> None:
    with pytest.raises(ToolError) as refused:
        read(PathGate(fixed_roots(["/dev"], [])), "/dev/zero")
    assert code_of(refused) is ErrorCode.NOT_REGULAR_FILE


def test_a_named_pipe_and_a_socket_are_refused_at_once(gate: PathGate, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "socket"))
    for name in ("pipe", "socket"):
        with pytest.raises(ToolError) as refused:
            read(gate, root / name)
        assert code_of(refused) is ErrorCode.NOT_REGULAR_FILE


def test_a_folder_is_not_read_as_a_file_nor_a_file_as_a_folder(gate: PathGate, root: Path) -> None:
    (root / "a.txt").touch()
    with pytest.raises(ToolError) as refused:
        read(gate, root)
    assert code_of(refused) is ErrorCode.NOT_REGULAR_FILE
    with pytest.raises(ToolError) as refused, scan_directory(gate.locate(str(root / "a.txt"))):
        pass
    assert code_of(refused) is ErrorCode.NOT_A_DIRECTORY


def test_the_stricter_of_two_folders_counts(tmp_path: Path, root: Path) -> None:
    (root / "readable").mkdir()
    (root / "way-in").symlink_to("readable")
    gate = PathGate(fixed_roots([str(root)], [str(root / "readable")]))
    gate.locate_for_write(str(root / "a.txt"))
    for path in (root / "readable" / "a.txt", root / "way-in" / "a.txt"):
        with pytest.raises(ToolError) as refused:
            gate.locate_for_write(str(path))
        assert code_of(refused) is ErrorCode.READ_ONLY_ROOT


def test_what_is_denied_is_never_written_under_any_of_its_names(root: Path) -> None:
    (root / "ours").mkdir()
    (root / "host.json").write_text("{}")
    (root / "alias").symlink_to("ours")
    os.link(root / "host.json", root / "same-file.json")
    denied = [str(root / "alias"), str(root / "host.json")]
    roots = parse_roots(roots_document(root, denied))
    gate = PathGate(lambda: roots)
    for name in ("ours", "ours/settings.json", "alias/new/deep", "host.json", "same-file.json"):
        with pytest.raises(ToolError) as refused:
            gate.locate_for_write(str(root / name))
        assert code_of(refused) is ErrorCode.DENIED_BY_POLICY
    gate.locate(str(root / "host.json"))
    gate.locate_for_write(str(root / "other.json"))


@pytest.mark.parametrize("folder", ["", "site/deep"])
def test_a_denied_name_is_never_written_in_any_folder_and_nothing_is_moved_to_where_it_would_be(
    root: Path, folder: str
) -> None:
    here = root / folder
    (here / ".vscode").mkdir(parents=True)
    (here / "alias").symlink_to(".vscode")
    roots = parse_roots(roots_document(root, [], [".mcp.json", ".vscode/mcp.json"]))
    gate = PathGate(lambda: roots)
    for name in (".mcp.json", ".vscode/mcp.json", ".VSCode/MCP.json", "alias/mcp.json", ".mcp.json/in it"):
        for locate in (gate.locate_for_write, gate.locate_name_for_write):
            with pytest.raises(ToolError) as refused:
                locate(str(here / name))
            assert code_of(refused) is ErrorCode.DENIED_BY_POLICY
    for name in (".vscode", ".VSCODE", ".vscode/mcp.json"):
        with pytest.raises(ToolError) as refused:
            gate.locate_new_name(str(here / name))
        assert code_of(refused) is ErrorCode.DENIED_BY_POLICY
    for name in ("mcp.json", "x.mcp.json", ".vscode/settings.json", ".vscode"):
        gate.locate_for_write(str(here / name))
    for name in ("my.vscode", ".vscode/settings.json"):
        gate.locate_new_name(str(here / name))
    gate.locate_name_for_write(str(here / ".vscode"))


@pytest.mark.parametrize("names", [[1], [""], ["/"], [None]])
def test_a_roots_file_with_odd_names_opens_nothing(root: Path, names: list[object]) -> None:
    document = json.loads(roots_document(root, [])) | {"denied_names": names}
    with pytest.raises(ValueError, match="denied"):
        parse_roots(json.dumps(document).encode())


def roots_document(root: Path, denied: list[str], names: list[str] | None = None) -> bytes:
    entry = {"path": str(root), "label": "Projects", "mode": "rw"}
    document = {"version": 1, "roots": [entry], "denied": denied}
    return json.dumps(document if names is None else document | {"denied_names": names}).encode()


def test_with_no_root_everything_is_outside(root: Path) -> None:
    with pytest.raises(ToolError) as refused:
        PathGate(lambda: Roots(())).locate(str(root))
    assert code_of(refused) is ErrorCode.OUTSIDE_ROOTS


def test_an_approved_folder_that_is_gone_is_told_as_that(gate: PathGate, root: Path) -> None:
    root.rename(root.with_name("elsewhere"))
    for path in (root, root / "folder" / "file.txt"):
        with pytest.raises(ToolError) as refused:
            gate.locate(str(path))
        assert code_of(refused) is ErrorCode.NOT_FOUND
        assert "the person" in refused.value.hint


def test_a_link_put_in_after_the_decision_does_not_win(gate: PathGate, root: Path) -> None:
    (root / "folder").mkdir()
    (root / "folder" / "secret.txt").write_bytes(b"inside")
    place = gate.locate(str(root / "folder" / "secret.txt"))
    (root / "folder").rename(root / "moved")
    (root / "folder").symlink_to("../outside")
    with pytest.raises(ToolError) as refused, open_file(place):
        pass
    assert code_of(refused) is ErrorCode.NOT_FOUND
    with pytest.raises(ToolError):
        read_stat(place)
    with pytest.raises(ToolError):
        replace_file(place, b"overwritten", None)
    with pytest.raises(ToolError):
        make_directory(place)
    assert (root.parent / "outside" / "secret.txt").read_bytes() == SECRET
    assert sorted(path.name for path in (root.parent / "outside").iterdir()) == ["secret.txt"]


@contextmanager
def swapping(folder: Path, outside: Path) -> Iterator[None]:
    """Until the block ends, ``folder`` is by turns a folder and a link to ``outside``, as fast as that can be done."""
    stop = threading.Event()
    aside = folder.with_name("aside")

    def swap() -> None:
        while not stop.is_set():
            folder.rename(aside)
            folder.symlink_to(outside)
            folder.unlink()
            aside.rename(folder)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_no_read_and_no_write_escapes_while_a_folder_and_a_link_are_swapped(gate: PathGate, root: Path) -> None:
    outside = root.parent / "outside"
    (root / "folder").mkdir()
    (root / "folder" / "secret.txt").write_bytes(b"inside")
    seen: set[bytes | ErrorCode] = set()
    both = {b"inside", ErrorCode.OUTSIDE_ROOTS}  # on a busy machine one of the two has to be waited for
    with swapping(root / "folder", outside):
        for number in takewhile(lambda tried: tried < SWAP_TRIES or not both <= seen, count()):
            try:
                seen.add(read(gate, root / "folder" / "secret.txt"))
                replace_file(gate.locate_for_write(str(root / "folder" / f"new-{number}.txt")), b"mine", None)
            except ToolError as error:
                seen.add(error.code)
    assert SECRET not in seen
    assert [path.name for path in outside.iterdir()] == ["secret.txt"]


def test_replacing_keeps_the_mode_and_leaves_nothing_beside(gate: PathGate, root: Path) -> None:
    (root / "run.sh").write_bytes(b"old")
    (root / "run.sh").chmod(0o750)
    replace_file(gate.locate_for_write(str(root / "run.sh")), b"new", sha256(b"old"))
    assert (root / "run.sh").read_bytes() == b"new"
    assert stat.S_IMODE((root / "run.sh").stat().st_mode) == 0o750
    assert [path.name for path in root.iterdir()] == ["run.sh"]


def test_replacing_is_refused_when_the_file_is_not_what_it_was(gate: PathGate, root: Path) -> None:
    (root / "a.txt").write_bytes(b"changed meanwhile")
    place = gate.locate_for_write(str(root / "a.txt"))
    for before in (sha256(b"old"), None):
        with pytest.raises(ToolError) as refused:
            replace_file(place, b"new", before)
        assert code_of(refused) is ErrorCode.STALE_PLAN
    assert [path.read_bytes() for path in root.iterdir()] == [b"changed meanwhile"]


def test_a_write_protected_file_is_not_replaced(gate: PathGate, root: Path) -> None:
    (root / "a.txt").write_bytes(b"old")
    (root / "a.txt").chmod(0o444)
    with pytest.raises(ToolError) as refused:
        replace_file(gate.locate_for_write(str(root / "a.txt")), b"new", sha256(b"old"))
    assert code_of(refused) is ErrorCode.PERMISSION_DENIED
    assert (root / "a.txt").read_bytes() == b"old"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
