"""The commands and the real gateway: what a person types is what happens, and what they are told is what is there."""

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ostiary.control.messages import AnswerQuestion, Subscribe
from ostiary.domain.approval import Decision, Question, QuestionEnd, QuestionKind
from ostiary.domain.events import QuestionClosed, QuestionOpened
from tests.support.commands import DEADLINE_S, Ended, run, started
from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.shims import answer_to, started_shim

NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
"""A session without a keyring, whatever the test itself runs in."""

EMPTY_CONFIG = b'{\n  "mcpServers": {}\n}\n'


@pytest.fixture(scope="module")
def trusting() -> Iterator[GatewayProcess]:
    """One gateway for all tests that leave nothing behind; it trusts commands."""
    with household() as place, running_gateway(place, "--trust-cli", environment=NO_BUS) as gateway:
        yield gateway


@pytest.fixture
def place() -> Iterator[Household]:
    with household() as empty:
        yield empty


def command(gateway: GatewayProcess, *arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> Ended:
    return run(gateway.home, *arguments, stdin=stdin, cwd=cwd, HOME=str(gateway.household.person))


def told(gateway: GatewayProcess, *arguments: str) -> list[dict[str, object]]:
    """What a command that lists gives as JSON."""
    listed = json.loads(command(gateway, *arguments, "--json").out)
    assert isinstance(listed, list)
    return listed


def names(gateway: GatewayProcess) -> list[object]:
    return [server["name"] for server in told(gateway, "servers")]


def config_of_cursor(gateway: GatewayProcess) -> Path:
    file = gateway.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(EMPTY_CONFIG)
    return file


# Looking


@pytest.mark.parametrize("name", ["status", "servers", "hosts", "roots", "secrets"])
def test_what_is_there_is_shown_as_text_and_as_json(trusting: GatewayProcess, name: str) -> None:
    as_text, as_json = command(trusting, name), command(trusting, name, "--json")

    assert (as_text.code, as_text.err, as_json.code) == (0, "", 0)
    assert as_text.out
    assert json.loads(as_json.out) is not None


def test_the_doctor_tells_that_nobody_can_be_asked_and_fails(trusting: GatewayProcess) -> None:
    ended = command(trusting, "doctor", "--json")

    found = {finding["code"]: finding["ok"] for finding in json.loads(ended.out)}
    assert ended.code == 1
    assert (found["front"], found["keyring"], found["shim"]) == (False, False, True)


# Servers


def test_a_server_that_is_enabled_runs_when_the_command_ends(trusting: GatewayProcess) -> None:
    enabled = command(trusting, "servers", "enable", "files")
    shown = command(trusting, "servers").out
    restarted = command(trusting, "servers", "restart", "files", "--json")
    output = command(trusting, "servers", "output", "files")
    disabled = command(trusting, "servers", "disable", "files")

    assert (enabled.code, enabled.out) == (0, "● files is running.\n")
    assert "● running" in shown
    assert (restarted.code, json.loads(restarted.out)["state"]) == (0, "running")
    assert output.code == 0
    assert (disabled.code, disabled.out) == (0, "○ files is off.\n")


def test_a_server_is_added_off_with_its_exact_command_and_removed_again(trusting: GatewayProcess) -> None:
    program = ("/opt/a b/prog", "--json", "--", "-y", "x" * 300, "")

    added = command(trusting, "servers", "add", "mine", "--title", "My own", "--env", "A=b=c", "--", *program)
    kept = next(server for server in told(trusting, "servers") if server["name"] == "mine")
    removed = command(trusting, "servers", "remove", "mine")

    assert added.code == removed.code == 0
    assert f"  '/opt/a b/prog' --json -- -y {'x' * 300} ''\n" in added.err
    assert (kept["command"], kept["title"], kept["enabled"]) == (list(program), "My own", False)
    assert "mine" not in names(trusting)


def test_a_server_whose_program_fails_makes_enable_fail(trusting: GatewayProcess) -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('\\x1b]0;no licence')")
    command(trusting, "servers", "add", "failing", "--", *failing)

    ended = command(trusting, "servers", "enable", "failing")
    output = command(trusting, "servers", "output", "failing")
    command(trusting, "servers", "remove", "failing")

    assert ended.code == 1
    assert ended.out.startswith("▲ failing: ")
    assert "no licence" in output.out
    assert "\x1b" not in output.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("enable", "nobody"),
        ("disable", "nobody"),
        ("restart", "nobody"),
        ("remove", "nobody"),
        ("output", "nobody"),
        ("restart", "files"),
        ("remove", "files"),
        ("add", "Bad_Name", "--", "prog"),
        ("add", "x" * 33, "--", "prog"),
        ("add", "files", "--", "prog"),
    ],
)
def test_an_unknown_or_unfit_server_name_ends_with_64(trusting: GatewayProcess, arguments: tuple[str, ...]) -> None:
    ended = command(trusting, "servers", *arguments)

    assert (ended.code, ended.out) == (64, ""), ended
    assert names(trusting) == ["files"]


# Folders


