"""Which paths ask even when they are only read."""

from __future__ import annotations

import pytest

from ostiary.gateway.policy.argument_paths import named_paths, names_secrets
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
        "/work/id_ed25519",
        ".env",
        "/work/.env.production",
        "/work/.ENV",
    ],
)
def test_a_path_that_usually_holds_secrets_is_sensitive(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/work/notes.md", "/work/keys.py", "/work/environment.md", "/home/me/id_rsa.pub", "/work/.env.example"],
)
def test_an_ordinary_path_is_not_sensitive(path: str) -> None:
    assert not is_sensitive(path)


def test_paths_are_found_at_any_depth_and_in_file_uris() -> None:
    arguments = {
        "path": "notes.md",
        "edits": [{"target": "/work/a.txt", "text": "no\n/path"}],
        "uri": "file:///work/with%20space",
        "filePaths": ["b.txt", "notes.md"],
        "query": "to be or/not to be",
    }
    assert named_paths(arguments) == ("notes.md", "/work/a.txt", "/work/with space", "b.txt")


def test_a_harmless_name_that_links_to_a_secret_is_found() -> None:
    links = {"/work/readme.txt": "/home/me/.ssh/id_rsa"}
    assert names_secrets({"path": "/work/readme.txt"}, links.__getitem__)
    assert names_secrets({"path": ".env"}, links.__getitem__)
    assert not names_secrets({"path": "readme.txt"}, links.__getitem__)
