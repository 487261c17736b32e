"""A bundle's manifest read, and the command that it makes on each system with a person's answers."""

import json
from typing import Any

import pytest

from ostiary.domain.errors import UsageError
from ostiary.domain.host_import import AnswerKind
from ostiary.gateway.bundles.manifest import parse
from ostiary.gateway.bundles.resolve import Machine, Resolved, resolved, wanted
from tests.support.bundles import manifest

LINUX = Machine("linux", "/home/robin", "/data/b")
WINDOWS = Machine("win32", "C:\\Users\\robin", "D:\\b")
FILES = frozenset(["server/main.py", "server/tool", "server/win.exe"])
HALF = "{secret:GITHUB_TOKEN}"
"""With a dollar sign before it a reference to a secret of the person's."""


def made(machine: Machine = LINUX, answers: dict[str, str] | None = None, **more: Any) -> Resolved:
    return resolved(parse(json.dumps(manifest(**more)).encode()), FILES, machine, answers or {})


def server(kind: str = "node", **config: Any) -> dict[str, Any]:
    return {"type": kind, "entry_point": "server/main.py", "mcp_config": {"command": "node", **config}}


def asks(**option: Any) -> dict[str, Any]:
    return {"key": {"type": "string", "title": "Key", "description": "", **option}}


def test_variables_are_filled_in_and_a_relative_file_of_the_bundle_is_made_absolute() -> None:
    args = ["${__dirname}/server/main.py", "server/main.py", "${HOME}${/}x", "other/main.py", "${DOCUMENTS}"]
    found = made(server=server(args=args, env={"P": "a${pathSeparator}b"}))
    assert found.command == (
        *("node", "/data/b/server/main.py", "/data/b/server/main.py", "/home/robin/x", "other/main.py"),
        "/home/robin/Documents",
    )
    assert found.environment == {"P": "a/b"}


@pytest.mark.parametrize(
    ("kind", "command", "machine", "program"),
    [
        ("python", "python", LINUX, "python3"),
        ("python", "python", WINDOWS, "python"),
        ("node", "node", LINUX, "node"),
        ("binary", "server/tool", LINUX, "/data/b/server/tool"),
        ("binary", "${__dirname}/server/tool", LINUX, "/data/b/server/tool"),
        ("binary", "server/win", WINDOWS, "D:\\b\\server\\win.exe"),
        ("binary", "/usr/bin/tool", LINUX, "/usr/bin/tool"),
    ],
)
def test_a_program_is_found_for_its_kind_and_system(kind: str, command: str, machine: Machine, program: str) -> None:
    found = made(machine, server=server(kind, command=command))
    assert found.command[0] == program
    assert bool(found.programs) == (machine.folder in program)


def test_a_server_of_the_kind_uv_needs_no_command_and_any_other_does() -> None:
    bare = {"type": "uv", "entry_point": "src/server.py"}
    assert made(manifest_version="0.4", server=bare).command == ("uv", "run", "--directory", "/data/b", "src/server.py")
    with pytest.raises(UsageError, match="no command"):
        made(server={**bare, "type": "node"})


def test_a_platform_has_its_own_command_and_its_own_environment() -> None:
    other = {"win32": {"command": "node.exe", "env": {"B": "2"}}}
    config = server(args=["x"], env={"A": "1"}, platform_overrides=other)
    assert made(server=config).command == ("node", "x")
    found = made(WINDOWS, server=config)
    assert (found.command, found.environment) == (("node.exe", "x"), {"B": "2"})


def test_answers_are_filled_in_and_several_become_several_arguments() -> None:
    config = server(args=["--dirs", "${user_config.key}"], env={"DIRS": "${user_config.key}"})
    option = asks(type="directory", multiple=True, default=["${HOME}/Desktop"])
    assert made(server=config, user_config=option).command == ("node", "--dirs", "/home/robin/Desktop")
    found = made(server=config, user_config=option, answers={"key": "/a\n/b"})
    assert (found.command, found.environment) == (("node", "--dirs", "/a", "/b"), {"DIRS": "/a,/b"})


def test_a_sensitive_answer_is_known_as_a_secret_and_a_required_one_is_missed() -> None:
    config, option = server(env={"K": "${user_config.key}"}), asks(sensitive=True, required=True)
    assert made(server=config, user_config=option).missing == ("Key",)
    found = made(server=config, user_config=option, answers={"key": "s3"})
    assert (found.secrets, found.missing, found.environment) == (frozenset(["s3"]), (), {"K": "s3"})


def test_what_a_person_is_asked_has_its_default_filled_in() -> None:
    options = {
        **asks(type="boolean", default=True),
        "n": {"type": "number", "title": "N", "description": "d", "default": 10, "min": 1, "max": 100},
        "f": {"type": "file", "title": "F", "description": "", "default": "${HOME}/f", "required": True},
    }
    found = wanted(parse(json.dumps(manifest(user_config=options)).encode()), LINUX)
    assert [(one.key, one.kind, one.default) for one in found] == [
        ("key", AnswerKind.BOOLEAN, "true"),
        ("n", AnswerKind.NUMBER, "10"),
        ("f", AnswerKind.FILE, "/home/robin/f"),
    ]


@pytest.mark.parametrize(
    ("option", "answer", "reason"),
    [
        ({}, "${secret:MINE}", "cannot hold"),
        ({"type": "number"}, "nan", "a number"),
        ({"type": "number", "min": 1, "max": 3}, "4", "from 1 to 3"),
        ({"type": "number", "min": 1}, "0", "out of its range"),
        ({"type": "boolean"}, "yes", "true or false"),
        ({"type": "directory"}, "here", "full path"),
        ({"type": "directory", "multiple": True}, "/a\nb", "full path"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(option: dict[str, Any], answer: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        made(user_config=asks(**option), answers={"key": answer})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"server": server(env={"A": "${secret:GITHUB_TOKEN}"})}, "not one of a bundle's"),
        ({"server": server(args=["${user_config.none}"])}, "does not ask for it"),
        ({"server": server(args=["${HOME"])}, "not understood"),
        ({"server": server(args=["$${user_config.key}"]), "user_config": asks(default=HALF)}, "not understood"),
        ({"server": server(env={"A": "$${user_config.key}"}), "user_config": asks(default=HALF)}, "not understood"),
        ({"server": server(command="$${user_config.key}"), "user_config": asks(default=HALF)}, "does not ask"),
        ({"server": server(command="bin/none")}, "is not in it"),
        ({"user_config": asks(default="${secret:GITHUB_TOKEN}")}, "not one of a bundle's"),
        ({"manifest_version": "9.0"}, "of version 9.0"),
        ({"manifest_version": None}, "not understood"),
        ({"compatibility": {"platforms": ["darwin"]}}, "made for darwin"),
        ({"server": {"type": "docker", "entry_point": ""}}, "not understood"),
        ({"user_config": {f"k{n}": asks()["key"] for n in range(101)}}, "more than a person"),
    ],
)
def test_what_is_not_understood_is_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        made(**more)


def test_an_answer_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(UsageError, match="does not ask"):
        made(answers={"other": "x"})