def test_a_folder_is_approved_with_its_mode_and_taken_back(trusting: GatewayProcess) -> None:
    docs = trusting.household.person / "docs"
    docs.mkdir()

    command(trusting, "roots", "add", "docs", "--read-only", cwd=docs.parent)
    reading = told(trusting, "roots")
    command(trusting, "roots", "add", str(docs))
    writing = told(trusting, "roots")
    docs.rmdir()
    removed = command(trusting, "roots", "remove", str(docs))

    assert [(root["path"], root["mode"]) for root in reading + writing] == [(str(docs), "ro"), (str(docs), "rw")]
    assert removed.code == 0
    assert told(trusting, "roots") == []


@pytest.mark.parametrize("arguments", [("add", "/does/not/exist"), ("remove", "/does/not/exist"), ("add", "/dev/null")])
def test_a_path_that_is_no_folder_ends_with_64(trusting: GatewayProcess, arguments: tuple[str, ...]) -> None:
    ended = command(trusting, "roots", *arguments)

    assert (ended.code, ended.out) == (64, ""), ended
    assert told(trusting, "roots") == []


# Hosts


def test_a_host_is_connected_only_with_yes_and_disconnected_byte_for_byte(trusting: GatewayProcess) -> None:
    file = config_of_cursor(trusting)

    dry = command(trusting, "hosts", "connect", "cursor", "--dry-run", "--yes")
    unasked = command(trusting, "hosts", "connect", "cursor", stdin=b"y\n")
    assert (dry.code, unasked.code, file.read_bytes()) == (0, 77, EMPTY_CONFIG)
    assert '+    "ostiary": {' in dry.out

    connected = command(trusting, "hosts", "connect", "cursor", "--yes")
    again = command(trusting, "hosts", "connect", "cursor", "--yes")
    assert (connected.code, again.code) == (0, 0)
    assert json.loads(file.read_bytes())["mcpServers"]["ostiary"]["args"][:2] == ["--host", "cursor"]
    assert "Nothing to change" in again.out

    disconnected = command(trusting, "hosts", "disconnect", "cursor", "--yes")
    assert (disconnected.code, file.read_bytes()) == (0, EMPTY_CONFIG)


def test_with_json_the_plan_and_the_host_are_given(trusting: GatewayProcess) -> None:
    config_of_cursor(trusting)

    planned = json.loads(command(trusting, "hosts", "connect", "cursor", "--dry-run", "--json").out)
    connected = json.loads(command(trusting, "hosts", "connect", "cursor", "--yes", "--json").out)

    assert (planned["host"], connected["name"], connected["state"]) == ("cursor", "cursor", "connected")


def test_a_host_file_that_does_not_parse_is_left_alone(trusting: GatewayProcess) -> None:
    file = config_of_cursor(trusting)
    file.write_bytes(b'{\n  "mcpServers": {,}\n}\n')

    ended = command(trusting, "hosts", "connect", "cursor", "--yes")

    assert ended.code == 1
    assert "line 2" in ended.err.lower()
    assert file.read_bytes() == b'{\n  "mcpServers": {,}\n}\n'


def test_an_unknown_host_ends_with_64(trusting: GatewayProcess) -> None:
    assert command(trusting, "hosts", "connect", "nobody", "--yes").code == 64


# Secrets


def test_without_a_keyring_a_secret_is_refused_and_kept_nowhere(trusting: GatewayProcess) -> None:
    ended = command(trusting, "secrets", "set", "TOKEN", stdin=b"s3cret-value")

    assert ended.code == 1
    assert "keyring" in ended.err
    assert "s3cret-value" not in ended.out + ended.err
    files = [file for file in trusting.home.rglob("*") if file.is_file()]
    assert [file for file in files if b"s3cret-value" in file.read_bytes()] == []


@pytest.mark.desktop
def test_with_a_keyring_a_secret_is_set_listed_and_removed(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        command(gateway, "servers", "add", "user", "--env", "T=${secret:OSTIARY_CLI_TEST}", "--", "prog")
        done = command(gateway, "secrets", "set", "OSTIARY_CLI_TEST", stdin=b"s3cret\n")
        kept = told(gateway, "secrets")
        removed = command(gateway, "secrets", "remove", "OSTIARY_CLI_TEST")

    assert (done.code, removed.code) == (0, 0)
    assert "ostiary servers restart user" in done.out
    assert [(secret["name"], secret["is_set"]) for secret in kept] == [("OSTIARY_CLI_TEST", True)]


# Calls


def call_a_tool(gateway: GatewayProcess) -> None:
    """Let a host call one tool of the file server through the shim."""
    opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    with started_shim(gateway.home, "--host", "cursor") as shim:
        answer_to(shim, _request(1, "initialize", opening))
        assert shim.stdin is not None
        shim.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        told = answer_to(shim, _request(2, "tools/call", {"name": "list_allowed_directories", "arguments": {}}))
        assert b'"id":2' in told.replace(b" ", b""), told


def _request(number: int, method: str, parameters: Mapping[str, object]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}).encode() + b"\n"


