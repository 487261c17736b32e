"""The data files of hosts, and the paths that they give on each platform."""

import fnmatch
from collections.abc import Mapping
from importlib.resources import files

import pytest

from ostiary.gateway.hosts.registry import (
    Place,
    Platform,
    config_path,
    installed_paths,
    is_program_of,
    known_hosts,
    parse_host,
)

HOSTS = {spec.name: spec for spec in known_hosts()}
WINDOWS = {"APPDATA": r"C:\Users\Zoë\AppData\Roaming", "LOCALAPPDATA": r"C:\Users\Zoë\AppData\Local"}
PACKAGE = r"C:\Users\Zoë\AppData\Local\Packages\Claude_pzs8sxrjxfjjc"


def place(platform: Platform, env: Mapping[str, str] | None = None, existing: tuple[str, ...] = ()) -> Place:
    home = {"linux": "/home/zoë", "darwin": "/Users/zoë", "win32": r"C:\Users\Zoë"}[platform]
    return Place(platform, env or {}, home, lambda pattern: fnmatch.filter(existing, pattern), existing.__contains__)


def test_hosts_are_known_in_the_order_of_their_names() -> None:
    assert list(HOSTS) == sorted(HOSTS)
    assert " ".join(HOSTS) == (
        "antigravity claude-code claude-desktop cline cline-cli codex continue copilot cursor devin droid gemini goose "
        "junie kimi kiro lm-studio opencode qwen vscode vscode-insiders warp zed"
    )


CLAUDE_FILE = "claude_desktop_config.json"


@pytest.mark.parametrize(
    ("host", "where", "path"),
    [
        ("claude-desktop", place("linux"), f"/home/zoë/.config/Claude/{CLAUDE_FILE}"),
        ("claude-desktop", place("linux", {"XDG_CONFIG_HOME": "/cfg"}), f"/cfg/Claude/{CLAUDE_FILE}"),
        ("claude-desktop", place("linux", {"XDG_CONFIG_HOME": "cfg"}), f"/home/zoë/.config/Claude/{CLAUDE_FILE}"),
        ("claude-desktop", place("linux", {"XDG_CONFIG_HOME": ""}), f"/home/zoë/.config/Claude/{CLAUDE_FILE}"),
        ("claude-desktop", place("darwin"), f"/Users/zoë/Library/Application Support/Claude/{CLAUDE_FILE}"),
        ("claude-desktop", place("win32", WINDOWS), rf"C:\Users\Zoë\AppData\Roaming\Claude\{CLAUDE_FILE}"),
        (
            "claude-desktop",
            place("win32", WINDOWS, (PACKAGE,)),
            rf"{PACKAGE}\LocalCache\Roaming\Claude\{CLAUDE_FILE}",
        ),
        ("claude-desktop", place("win32"), None),
        ("cursor", place("linux"), "/home/zoë/.cursor/mcp.json"),
        ("cursor", place("darwin"), "/Users/zoë/.cursor/mcp.json"),
        ("cursor", place("win32"), r"C:\Users\Zoë\.cursor\mcp.json"),
    ],
)
def test_the_file_of_a_host_is_where_the_platform_has_it(host: str, where: Place, path: str | None) -> None:
    assert config_path(HOSTS[host], where) == path


def test_a_host_is_found_by_its_package_program_or_folder() -> None:
    claude = HOSTS["claude-desktop"]
    assert installed_paths(claude, place("linux")) == ("claude-desktop",)
    assert installed_paths(claude, place("darwin")) == (
        "/Applications/Claude.app",
        "/Users/zoë/Applications/Claude.app",
    )
    assert PACKAGE in installed_paths(claude, place("win32", WINDOWS, (PACKAGE,)))


@pytest.mark.parametrize(
    ("host", "platform", "program", "is_it"),
    [
        ("claude-desktop", "linux", "/usr/lib/claude-desktop/node_modules/electron/dist/electron", True),
        ("claude-desktop", "linux", "/usr/bin/claude", False),
        ("claude-desktop", "linux", "/usr/lib/node_modules/claude.exe", False),
        ("claude-desktop", "darwin", "/Applications/Claude.app/Contents/MacOS/Claude", True),
        ("claude-desktop", "win32", r"C:\Users\z\AppData\Local\AnthropicClaude\app-1.2.3\Claude.exe", True),
        ("claude-desktop", "win32", r"C:\Program Files\WindowsApps\Claude_1.2_x64__pzs8\app\claude.exe", True),
        ("claude-desktop", "win32", r"C:\Users\z\.local\bin\claude.exe", False),
        ("cursor", "linux", "/usr/share/cursor/cursor", True),
        ("cursor", "linux", "/usr/bin/xcursor", False),
        ("cursor", "darwin", "/Applications/Cursor.app/Contents/MacOS/Cursor", True),
        ("cursor", "win32", r"C:\Users\z\AppData\Local\Programs\cursor\cursor.exe", True),
    ],
)
def test_a_running_program_is_told_by_its_path(host: str, platform: Platform, program: str, is_it: bool) -> None:
    assert is_program_of(HOSTS[host], program, platform) is is_it


@pytest.mark.parametrize(
    ("host", "existing", "path"),
    [
        ("devin", (), "/home/zoë/.config/devin/mcp_config.json"),
        ("devin", ("/home/zoë/.codeium/windsurf/mcp_config.json",), "/home/zoë/.codeium/windsurf/mcp_config.json"),
        (
            "devin",
            ("/home/zoë/.codeium/windsurf/mcp_config.json", "/home/zoë/.config/devin/mcp_config.json"),
            "/home/zoë/.config/devin/mcp_config.json",
        ),
        ("opencode", ("/home/zoë/.config/opencode/opencode.jsonc",), "/home/zoë/.config/opencode/opencode.jsonc"),
    ],
)
def test_an_older_file_counts_when_it_is_there_and_todays_is_not(
    host: str, existing: tuple[str, ...], path: str
) -> None:
    assert config_path(HOSTS[host], place("linux", existing=existing)) == path


def test_only_claude_desktop_has_to_quit_first() -> None:
    assert [spec.name for spec in HOSTS.values() if spec.quit_before_write] == ["claude-desktop"]
    assert not HOSTS["claude-desktop"].tolerance.bom


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('format = "json"', 'format = "ini"'), ('kind = "reload"', 'kind = "pray"'), ('"bom"', '"bmo"')],
)
def test_a_fault_in_a_data_file_is_refused(right: str, wrong: str) -> None:
    text = (files("ostiary_resources") / "hosts" / "cursor.toml").read_text(encoding="utf-8")
    with pytest.raises((ValueError, TypeError)):
        parse_host("cursor", text.replace(right, wrong))
