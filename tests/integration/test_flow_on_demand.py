"""Servers that start when they are needed and stop when they are not: hosts see the same lists all the time."""

import json
import sys

from ostiary.control.client import connect
from ostiary.control.messages import ConfigureServer
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerState
from tests.support.flow_house import CHILD, flow_server, report
from tests.support.flow_house import host as host
from tests.support.flow_house import house as house
from tests.support.flow_house import someone as someone
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person

SHORT = Flow(start=StartChoice.ON_DEMAND, idle_stop_s=0.2)
LONG = Flow(start=StartChoice.ON_DEMAND, idle_stop_s=600)


def test_an_idle_server_is_stopped_and_started_by_the_next_call_unseen_by_hosts(
    host: LineHost, someone: Person
) -> None:
    with flow_server(someone, SHORT):
        tools = host.tools()
        assert someone.server_in("slow", ServerState.IDLE).pid is None
        host.meanwhile()
        assert host.tools() == tools
        first, second = report(host)["pid"], None
        someone.server_in("slow", ServerState.IDLE)
        second = report(host)["pid"]
        assert first != second
        assert host.meanwhile() == []


def test_a_server_with_a_call_or_a_subscription_is_not_idle(host: LineHost, someone: Person) -> None:
    with flow_server(someone, SHORT), flow_server(someone, SHORT, "other", "extra"):
        asked = host.call("hold", tag="a")
        assert host.ended("extra")[0] is False
        someone.server_in("other", ServerState.IDLE)  # which began to be idle later
        pid = someone.server_in("slow", ServerState.RUNNING).pid
        host.result("resources/subscribe", {"uri": "flow://x"})
        host.cancel(asked)
        assert host.ended("extra")[0] is False
        someone.server_in("other", ServerState.IDLE)
        assert someone.server("slow").pid == pid
        host.result("resources/unsubscribe", {"uri": "flow://x"})
        someone.server_in("slow", ServerState.IDLE)


def test_a_subscription_starts_a_server_that_rests(host: LineHost, someone: Person) -> None:
    with flow_server(someone, SHORT):
        someone.server_in("slow", ServerState.IDLE)
        host.result("resources/subscribe", {"uri": "flow://x"})
        assert someone.server("slow").state is ServerState.RUNNING


def test_the_choice_counts_at_once_both_ways(host: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow()):
        someone.do(ConfigureServer(name="slow", flow=SHORT))
        someone.server_in("slow", ServerState.IDLE)
        someone.do(ConfigureServer(name="slow", flow=Flow()))
        someone.server_in("slow", ServerState.RUNNING)


def test_after_a_start_of_ostiary_a_known_server_rests_and_is_offered_all_the_same() -> None:
    with household() as place:
        with running_gateway(place, "--trust-cli") as running:
            command = ("--start", "on-demand", "--", sys.executable, "-S", "-E", CHILD)
            assert running.run("servers", "add", "slow", *command).code == 0
            assert running.run("servers", "enable", "slow").code == 0
        with running_gateway(place, "--trust-cli") as running, line_host(running) as host:
            with connect(str(running.home)) as control:
                assert Person(control).server("slow").state is ServerState.IDLE
            assert "echo" in host.tools()
            listed = json.loads(running.run("servers", "set", "slow", "--json").out)
            assert (listed["state"], listed["flow"]["start"]) == ("idle", "on-demand")


def test_the_command_shows_and_changes_what_was_given_and_nothing_else(
    house: tuple[GatewayProcess, Person], someone: Person
) -> None:
    def servers(*arguments: str) -> tuple[int, str]:
        ended = house[0].run("servers", "set", "slow", *arguments)
        return ended.code, ended.out

    with flow_server(someone, Flow(running=3)):
        code, shown = servers("--timeout", "60", "--tool-timeout", "hold=5", "--idle-minutes", "1.5")
        assert code == 0
        assert shown.splitlines() == [
            "processes  one for all hosts",
            "starts     when it is switched on",
            "calls      3 at a time, 256 wait",
            "timeout    60 s without a word, 3600 s with progress",
            "           5 s for hold",
        ]
        servers("--isolation", "per-host", "--tool-timeout", "hold=0")
        view = someone.server("slow")
        assert (view.isolation, view.flow) == (Isolation.PER_HOST, Flow(running=3, timeout_s=60, idle_stop_s=90))
        assert servers("--running", "0")[0] != 0
        assert all(servers("--tool-timeout", wrong)[0] != 0 for wrong in ("hold", "60", "=60"))
        assert someone.server("slow").flow == view.flow
