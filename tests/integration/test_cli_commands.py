"""What the commands show and refuse where a real gateway cannot be brought to it at will.

What they do to a real one is ``test_cli_gateway``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from ostiary.control import messages
from ostiary.control.messages import Finding, RemoveRoot, SetSecret
from ostiary.domain.errors import RefusedError
from ostiary.domain.server import ServerState
from tests.support import fake_world
from tests.support.commands import run
from tests.support.fake_control import FakeControl

ESCAPE = "\x1b"


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[FakeControl]:
    with FakeControl(tmp_path) as listening:
        yield listening


@pytest.fixture
def home(tmp_path: Path, gateway: FakeControl) -> Path:
    """The home of a gateway that listens."""
    return tmp_path


LOOKS = [
    (("status",), "running, for 2 h"),
    (("servers",), "● running"),
    (("servers", "list"), "▲ problem"),
    (("servers", "output", "github"), "401 Bad credentials"),
    (("hosts",), "claude-desktop"),
    (("hosts", "list"), "Line 14 of its file"),
    (("hosts", "connect", "cursor", "--dry-run"), '+    "ostiary": {'),
    (("roots",), "/home/robin/Documents"),
    (("roots", "list"), "The folder is not there."),
    (("secrets",), "GITHUB_TOKEN"),
    (("secrets", "list"), "not set"),
    (("log",), "read_text_file"),
    (("doctor",), "The keyring is unlocked."),
]


@pytest.mark.parametrize(("arguments", "shown"), LOOKS)
def test_a_command_shows_its_result_as_text_without_colour_off_a_terminal(
    home: Path, arguments: tuple[str, ...], shown: str
) -> None:
    ended = run(home, *arguments)

    assert (ended.code, shown in ended.out) == (0, True), ended
    assert ESCAPE not in ended.out + ended.err


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in LOOKS if arguments != ("log",)])
def test_with_json_a_command_prints_one_json_value_and_nothing_else(home: Path, arguments: tuple[str, ...]) -> None:
    ended = run(home, "--json", *arguments)

    assert ended.code == 0, ended
    assert json.loads(ended.out) is not None


def test_options_for_all_commands_may_stand_before_and_after_the_name(home: Path) -> None:
    before = run(Path("/nonexistent"), "--home", str(home), "--json", "roots", "list")
    after = run(Path("/nonexistent"), "roots", "list", "--json", "--home", str(home))

    assert json.loads(before.out) == json.loads(after.out)
    assert before.code == after.code == 0


def test_status_tells_what_happens_to_writes_while_nobody_can_be_asked(home: Path) -> None:
    assert "writes which would ask are denied" in run(home, "status").out


def test_the_json_of_status_has_the_names_of_the_control_protocol(home: Path) -> None:
    told = json.loads(run(home, "status", "--json").out)

    assert set(told) == set(messages.Status.__struct_fields__)
    assert [server["name"] for server in told["servers"]] == ["files", "github", "weather", "notes"]


def test_a_server_that_does_not_start_makes_the_command_fail(home: Path, gateway: FakeControl) -> None:
    gateway.start_as = ServerState.FATAL

    ended = run(home, "servers", "enable", "notes")

    assert ended.code == 1
    assert "notes is problem" in ended.out


def test_a_folder_is_removed_as_it_is_named(home: Path, gateway: FakeControl, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone", target_is_directory=True)

    run(home, "roots", "remove", "link", cwd=tmp_path)

    assert RemoveRoot(path=str(tmp_path / "link")) in gateway.asked


@pytest.mark.parametrize("typed", [b"s3cret", b"s3cret\n", b"s3cret\r\n"])
def test_a_secret_comes_from_stdin_without_its_last_newline(home: Path, gateway: FakeControl, typed: bytes) -> None:
    ended = run(home, "secrets", "set", "GITHUB_TOKEN", stdin=typed)

    assert SetSecret(name="GITHUB_TOKEN", value="s3cret") in gateway.asked
    assert ended.code == 0
    assert "ostiary servers restart github" in ended.out
    assert "s3cret" not in ended.out + ended.err


def test_the_inner_newlines_of_a_secret_are_kept(home: Path, gateway: FakeControl) -> None:
    run(home, "secrets", "set", "KEY", stdin=b"-----BEGIN\nx\n-----END\n\n")

    assert SetSecret(name="KEY", value="-----BEGIN\nx\n-----END\n") in gateway.asked


@pytest.mark.parametrize("typed", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_value_that_is_no_text_is_refused_and_not_repeated(home: Path, gateway: FakeControl, typed: bytes) -> None:
    ended = run(home, "secrets", "set", "KEY", stdin=typed)

    assert ended.code == 64
    assert not any(isinstance(asked, SetSecret) for asked in gateway.asked)
    assert "Traceback" not in ended.err
    assert "xxx" not in ended.err


def test_a_secret_cannot_be_given_as_an_argument(home: Path) -> None:
    assert run(home, "secrets", "set", "KEY", "value").code == 64


def test_exactly_the_change_that_was_shown_is_made(home: Path, gateway: FakeControl) -> None:
    shown = json.loads(run(home, "hosts", "connect", "cursor", "--dry-run", "--json").out)

    run(home, "hosts", "connect", "cursor", "--yes")

    made = next(asked.change for asked in gateway.asked if isinstance(asked, messages.ApplyHostChange))
    assert (made.token, made.diff) == (shown["token"], shown["diff"])


def test_a_host_file_that_cannot_be_changed_safely_makes_the_command_fail(home: Path) -> None:
    ended = run(home, "hosts", "connect", "zed", "--yes")

    assert ended.code == 1
    assert "Line 14" in ended.err


def test_the_doctor_fails_when_it_found_something(home: Path, gateway: FakeControl) -> None:
    gateway.findings = (Finding(code="keyring", ok=False, sentence="The keyring is locked.", action="Unlock it."),)

    ended = run(home, "doctor")

    assert ended.code == 1
    assert "▲ The keyring is locked.\n  Unlock it." in ended.out


WIDENING = [("servers", "enable", "notes"), ("servers", "add", "n", "--", "p"), ("roots", "add", "/tmp")]


@pytest.mark.parametrize("arguments", WIDENING)
def test_a_refusal_of_what_widens_is_told_with_its_reason(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with FakeControl(tmp_path, front=True, refusal=RefusedError("Denied", "You said no.")):
        ended = run(tmp_path, *arguments)

    assert ended.code == 77
    assert "Waiting for your answer in Ostiary…\nostiary: Denied. You said no." in ended.err


@pytest.mark.parametrize("arguments", WIDENING)
def test_without_a_window_nobody_is_told_to_wait(home: Path, arguments: tuple[str, ...]) -> None:
    assert "Waiting" not in run(home, *arguments).err


def test_what_does_not_widen_never_waits_for_the_person(tmp_path: Path) -> None:
    with FakeControl(tmp_path, front=True, refusal=RefusedError("Denied")):
        ended = run(tmp_path, "servers", "disable", "files")

    assert (ended.code, ended.err) == (0, "")


def test_names_from_servers_and_hosts_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    ugly = f"{ESCAPE}]0;owned\x07\u202e\x9b31m"
    world = fake_world.lived_in()
    world.servers.append(fake_world.added(ugly, ugly, (ugly,)))
    world.calls.append(replace(fake_world.call(4), item=ugly, host=ugly, server=ugly, tool=ugly))
    with FakeControl(tmp_path, world) as gateway:
        gateway.findings = (Finding(code="x", ok=False, sentence=ugly, action=ugly),)
        said = [run(tmp_path, *arguments) for arguments in (("servers",), ("status",), ("log",), ("doctor",))]
        said += [run(tmp_path, "log", "--json"), run(tmp_path, "servers", "--json")]
        said += [run(tmp_path, "servers", "enable", ugly), run(tmp_path, "servers", "restart", f"no{ugly}")]
        said += [run(tmp_path, "servers", "add", f"a{ugly}", "--", ugly), run(tmp_path, ugly)]

    for ended in said:
        assert not set(ugly) & {ESCAPE, "\x07", "\u202e", "\x9b"} & set(ended.out + ended.err), ended
    assert "␛]0;owned␇⟨U+202E⟩⟨U+009B⟩31m" in said[0].out


BAD = [
    ("no-such-command",),
    ("servers", "explode"),
    ("servers", "enable"),
    ("servers", "add", "n"),
    ("servers", "add", "n", "--"),
    ("servers", "add", "n", "--env", "X", "--", "p"),
    ("hosts", "connect"),
    ("roots", "add"),
    ("roots", "add", "/a", "/b"),
    ("log", "--outcome", "splendid"),
    ("log", "--limit", "0"),
    ("log", "--limit", "many"),
    ("status", "--headless"),
    ("status", "--js"),
    ("servers", "enable", "no-such-server"),
    ("hosts", "connect", "no-such-host"),
]


@pytest.mark.parametrize("arguments", BAD)
def test_arguments_that_make_no_sense_end_with_64_and_a_sentence(home: Path, arguments: tuple[str, ...]) -> None:
    ended = run(home, *arguments)

    assert (ended.code, ended.out) == (64, "")
    assert ended.err.startswith(("ostiary: ", "n is to run")), ended.err
    assert "Traceback" not in ended.err


def test_a_path_that_is_not_utf8_is_refused_with_a_sentence(home: Path) -> None:
    ended = run(home, "roots", "add", "/tmp/\udcff")

    assert ended.code == 64
    assert "not valid text" in ended.err
