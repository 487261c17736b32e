"""Which paths ask even when they are only read."""

from __future__ import annotations

import pytest

from ostiary.gateway.policy.argument_paths import named_paths, places
from ostiary.gateway.policy.sensitive import is_sensitive


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/.ssh/config",
        "/home/me/.ssh",
        "~/.gnupg/pubring.kbx",
        "/home/me/.aws/credentials",
        "/Users/me/Library/Keychains/login.keychain-db",
        "/home/me/.mozilla/firefox/x.default/cookies.sqlite",
        "/home/me/.config/google-chrome/Default/Login Data",
        r"C:\Users\me\AppData\Local\Google\Chrome\User Data\Default\Cookies",
        "/srv/tls/server.PEM",
        "/srv/tls/server.key",
        "/notes/id_ed25519",
        ".env",
        "/notes/.env.production",
        "/notes/.ENV",
    ],
)
def test_a_path_that_usually_holds_secrets_is_sensitive(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/notes/notes.md",
        "/notes/keys.py",
        "/notes/environment.md",
        "/home/me/id_rsa.pub",
        "/notes/.env.example",
    ],
)
def test_an_ordinary_path_is_not_sensitive(path: str) -> None:
    assert not is_sensitive(path)


def test_paths_are_found_at_any_depth_and_in_file_uris() -> None:
    arguments = {
        "path": "notes.md",
        "edits": [{"target": "/notes/a.txt", "text": "no\n/path"}],
        "uri": "file:///notes/with%20space",
        "filePaths": ["b.txt", "notes.md"],
        "query": "to be or/not to be",
    }
    assert named_paths(arguments) == ("notes.md", "/notes/a.txt", "/notes/with space", "b.txt")


@pytest.mark.parametrize(
    "uri",
    [
        "file:///home/me/.ssh/id_rsa",
        "file:/home/me/.ssh/id_rsa",
        "FILE:///home/me/.ssh/id_rsa",
        " file:///home/me/.ssh/id_rsa\n",
        "file:///home/me/.s\nsh/id_rsa",
        "file://localhost/home/me/%2Essh/id_rsa",
        "file://[::1]/home/me/.ssh/id_rsa",
        "file:///home/me/.ssh/id_rsa?raw#L1",
        "file:///home/me/#/../.ssh/id_rsa",
    ],
)
def test_a_file_uri_is_read_as_the_most_lenient_program_would(uri: str) -> None:
    assert places(named_paths({"link": uri}), str).sensitive


@pytest.mark.parametrize("text", ["file:", "file://", "file://[", "file://[x", "file: see [1]", "file://a]b?[#"])
def test_what_only_looks_like_a_file_uri_names_nothing(text: str) -> None:
    assert named_paths({"text": text}) == ()


def test_a_harmless_name_that_links_to_a_secret_is_found() -> None:
    links = {"/notes/readme.txt": "/home/me/.ssh/id_rsa"}
    assert places(named_paths({"path": "/notes/readme.txt"}), links.__getitem__).sensitive
    assert places(named_paths({"path": ".env"}), links.__getitem__).sensitive
    assert not places(named_paths({"path": "readme.txt"}), links.__getitem__).sensitive


def test_where_the_paths_lead_is_known_only_when_each_is_absolute() -> None:
    links = {"/notes/a": "/real/a", "/notes/b": "/real/b"}
    assert places(named_paths({"path": "/notes/a", "to": "/notes/b"}), links.__getitem__).paths == (
        "/real/a",
        "/real/b",
    )
    assert places(named_paths({"path": "/notes/a", "target": "b.txt"}), links.__getitem__).paths is None
    assert places(named_paths({"text": "hello"}), links.__getitem__).paths == ()
