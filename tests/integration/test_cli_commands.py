"""Every command through the installed script: what it shows, its JSON, what it asks of the gateway, its exit code."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from ostiary.control import messages
from ostiary.control.messages import AddRoot, AddServer, Finding, RemoveRoot, SetSecret
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.root import RootMode
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
CHANGES = [
    (("servers", "enable", "notes"), "notes is starting"),
    (("servers", "disable", "files"), "files is off"),
    (("servers", "restart", "github"), "github is starting"),
    (("servers", "remove", "notes"), "notes was removed"),
    (("servers", "add", "new", "--", "prog"), "servers enable new"),
    (("hosts", "connect", "cursor", "--yes"), "Cursor: connected"),
    (("hosts", "disconnect", "claude-desktop", "--yes"), "Claude Desktop: not connected"),
    (("roots", "add", "/tmp"), "read and write  /tmp"),
    (("roots", "remove", "/home/robin/Documents"), "no longer approved"),
    (("secrets", "remove", "OLD_TOKEN"), "OLD_TOKEN was removed"),
    (("quit",), "Ostiary has ended"),
]


@pytest.mark.parametrize(("arguments", "shown"), [*LOOKS, *CHANGES])
def test_a_command_shows_its_result_as_text_without_colour_off_a_terminal(
    home: Path, arguments: tuple[str, ...], shown: str
) -> None:
    ended = run(home, *arguments)

    assert (ended.code, shown in ended.out) == (0, True), ended
    assert ESCAPE not in ended.out + ended.err


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in (*LOOKS, *CHANGES) if arguments != ("log",)])
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


def test_adding_a_server_shows_the_whole_command_and_passes_it_on_unchanged(home: Path, gateway: FakeControl) -> None:
    command = ("/opt/a b/prog", "--env", "X", "--", "-y", "--json", "a" * 300, "")

    ended = run(
        home, "servers", "add", "new", "--title", "New", "--env", "A=${secret:T}", "--env", "B=", "--", *command
    )

    wish = next(asked for asked in gateway.asked if isinstance(asked, AddServer))
    assert wish == AddServer(name="new", title="New", environment={"A": "${secret:T}", "B": ""}, command=command)
    assert f"'/opt/a b/prog' --env X -- -y --json {'a' * 300} ''" in ended.err


def test_a_folder_is_sent_absolute_with_its_mode(home: Path, gateway: FakeControl, tmp_path: Path) -> None:
    run(home, "roots", "add", "docs", "--read-only", cwd=tmp_path)
    run(home, "roots", "add", "docs", cwd=tmp_path)

    wishes = [asked for asked in gateway.asked if isinstance(asked, AddRoot)]
    assert [(wish.path, wish.mode) for wish in wishes] == [
        (str(tmp_path / "docs"), RootMode.READ_ONLY),
        (str(tmp_path / "docs"), RootMode.READ_WRITE),
    ]


def test_a_folder_is_removed_by_the_real_path_behind_a_link(home: Path, gateway: FakeControl, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone", target_is_directory=True)

    run(home, "roots", "remove", "link", cwd=tmp_path)

    assert RemoveRoot(path=str(tmp_path / "gone")) in gateway.asked


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


def test_off_a_terminal_a_host_file_is_changed_only_with_yes(home: Path, gateway: FakeControl) -> None:
    ended = run(home, "hosts", "connect", "cursor", stdin=b"y\n")

    assert ended.code == 77
    assert '+    "ostiary": {' in ended.out
    assert "--yes" in ended.err
    assert not any(isinstance(asked, messages.ApplyHostChange) for asked in gateway.asked)


@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_dry_run_never_writes(home: Path, gateway: FakeControl, more: tuple[str, ...]) -> None:
    ended = run(home, "hosts", "connect", "cursor", "--dry-run", *more)

    assert ended.code == 0
    assert not any(isinstance(asked, messages.ApplyHostChange) for asked in gateway.asked)


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
        said += [run(tmp_path, "servers", "enable", ugly), run(tmp_path, ugly)]

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


def test_an_error_of_the_gateway_ends_with_its_own_code(tmp_path: Path) -> None:
    with FakeControl(tmp_path, refusal=UsageError("There is no such folder", "Check the path.")):
        ended = run(tmp_path, "roots", "add", "/does/not/exist")

    assert (ended.code, ended.err) == (64, "ostiary: There is no such folder. Check the path.\n")