def test_a_call_is_shown_while_it_is_followed_and_afterwards(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        command(gateway, "servers", "enable", "files")
        with started(gateway.home, "log", "--follow", "--json", "--outcome", "ok") as following:
            call_a_tool(gateway)
            assert following.stdout is not None
            live = json.loads(following.stdout.readline())
        kept = [json.loads(row) for row in command(gateway, "log", "--json", "--host", "cursor").out.splitlines()]
        none = command(gateway, "log", "--json", "--text", "no such text").out

    assert (live["tool"], live["host"], live["outcome"]) == ("list_allowed_directories", "cursor", "ok")
    assert [(row["id"], row["outcome"]) for row in kept] == [(live["id"], "ok")]
    assert none == ""


def test_a_gateway_that_is_killed_ends_the_following_with_69(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        command(gateway, "servers", "enable", "files")
        call_a_tool(gateway)
        with started(gateway.home, "log", "--follow") as following:
            assert following.stdout is not None
            assert following.stderr is not None
            following.stdout.readline()
            gateway.process.kill()
            code = following.wait(DEADLINE_S)

            assert (code, following.stderr.read().startswith(b"ostiary: Ostiary ended.")) == (69, True)
        alone = command(gateway, "doctor")

    assert alone.code == 69
    assert "A gateway that was killed left it" in alone.out


# JSON


def test_every_change_gives_one_json_value(place: Household) -> None:
    changes = [
        *(("servers", verb, "files") for verb in ("enable", "restart", "disable", "output")),
        ("servers", "add", "n", "--", "prog"),
        ("servers", "remove", "n"),
        ("roots", "add", "/usr"),
        ("roots", "remove", "/usr"),
        *(("hosts", verb, "cursor", "--yes") for verb in ("connect", "disconnect")),
        ("quit",),
    ]
    with running_gateway(place, "--trust-cli") as gateway:
        config_of_cursor(gateway)
        for arguments in changes:
            ended = command(gateway, "--json", *arguments)
            assert ended.code == 0, (arguments, ended)
            assert isinstance(json.loads(ended.out), dict | str)


# Who may widen


WIDENING = [("servers", "enable", "files"), ("servers", "add", "n", "--", "prog"), ("roots", "add", "/usr")]


def test_without_window_and_without_trust_nothing_is_widened(place: Household) -> None:
    with running_gateway(place) as gateway:
        refused = [command(gateway, *arguments) for arguments in WIDENING]

        assert [ended.code for ended in refused] == [77, 77, 77]
        assert "--trust-cli" in refused[0].err
        assert (names(gateway), told(gateway, "servers")[0]["enabled"]) == (["files"], False)
        assert told(gateway, "roots") == []


def question(gateway: GatewayProcess) -> Question:
    """What the gateway asks the person next."""
    assert gateway.front is not None
    events = gateway.front.events(DEADLINE_S)
    return next(event.question for event in events if isinstance(event, QuestionOpened))


@pytest.mark.parametrize(("decision", "code"), [(Decision.ALLOW, 0), (Decision.DENY, 77)])
def test_with_a_window_the_person_decides_what_is_widened(place: Household, decision: Decision, code: int) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        gateway.front.ask(Subscribe())
        with started(gateway.home, "roots", "add", "/usr") as waiting:
            asked = question(gateway)
            gateway.front.ask(AnswerQuestion(id=asked.id, decision=decision))
            _, err = waiting.communicate(timeout=DEADLINE_S)
        roots = [root["path"] for root in told(gateway, "roots")]

    assert (waiting.returncode, asked.kind) == (code, QuestionKind.WIDEN)
    assert err.decode().startswith("Waiting for your answer in Ostiary…\n")
    assert roots == (["/usr"] if decision is Decision.ALLOW else [])


def test_a_command_that_is_interrupted_takes_its_question_back(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        gateway.front.ask(Subscribe())
        with started(gateway.home, "roots", "add", "/usr") as waiting:
            asked = question(gateway)
            waiting.send_signal(signal.SIGINT)
            closed = next(event for event in gateway.front.events(DEADLINE_S) if isinstance(event, QuestionClosed))
            code = waiting.wait(DEADLINE_S)

        assert closed == QuestionClosed(id=asked.id, end=QuestionEnd.WITHDRAWN)
        assert code == 130
        assert told(gateway, "roots") == []


# The end


def test_quit_returns_when_the_gateway_has_ended(place: Household) -> None:
    with running_gateway(place) as gateway:
        ended = command(gateway, "quit")
        code = gateway.process.wait(DEADLINE_S)
        again = command(gateway, "quit")

    assert (ended.code, ended.out, code) == (0, "Ostiary has ended.\n", 0)
    assert again.code == 69


def test_everything_works_under_a_home_too_long_for_a_socket(place: Household) -> None:
    home = place.ostiary / ("h" * 200)
    home.mkdir()
    with running_gateway(Household(home, place.person)) as gateway:
        assert command(gateway, "status").code == 0
        assert command(gateway, "quit").code == 0
