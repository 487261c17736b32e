"""Which servers a host's entries or a pasted block define."""

import pytest

from ostiary.domain.errors import UsageError
from ostiary.gateway.hosts.offers import Offer, offers, pasted

GIT = Offer("git", ("git-mcp", "--root", "/x"), {"A": "b"})


@pytest.mark.parametrize(
    "entry",
    [
        {"command": "git-mcp", "args": ["--root", "/x"], "env": {"A": "b"}},
        {"type": "local", "command": ["git-mcp", "--root", "/x"], "environment": {"A": "b"}},
        {"transport": {"type": "stdio", "command": "git-mcp", "args": ["--root", "/x"], "env": {"A": "b"}}},
        {"cmd": "git-mcp", "args": ["--root", "/x"], "envs": {"A": "b"}, "enabled": True},
        {"name": "git", "command": "git-mcp", "args": ["--root", "/x"], "env": {"A": "b"}},
    ],
)
def test_every_shape_of_an_entry_is_read(entry: object) -> None:
    assert offers({"git": entry, "ostiary": {"command": "ostiary-connect"}}, "ostiary") == (GIT,)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"url": "https://x"}, "over the network"),
        ({"type": "http", "httpUrl": "https://x"}, "over the network"),
        ({"args": ["x"]}, ""),
        ({}, "no command"),
        (1, "not an object"),
        ({"command": "x", "env": {"A": "${input:token}"}}, "only its host fills in"),
        ({"command": "x", "env": {"A": "${secret:MINE}"}}, "only its host fills in"),
        ({"command": "x", "args": ["${workspaceFolder}"]}, "only its host fills in"),
        ({"command": "", "args": ["x"]}, "no command"),
        ({"command": "/opt/ostiary-connect", "args": ["--host", "x"]}, "Ostiary itself"),
        ({"command": ["env", "A=b", "C:\\\\bin\\\\ostiary-connect.exe"]}, "Ostiary itself"),
        ({"command": "x", "args": ["\ud800"]}, "no valid text"),
        ({"command": "x", "env": {"\udfff": "a"}}, "no valid text"),
        ({"url": "https://x/\ud800"}, "no valid text"),
    ],
)
def test_what_cannot_be_started_as_it_stands_is_kept_with_the_reason(entry: object, problem: str) -> None:
    (offer,) = offers({"x": entry}, "ostiary")
    assert problem in offer.problem


def test_a_server_whose_name_is_no_text_is_kept_under_one_that_can_be_said() -> None:
    (offer,) = offers({"git\ud800": {"command": "x"}}, "ostiary")
    assert (offer.name, offer.command) == ("git?", ())
    assert "no valid text" in offer.problem


def test_values_that_json_does_not_have_are_given_as_they_are_written() -> None:
    (offer,) = offers(pasted('[mcp_servers.a]\ncommand = "x"\nargs = [1979-05-27]\nenv = {A = 07:32:00}'), "ostiary")
    assert (offer.command, offer.environment, offer.problem) == (("x", "1979-05-27"), {"A": "07:32:00"}, "")


@pytest.mark.parametrize(
    "text",
    [
        '{"mcpServers": {"git": {"command": "g"}}}',
        '\ufeff// from its page\n{"mcpServers": {"git": {"command": "g",},},}',
        '"mcpServers": {"git": {"command": "g"}},',
        '{"servers": {"git": {"command": "g"}}, "inputs": []}',
        '{"git": {"command": "g"}}',
        '"git": {"command": "g"}',
        '[mcp_servers.git]\ncommand = "g"\n',
    ],
)
def test_a_pasted_block_is_read_in_each_form_that_pages_show(text: str) -> None:
    assert pasted(text) == {"git": {"command": "g"}}


def test_a_single_entry_gets_a_name() -> None:
    assert pasted('{"command": "g"}') == {"server": {"command": "g"}}


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"a": 1}', "{" * 5000, "npx -y git-mcp"])
def test_what_is_no_list_of_servers_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        pasted(text)
