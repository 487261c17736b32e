"""Who is found behind a connection."""

from __future__ import annotations

import pytest

from ostiary.domain.approval import Process
from ostiary.gateway.policy.identity import hosts_behind, identify

EXPECTED = ("*/claude-desktop", "*/claude-desktop/*")


def process(executable: str, script: str = "", pid: int = 100) -> Process:
    return Process(pid=pid, name=executable.split("/")[-1], executable=executable, script=script)


CLAUDE = process("/usr/lib/claude-desktop/claude")
SHELL = process("/usr/bin/bash")
NPX = process("/usr/bin/node", "/usr/lib/node_modules/npm/bin/npx-cli.js")


@pytest.mark.parametrize(
    ("ancestors", "expected", "verified"),
    [
        ((CLAUDE,), EXPECTED, True),
        ((SHELL, CLAUDE), EXPECTED, True),
        ((NPX, SHELL, CLAUDE), EXPECTED, True),
        ((process("/usr/bin/env"), process("/opt/uv/uvx"), CLAUDE), EXPECTED, True),
        ((process("/home/me/agent"), CLAUDE), EXPECTED, False),
        ((process("/usr/bin/python3.11", "/home/me/agent.py"), CLAUDE), EXPECTED, False),
        ((process("/usr/bin/python3.11", "/opt/claude-desktop/main.py"),), EXPECTED, True),
        ((process("/opt/claude-desktop/node", "/home/me/agent.js"),), EXPECTED, False),
        ((process("/opt/claude-desktop/python3"),), EXPECTED, False),
        ((process("/tmp/claude-desktop"),), EXPECTED, False),
        ((process("/usr/bin/claude-desktop (deleted)"),), EXPECTED, False),
        ((process(""),), EXPECTED, False),
        ((SHELL,), EXPECTED, False),
        ((), EXPECTED, False),
        ((CLAUDE,), (), False),
        ((process("/usr/bin/Cursor"),), ("cursor",), True),
    ],
)
def test_a_caller_is_verified_only_by_the_nearest_program_that_is_no_launcher(
    ancestors: tuple[Process, ...], expected: tuple[str, ...], verified: bool
) -> None:
    caller = identify("claude-desktop", "Claude Desktop", expected, ancestors)
    assert caller.verified is verified
    assert bool(caller.warning) is not verified


def test_a_windows_program_is_recognised_whatever_the_case_of_its_path() -> None:
    found = Process(pid=1, name="Cursor.exe", executable=r"C:\Users\Me\AppData\Local\Programs\Cursor\Cursor.EXE")
    shell = Process(pid=2, name="cmd.exe", executable=r"C:\Windows\System32\cmd.exe")
    assert identify("cursor", "Cursor", (r"*\cursor\Cursor.exe",), (shell, found)).verified


def test_a_name_that_a_process_gave_itself_does_not_verify_it() -> None:
    found = Process(pid=1, name="claude-desktop", executable="/home/me/agent")
    assert not identify("claude-desktop", "Claude Desktop", ("claude-desktop",), (found,)).verified


def test_the_caller_comes_first_and_its_parents_follow() -> None:
    init = process("/usr/lib/systemd/systemd", pid=1)
    caller = identify("claude-desktop", "Claude Desktop", EXPECTED, (SHELL, CLAUDE, init))
    assert caller.processes == (CLAUDE, init)


@pytest.mark.parametrize(
    ("executable", "words"),
    [
        ("/home/me/Downloads/agent", "unusual place: /home/me/Downloads/agent"),
        ("/dev/shm/agent", "unusual place"),
        (r"C:\Users\me\Downloads\agent.exe", "unusual place"),
        ("/opt/agent (deleted)", "gone: /opt/agent."),
        ("", "not its program file"),
        ("/usr/bin/python3", "not its script"),
    ],
)
def test_an_odd_program_is_warned_about(executable: str, words: str) -> None:
    caller = identify("x", "X", ("*",), (process(executable),))
    assert words in caller.warning
    assert not caller.verified


PROGRAMS = {"claude-desktop": EXPECTED, "cursor": ("cursor",), "gemini": ("*/gemini-cli/*",)}
CURSOR = process("/usr/share/cursor/cursor")
AGENT = process("/home/me/agent")
GEMINI = process("/usr/bin/node", "/usr/lib/gemini-cli/index.js")


@pytest.mark.parametrize(
    ("ancestors", "behind"),
    [
        ((CURSOR,), ("cursor",)),
        ((SHELL, CURSOR), ("cursor",)),
        ((AGENT, SHELL, CURSOR), ("cursor",)),
        ((GEMINI, SHELL, CURSOR), ("cursor", "gemini")),
        ((AGENT,), ()),
        ((), ()),
        ((CLAUDE, SHELL, CURSOR), ()),
        ((process("/tmp/claude-desktop/claude"), CURSOR), ("cursor",)),
        ((process("/tmp/cursor"),), ("cursor",)),
    ],
)
def test_known_hosts_behind_a_name_that_is_only_claimed_are_found(
    ancestors: tuple[Process, ...], behind: tuple[str, ...]
) -> None:
    caller = identify("claude-desktop", "Claude Desktop", EXPECTED, ancestors)
    assert hosts_behind(caller, PROGRAMS) == behind
