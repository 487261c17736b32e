"""Which servers would be brought in, under which names, and with which secrets moved."""

import pytest

from ostiary.domain.server import ServerSpec
from ostiary.gateway.hosts.offers import Offer
from ostiary.gateway.import_plan import Move, merged, moves
from ostiary.gateway.import_secrets import MASKED
from ostiary.gateway.importing import looks_secret

TOKEN = "ghp_" + "a1B2" * 9


def decided(*offers: Offer, existing: tuple[ServerSpec, ...] = (), secrets: tuple[str, ...] = ()) -> tuple[Move, ...]:
    return moves(merged([("cursor", "Cursor", offer) for offer in offers]), existing, secrets, looks_secret)


def offer(name: str = "git", *command: str, **environment: str) -> Offer:
    return Offer(name, command or ("git-mcp",), environment)


def test_a_secret_goes_to_the_keyring_and_only_its_reference_to_the_settings() -> None:
    (move,) = decided(offer(GITHUB_TOKEN=TOKEN, LANG="C", URL=f"https://me:{'x' * 9}@host/"))
    assert move.values == {"GITHUB_TOKEN": TOKEN, "URL": f"https://me:{'x' * 9}@host/"}
    assert move.spec.environment == {"GITHUB_TOKEN": "${secret:GITHUB_TOKEN}", "LANG": "C", "URL": "${secret:URL}"}
    assert move.shown.environment == {"GITHUB_TOKEN": MASKED, "LANG": "C", "URL": MASKED}
    assert move.shown.secrets == {"GITHUB_TOKEN": "GITHUB_TOKEN", "URL": "URL"}
    assert TOKEN not in repr(move.shown) + repr(move.spec)


@pytest.mark.parametrize(
    ("arguments", "kept", "values"),
    [
        (("--token", "abc="), ("--token", "${secret:TOKEN}"), {"TOKEN": "abc="}),
        (("--api-key=abc",), ("--api-key=${secret:API_KEY}",), {"API_KEY": "abc"}),
        (("API_KEY=abc",), ("API_KEY=${secret:API_KEY}",), {"API_KEY": "abc"}),
        ((TOKEN,), ("${secret:GIT_ARGUMENT}",), {"GIT_ARGUMENT": TOKEN}),
        (("https://me:secret@host/",), ("${secret:GIT_ARGUMENT}",), {"GIT_ARGUMENT": "https://me:secret@host/"}),
        (("-H", "X-Api-Key: abc"), ("-H", "X-Api-Key: ${secret:X_API_KEY}"), {"X_API_KEY": "abc"}),
    ],
)
def test_an_argument_that_looks_like_a_secret_is_a_reference_and_what_that_means_is_said(
    arguments: tuple[str, ...], kept: tuple[str, ...], values: dict[str, str]
) -> None:
    (move,) = decided(offer("git", "git-mcp", *arguments))
    assert (move.spec.command, move.values) == (("git-mcp", *kept), values)
    assert move.shown.secrets == dict.fromkeys(values, f"argument {len(arguments)}")
    assert "list of processes" in move.shown.note
    assert not any(value in repr(move.shown) + repr(move.spec) for value in values.values())


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (("docker", "run", "-e", f"TOKEN={TOKEN}", "image"), ("docker", "run", "-e", "TOKEN", "image")),
        (
            ("npx", "mcp-remote@1", "https://x/", "--header", f"Authorization: Bearer {TOKEN}"),
            ("npx", "mcp-remote@1", "https://x/", "--header", "Authorization:${AUTHORIZATION}"),
        ),
    ],
)
def test_a_secret_moves_to_the_environment_where_its_program_takes_it_from_there(
    command: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    (move,) = decided(offer("x", *command))
    ((name, value),) = move.values.items()
    assert (move.spec.command, move.spec.environment) == (kept, {name: f"${{secret:{name}}}"})
    assert TOKEN in value
    assert TOKEN not in repr(move.shown) + repr(move.spec)
    assert not move.shown.note


def test_a_program_whose_name_looks_like_a_secret_is_masked_and_stays_out() -> None:
    (move,) = decided(offer("x", TOKEN))
    assert "looks like a secret" in move.shown.problem
    assert TOKEN not in repr(move.shown)


def test_a_server_with_a_secret_argument_is_not_brought_in_twice() -> None:
    known = ServerSpec(name="git", command=("git-mcp", "--token", "${secret:TOKEN}"))
    (move,) = decided(offer("git", "git-mcp", "--token", "abc"), existing=(known,), secrets=("TOKEN",))
    assert "already" in move.shown.problem


def test_the_same_server_of_two_hosts_is_one_and_another_of_its_name_is_a_second() -> None:
    places = [("cursor", "Cursor", offer()), ("zed", "Zed", offer()), ("kiro", "Kiro", offer("git", "other"))]
    first, second = moves(merged(places), (), (), looks_secret)
    assert (first.shown.name, first.shown.found_in, first.found.hosts) == ("git", ("Cursor", "Zed"), ("cursor", "zed"))
    assert (second.shown.name, second.shown.found_in) == ("git-2", ("Kiro",))


def test_a_server_that_we_have_is_not_brought_in_again() -> None:
    (same,) = decided(offer(), existing=(ServerSpec(name="git", command=("git-mcp",)),))
    (other,) = decided(offer(), existing=(ServerSpec(name="git", command=("x",)),))
    assert "already" in same.shown.problem
    assert (other.shown.name, other.shown.problem) == ("git-2", "")


@pytest.mark.parametrize(
    ("called", "name"),
    [("My Server!", "my-server"), ("@scope/git", "scope-git"), ("é", "server"), ("a" * 40, "a" * 32), ("_", "server")],
)
def test_a_name_becomes_one_that_a_server_can_have(called: str, name: str) -> None:
    (move,) = decided(offer(called))
    assert move.spec.name == name


def test_two_secrets_of_one_name_get_two_names_and_one_value_one() -> None:
    first, second, third = decided(offer("a", TOKEN="one"), offer("b", TOKEN="two"), offer("c", TOKEN="one"))
    assert (list(first.values), list(second.values), list(third.values)) == (["TOKEN"], ["B_TOKEN"], ["TOKEN"])


def test_a_secret_that_is_there_already_is_never_overwritten() -> None:
    (move,) = decided(offer("a", TOKEN="one"), secrets=("TOKEN", "A_TOKEN"))
    assert list(move.values) == ["A_TOKEN_2"]
