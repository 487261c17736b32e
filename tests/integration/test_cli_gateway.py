"""The commands and the real gateway: what a person types is what happens, and what they are told is what is there."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.shared_gateway import place as place

NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
"""A session without a keyring, whatever the test itself runs in."""

EMPTY_CONFIG = b'{\n  "mcpServers": {}\n}\n'


@pytest.fixture(scope="module")
def trusting() -> Iterator[GatewayProcess]:
    """One gateway for all tests that leave nothing behind; it trusts commands."""
    with household() as place, running_gateway(place, "--trust-cli", environment=NO_BUS) as gateway:
        yield gateway


def names(gateway: GatewayProcess) -> list[object]:
    return [server["name"] for server in gateway.listed("servers")]


def config_of_cursor(gateway: GatewayProcess) -> Path:
    file = gateway.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(EMPTY_CONFIG)
    return file


# Looking


@pytest.mark.parametrize("name", ["status", "servers", "hosts", "roots", "secrets"])
def test_what_is_there_is_shown_as_text_and_as_json(trusting: GatewayProcess, name: str) -> None:
    as_text, as_json = trusting.run(name), trusting.run(name, "--json")

    assert (as_text.code, as_text.err, as_json.code) == (0, "", 0)
    assert as_text.out
    assert json.loads(as_json.out) is not None


def test_the_doctor_tells_that_no_window_is_attached_and_fails_for_want_of_a_keyring(trusting: GatewayProcess) -> None:
    ended = trusting.run("doctor", "--json")

    found = {finding["code"]: finding for finding in json.loads(ended.out)}
    assert ended.code == 1
    assert "No window is attached" in found["front"]["sentence"]
    assert [found[code]["ok"] for code in ("front", "keyring", "shim")] == [True, False, True]
    assert "The tray application does not run" in found["tray"]["sentence"]


def test_the_doctor_tells_which_program_a_host_starts_and_that_it_is_gone(trusting: GatewayProcess) -> None:
    file = config_of_cursor(trusting)
    try:
        assert trusting.run("hosts", "connect", "cursor", "--yes").code == 0
        program = json.loads(file.read_bytes())["mcpServers"]["ostiary"]["command"]
        good = program_finding(trusting)
        assert (good["ok"], good["sentence"]) == (True, f"Cursor is told to start {program}.")
        file.write_text(file.read_text().replace(program, "/nowhere/ostiary-connect"))
        gone = program_finding(trusting)
        assert (gone["ok"], gone["action"]) == (False, "Connect Cursor again.")
        assert "/nowhere/ostiary-connect" in gone["sentence"]
    finally:
        trusting.run("hosts", "disconnect", "cursor", "--yes")
        shutil.rmtree(file.parent)


def program_finding(gateway: GatewayProcess) -> dict[str, Any]:
    found = json.loads(gateway.run("doctor", "--json").out)
    return next(finding for finding in found if finding["code"] == "host.cursor.program")


def test_a_report_is_written_for_the_person_alone_without_their_paths(trusting: GatewayProcess, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    ended = trusting.run("doctor", "--report", str(file))

    told = file.read_text()
    assert (ended.code, file.stat().st_mode & 0o777) == (0, 0o600)
    assert "▲ keyring: " in told
    assert "● shim: " in told
    assert str(trusting.household.person) not in told


@pytest.mark.parametrize("arguments", [("doctor", "--report"), ("hosts", "bundle", "--out")], ids=" ".join)
@pytest.mark.parametrize("place", ["/", "file/below", "missing/below", "."])
def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left_beside_it(
    trusting: GatewayProcess, tmp_path: Path, arguments: tuple[str, ...], place: str
) -> None:
    (tmp_path / "file").touch()
    ended = trusting.run(*arguments, place, cwd=tmp_path)
    assert ended.code == 64, ended
    assert "cannot be written" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# Servers


def test_a_server_that_is_enabled_runs_when_the_command_ends(trusting: GatewayProcess) -> None:
    enabled = trusting.run("servers", "enable", "files")
    shown = trusting.run("servers").out
    restarted = trusting.run("servers", "restart", "files", "--json")
    output = trusting.run("servers", "output", "files")
    disabled = trusting.run("servers", "disable", "files")

    assert (enabled.code, enabled.out) == (0, "● files is running.\n")
    assert "● running" in shown
    assert (restarted.code, json.loads(restarted.out)["state"]) == (0, "running")
    assert output.code == 0
    assert (disabled.code, disabled.out) == (0, "○ files is off.\n")


def test_a_server_is_added_off_with_its_exact_command_and_removed_again(trusting: GatewayProcess) -> None:
    program = ("/opt/a b/prog", "--json", "--", "-y", "x" * 300, "")

    added = trusting.run("servers", "add", "mine", "--title", "My own", "--env", "A=b=c", "--", *program)
    kept = next(server for server in trusting.listed("servers") if server["name"] == "mine")
    removed = trusting.run("servers", "remove", "mine")

    assert added.code == removed.code == 0
    assert f"  '/opt/a b/prog' --json -- -y {'x' * 300} ''\n" in added.err
    assert (kept["command"], kept["title"], kept["enabled"]) == (list(program), "My own", False)
    assert "mine" not in names(trusting)


def test_a_server_whose_program_fails_makes_enable_fail(trusting: GatewayProcess) -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('\\x1b]0;no licence')")
    trusting.run("servers", "add", "failing", "--", *failing)

    ended = trusting.run("servers", "enable", "failing")
    output = trusting.run("servers", "output", "failing")
    trusting.run("servers", "remove", "failing")

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
    before = names(trusting)
    ended = trusting.run("servers", *arguments)

    assert (ended.code, ended.out) == (64, ""), ended
    assert names(trusting) == before


# Folders


def test_a_folder_is_approved_with_its_mode_and_taken_back(trusting: GatewayProcess) -> None:
    docs = trusting.household.person / "docs"
    docs.mkdir()

    trusting.run("roots", "add", "docs", "--read-only", cwd=docs.parent)
    reading = trusting.listed("roots")
    trusting.run("roots", "add", str(docs))
    writing = trusting.listed("roots")
    docs.rmdir()
    removed = trusting.run("roots", "remove", str(docs))

    assert [(root["path"], root["mode"]) for root in reading + writing] == [(str(docs), "ro"), (str(docs), "rw")]
    assert removed.code == 0
    assert trusting.listed("roots") == []


@pytest.mark.parametrize("arguments", [("add", "/does/not/exist"), ("remove", "/does/not/exist"), ("add", "/dev/null")])
def test_a_path_that_is_no_folder_ends_with_64(trusting: GatewayProcess, arguments: tuple[str, ...]) -> None:
    ended = trusting.run("roots", *arguments)

    assert (ended.code, ended.out) == (64, ""), ended
    assert trusting.listed("roots") == []


# Hosts


def test_a_host_is_connected_only_with_yes_and_disconnected_byte_for_byte(trusting: GatewayProcess) -> None:
    file = config_of_cursor(trusting)

    dry = trusting.run("hosts", "connect", "cursor", "--dry-run", "--yes")
    unasked = trusting.run("hosts", "connect", "cursor", stdin=b"y\n")
    assert (dry.code, unasked.code, file.read_bytes()) == (0, 77, EMPTY_CONFIG)
    assert '+    "ostiary": {' in dry.out

    connected = trusting.run("hosts", "connect", "cursor", "--yes")
    again = trusting.run("hosts", "connect", "cursor", "--yes")
    assert (connected.code, again.code) == (0, 0)
    assert json.loads(file.read_bytes())["mcpServers"]["ostiary"]["args"][:2] == ["--host", "cursor"]
    assert "Nothing to change" in again.out

    disconnected = trusting.run("hosts", "disconnect", "cursor", "--yes")
    assert (disconnected.code, file.read_bytes()) == (0, EMPTY_CONFIG)


def test_with_json_the_plan_and_the_host_are_given(trusting: GatewayProcess) -> None:
    config_of_cursor(trusting)

    planned = json.loads(trusting.run("hosts", "connect", "cursor", "--dry-run", "--json").out)
    connected = json.loads(trusting.run("hosts", "connect", "cursor", "--yes", "--json").out)

    assert (planned["host"], connected["name"], connected["state"]) == ("cursor", "cursor", "connected")


def test_a_host_file_that_does_not_parse_is_left_alone(trusting: GatewayProcess) -> None:
    file = config_of_cursor(trusting)
    file.write_bytes(b'{\n  "mcpServers": {,}\n}\n')

    ended = trusting.run("hosts", "connect", "cursor", "--yes")

    assert ended.code == 1
    assert "line 2" in ended.err.lower()
    assert file.read_bytes() == b'{\n  "mcpServers": {,}\n}\n'


def test_an_unknown_host_ends_with_64(trusting: GatewayProcess) -> None:
    assert trusting.run("hosts", "connect", "nobody", "--yes").code == 64


# Secrets


def test_without_a_keyring_a_secret_is_refused_and_kept_nowhere(trusting: GatewayProcess) -> None:
    ended = trusting.run("secrets", "set", "TOKEN", stdin=b"s3cret-value")

    assert ended.code == 1
    assert "keyring" in ended.err
    assert "s3cret-value" not in ended.out + ended.err
    files = [file for file in trusting.home.rglob("*") if file.is_file()]
    assert [file for file in files if b"s3cret-value" in file.read_bytes()] == []


@pytest.mark.desktop
def test_with_a_keyring_a_secret_is_set_listed_and_removed(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        gateway.run("servers", "add", "user", "--env", "T=${secret:OSTIARY_CLI_TEST}", "--", "prog")
        done = gateway.run("secrets", "set", "OSTIARY_CLI_TEST", stdin=b"s3cret\n")
        kept = gateway.listed("secrets")
        removed = gateway.run("secrets", "remove", "OSTIARY_CLI_TEST")

    assert (done.code, removed.code) == (0, 0)
    assert "ostiary servers restart user" in done.out
    assert [(secret["name"], secret["is_set"]) for secret in kept] == [("OSTIARY_CLI_TEST", True)]


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
            ended = gateway.run("--json", *arguments)
            assert ended.code == 0, (arguments, ended)
            assert isinstance(json.loads(ended.out), dict | str)
