"""Where gateway and shim meet: the paths, the trust in them, and the small files beside the socket."""

import os
import stat
from pathlib import Path

import pytest

import ostiary
import ostiary_connect
from ostiary_connect.endpoint import (
    ConnectError,
    Endpoint,
    check_folder,
    home_path,
    locate,
    prepare_folder,
    usual_folders,
)
from ostiary_connect.private_file import read_private, try_lock, write_private


def private_endpoint(home: Path) -> Endpoint:
    endpoint = locate(str(home))
    prepare_folder(endpoint)
    return endpoint


def test_the_socket_lies_under_the_home_that_is_named(tmp_path: Path) -> None:
    home = Path(os.path.realpath(tmp_path)) / "h"

    assert Path(locate(str(home)).socket_path).is_relative_to(home)


def test_a_home_of_200_characters_still_gives_a_socket_path_that_can_be_bound(tmp_path: Path) -> None:
    endpoint = locate(str(tmp_path / ("h" * 200)))

    assert len(os.fsencode(endpoint.socket_path)) < 100


@pytest.mark.parametrize(
    ("platform", "home", "local", "folder", "lasting"),
    [
        ("linux", "/home/zoë", None, "/run/user/7/ostiary", "/home/zoë/.local/share/ostiary"),
        (
            *("darwin", "/Users/zoë", None),
            *("/Users/zoë/Library/Caches/ostiary", "/Users/zoë/Library/Application Support/ostiary"),
        ),
        (
            *("darwin", f"/Users/{'z' * 60}", None),
            *("/tmp/ostiary-7", f"/Users/{'z' * 60}/Library/Application Support/ostiary"),
        ),
        ("win32", r"C:\Users\Zoë", r"D:\Local", r"D:\Local\Ostiary\run", r"D:\Local\ostiary"),
        (
            *("win32", r"C:\Users\Zoë", None),
            *(r"C:\Users\Zoë\AppData\Local\Ostiary\run", r"C:\Users\Zoë\AppData\Local\ostiary"),
        ),
    ],
    ids=["linux", "macos", "macos-with-a-home-too-long-for-a-socket", "windows", "windows-scrubbed"],
)
def test_each_system_has_its_usual_folders(
    platform: str, home: str, local: str | None, folder: str, lasting: str
) -> None:
    assert usual_folders(platform, home, local, 7, has_run_folder=True) == (folder, lasting)


def test_without_a_run_folder_of_the_system_there_is_one_in_tmp() -> None:
    assert usual_folders("linux", "/home/z", None, 7, has_run_folder=False)[0] == "/tmp/ostiary-7"


def test_two_long_homes_never_share_a_socket(tmp_path: Path) -> None:
    one, other = (locate(str(tmp_path / ("h" * 200 + name))) for name in "ab")

    assert one.folder == other.folder
    assert one.socket_path != other.socket_path


def test_two_spellings_of_one_home_meet(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to("home")

    assert locate(str(tmp_path / "link")).socket_path == locate(f"{tmp_path}/home/../home/").socket_path


def test_an_empty_home_means_the_usual_places(tmp_path: Path) -> None:
    assert home_path("") == home_path(None)


def test_the_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    endpoint = private_endpoint(tmp_path)

    assert stat.S_IMODE(Path(endpoint.folder).stat().st_mode) == 0o700


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    endpoint = private_endpoint(tmp_path)
    Path(endpoint.folder).chmod(0o755)

    with pytest.raises(ConnectError, match="OSTIARY_HOME"):
        check_folder(endpoint)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "run").symlink_to("elsewhere")

    with pytest.raises(ConnectError, match="link"):
        prepare_folder(locate(str(tmp_path)))


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").touch(mode=0o700)

    with pytest.raises(ConnectError, match="cannot be trusted"):
        prepare_folder(locate(str(tmp_path)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    endpoint = private_endpoint(tmp_path)
    os.chown(endpoint.folder, 65534, 65534)

    with pytest.raises(ConnectError, match="another user"):
        check_folder(endpoint)


def test_a_private_file_is_readable_by_its_user_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_private(str(path), b"once")
    write_private(str(path), b"twice")

    assert read_private(str(path)) == b"twice"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_that_others_may_read_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_private(str(path), b"{}")
    path.chmod(0o644)

    with pytest.raises(PermissionError):
        read_private(str(path))


def test_a_lock_is_held_by_one_until_it_is_closed(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    held = try_lock(path)
    assert held is not None
    assert try_lock(path) is None

    os.close(held)

    again = try_lock(path)
    assert again is not None
    os.close(again)


def test_shim_and_application_have_one_version() -> None:
    assert ostiary.__version__ == ostiary_connect.VERSION
