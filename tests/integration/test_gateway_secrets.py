"""A secret goes from the keyring to the server that refers to it, and is written and shown nowhere else."""

import hashlib
from pathlib import Path

import psutil
import pytest

from ostiary.control.messages import EnableServer, GetCall, RestartServer, SetSecret
from ostiary.domain.call import Outcome
from ostiary.domain.events import Secrets
from ostiary.domain.server import ServerState
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import line_host
from tests.support.person import Person, define, person_at, tool
from tests.support.secret_service import put_keyring, secret_service
from tests.support.shared_gateway import place as place

pytestmark = pytest.mark.desktop

VALUE = "correct-horse-battery-staple-77"
DIGEST = hashlib.sha256(VALUE.encode()).hexdigest()


def at_the_front_of(gateway: GatewayProcess) -> Person:
    """The person, who has added a server that needs the secret."""
    person = person_at(gateway)
    tools = define(gateway.household.person / "tools.json", [tool("digest"), tool("blab")])
    person.add("needy", tools, environment={"TOKEN": "${secret:TOKEN}"})
    return person


def called(gateway: GatewayProcess, person: Person, name: str) -> str:
    """What a host hears from a tool of the server, in a session of its own; the person allows the call."""
    with line_host(gateway) as host:
        number = host.call(name)
        person.allow(person.question())
        text: str = host.answer(number)["result"]["content"][0]["text"]
        return text


def files_with_the_secret(place: Household) -> list[Path]:
    folders = (place.ostiary, place.person)
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if VALUE.encode() in file.read_bytes()]


def test_a_secret_reaches_its_server_and_no_file_log_argument_or_host_configuration(
    place: Household, tmp_path: Path
) -> None:
    (place.person / ".cursor").mkdir()
    with (
        secret_service(tmp_path, unlocked=True) as bus,
        running_gateway(place, front=True, environment={"DBUS_SESSION_BUS_ADDRESS": bus}) as gateway,
    ):
        person = at_the_front_of(gateway)
        person.do(SetSecret(name="TOKEN", value=VALUE))
        server = person.enable("needy")
        connected = gateway.run("hosts", "connect", "cursor", "--yes")

        digest = called(gateway, person, "digest")
        row = person.row(Outcome.OK)
        blabbed = called(gateway, person, "blab")
        detail = str(person.do(GetCall(id=person.row(Outcome.OK).id)))
        processes = [psutil.Process(gateway.process.pid), *psutil.Process(gateway.process.pid).children(recursive=True)]
        arguments = str([process.cmdline() for process in processes])
        others = str([process.environ() for process in processes if process.pid != server.pid])
        output = gateway.run("servers", "output", "needy").out
        own_log = (place.ostiary / "logs" / "ostiary.log").read_text()

    assert (connected.code, row.tool, digest) == (0, "digest", DIGEST)
    assert VALUE in blabbed, "the host hears what the server says, to the letter"
    assert "signing in with" in output
    assert "noise with" in own_log
    for place_of_it in (detail, arguments, others, output):
        assert VALUE not in place_of_it
    assert files_with_the_secret(place) == []


def test_a_locked_keyring_holds_up_the_server_that_needs_it_alone_until_it_is_unlocked(
    place: Household, tmp_path: Path
) -> None:
    with (
        secret_service(tmp_path, unlocked=False) as bus,
        running_gateway(place, front=True, environment={"DBUS_SESSION_BUS_ADDRESS": bus}) as gateway,
    ):
        person = at_the_front_of(gateway)
        person.approve(place.person / "docs")
        person.do(EnableServer(name="needy"))
        failed = person.server_in("needy", ServerState.BACKOFF, ServerState.FATAL)
        person.enable("files")
        with line_host(gateway) as host:
            served = host.ended("list_directory", path=str(place.person / "docs"))
        put_keyring(tmp_path, bus, unlocked=True)
        person.do(SetSecret(name="TOKEN", value=VALUE))
        person.see(lambda event: isinstance(event, Secrets) and [view.is_set for view in event.secrets] == [True])
        person.do(RestartServer(name="needy"))
        person.server_in("needy", ServerState.RUNNING)

        assert "lock" in failed.error.lower()
        assert not served[0]
        assert called(gateway, person, "digest") == DIGEST
