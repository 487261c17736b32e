"""The environment a server gets."""

from pathlib import Path

import pytest

from ostiary.gateway.supervise.launch import Launch, child_environment

PASSED = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "XDG_CONFIG_HOME"]

KEPT_BACK = [
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "QT_PLUGIN_PATH", "_PYI_APPLICATION_HOME_DIR", "_MEIPASS2"),
    *("PYTHONHOME", "PYTHONPATH", "NODE_OPTIONS", "OSTIARY_HOME", "GITHUB_TOKEN", "SSH_AUTH_SOCK"),
]


@pytest.mark.parametrize("name", PASSED)
def test_what_any_program_needs_is_passed_on(name: str) -> None:
    assert child_environment({name: "x"}, {}, "linux") == {name: "x"}


@pytest.mark.parametrize("name", KEPT_BACK)
def test_what_belongs_to_us_alone_is_kept_back(name: str) -> None:
    assert child_environment({name: "x"}, {}, "linux") == {}


@pytest.mark.parametrize("name", KEPT_BACK)
def test_what_the_settings_name_is_set_whatever_it_is(name: str) -> None:
    assert child_environment({name: "ours"}, {name: "theirs"}, "linux") == {name: "theirs"}


def test_settings_win_over_what_is_passed_on() -> None:
    assert child_environment({"PATH": "/bin"}, {"PATH": "/opt/bin"}, "linux") == {"PATH": "/opt/bin"}


def test_windows_folders_are_passed_on_there_in_any_case_and_nowhere_else() -> None:
    base = {"SystemRoot": r"C:\Windows", "APPDATA": r"C:\Users\a\AppData"}
    assert child_environment(base, {}, "win32") == base
    assert child_environment(base, {}, "linux") == {}


def test_a_launch_does_not_show_its_environment() -> None:
    assert "hush" not in repr(Launch(("x",), {"TOKEN": "hush"}, Path("/")))
