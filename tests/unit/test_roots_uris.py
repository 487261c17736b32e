"""File addresses and paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.errors import UsageError
from ostiary.gateway.roots.uris import path_of, uri_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/ann/a.txt", "/home/ann/a.txt"),
        ("file://localhost/home/ann/a.txt", "/home/ann/a.txt"),
        ("file:/home/ann/a.txt", "/home/ann/a.txt"),
        ("FILE:///a", "/a"),
        ("file:///a%20b/%C3%A4.txt", "/a b/ä.txt"),
        ("file:///a b/ä.txt", "/a b/ä.txt"),
        ("file:///100%25", "/100%"),
        ("file:///a%2Fb", "/a/b"),
        ("file:///a%23b%3Fc", "/a#b?c"),
        ("file:///latin%E4", "/latin\udce4"),
        ("file:///folder/", "/folder/"),
        ("file:///", "/"),
    ],
)
def test_a_file_address_names_a_path(uri: str, path: str) -> None:
    assert path_of(uri, "linux") == path


@pytest.mark.parametrize(
    "uri",
    [
        *("", "/a", "http://localhost/a", "files:///a", "file:a", "file://", "file://server/share/a"),
        *("file:///a?x=1", "file:///a#part", "file:///a%00b", "file://[::1", "file://user@localhost/a"),
    ],
)
def test_anything_else_is_refused(uri: str) -> None:
    with pytest.raises(UsageError):
        path_of(uri, "linux")


@pytest.mark.parametrize(
    ("uri", "path"),
    [("file:///C:/Users/ann/a%20b.txt", r"C:\Users\ann\a b.txt"), ("file:///c%3A/x", r"c:\x")],
)
def test_drives_are_understood_on_windows(uri: str, path: str) -> None:
    assert path_of(uri, "win32") == path


def test_a_windows_path_becomes_an_address_with_its_drive() -> None:
    assert uri_of(r"C:\a b\c.txt", "win32") == "file:///C:/a%20b/c.txt"


@given(st.binary(max_size=30).filter(lambda name: b"\0" not in name))
def test_every_posix_path_survives_the_way_there_and_back(name: bytes) -> None:
    path = "/" + name.decode(errors="surrogateescape")
    assert path_of(uri_of(path, "linux"), "linux") == path
