"""``isolation = "per-host"``: each session's calls go to a process of its own, from its first call to its end."""

import json
import sys
from collections.abc import Iterator

import psutil
import pytest

from ostiary.control.client import connect
from ostiary.control.messages import DisableServer, EnableServer, TrustServer
from ostiary.domain.server import ServerState
from tests.support.asking_house import CHILD, ERAS
from tests.support.checked_host import ALL, CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.person import Person

ROOTS = {"result": {"roots": [{"uri": "file:///r", "name": "r"}]}}


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    """One server of each generation; how many processes they have stands in the settings."""
    with household() as place:
        servers = [
            {"name": f"own-{era}", "command": [sys.executable, CHILD, era], "isolation": "per-host"} for era in ERAS
        ]
        (place.ostiary / "config").mkdir(mode=0o700)
        (place.ostiary / "config" / "settings.json").write_text(json.dumps({"version": 1, "servers": servers}))
        with running_gateway(place, "--trust-cli") as running:
            with connect(str(place.ostiary)) as control:
                someone = Person(control)
                for era in ERAS:
                    someone.enable(f"own-{era}")
                    someone.do(TrustServer(name=f"own-{era}", trusted=True))
            yield running


@pytest.fixture
def someone(gateway: GatewayProcess) -> Iterator[Person]:
    with connect(str(gateway.home)) as control:
        yield Person(control)


def pid(host: CheckedHost, era: str) -> int:
    number = host.talk(f"{era}_pid").said
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize("host_era", ERAS)
@pytest.mark.parametrize("server_era", ERAS)
def test_each_session_has_its_own_process_until_it_ends(
    gateway: GatewayProcess, someone: Person, host_era: str, server_era: str
) -> None:
    shared = someone.server(f"own-{server_era}").pid
    with checked_host(gateway, host_era) as one, checked_host(gateway, host_era) as other:
        pids = pid(one, server_era), pid(other, server_era)
        assert pid(one, server_era) == pids[0]
        processes = [psutil.Process(number) for number in pids]
    assert len({shared, *pids}) == 3
    gone, alive = psutil.wait_procs(processes, timeout=20)
    assert (len(gone), alive) == (2, [])
    assert someone.server(f"own-{server_era}").pid == shared


def test_switching_a_server_off_ends_the_processes_of_its_sessions(gateway: GatewayProcess, someone: Person) -> None:
    with checked_host(gateway, "legacy") as host:
        process = psutil.Process(pid(host, "legacy"))
        someone.do(DisableServer(name="own-legacy"))
        assert not process.is_running()
        someone.do(EnableServer(name="own-legacy"))
        someone.server_in("own-legacy", ServerState.RUNNING)
        assert pid(host, "legacy") != process.pid


@pytest.mark.parametrize("host_era", ERAS)
def test_a_legacy_server_of_one_host_is_told_what_that_host_can_do(gateway: GatewayProcess, host_era: str) -> None:
    roots = {"listChanged": True} if host_era == "legacy" else {}
    with checked_host(gateway, host_era) as host, checked_host(gateway, host_era, {}) as plain:
        assert host.talk("legacy_declared").said == ALL | {"roots": roots}
        assert plain.talk("legacy_declared").said == {}
        assert host.talk("legacy_roots", ROOTS).said == [ROOTS]


def test_a_hosts_new_roots_are_told_to_its_own_servers(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host, checked_host(gateway, "legacy") as other:
        assert (host.talk("legacy_roots_changes").said, other.talk("legacy_roots_changes").said) == (0, 0)
        host.notify("notifications/roots/list_changed")
        assert (host.talk("legacy_roots_changes").said, other.talk("legacy_roots_changes").said) == (1, 0)
