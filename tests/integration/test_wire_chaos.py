"""Several hosts and two servers of both generations, all misbehaving at once, around a real gateway.

Whatever they say: nothing of the gateway raises, no line bears what belongs to another host, no request is answered
twice, none is left without an answer, and every line that is written is valid in the revision of who hears it.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.chaos_host import LEGACY_VERSIONS, ChaosHost
from tests.support.chaos_house import SERVERS, ChaosHouse, Manners, chaos_house
from tests.support.chaos_lines import NONSENSE, settled
from tests.support.chaos_server import MODERN, PlayedServer

HOST_VERBS = ("call", "call", "call", "cancel", "reply", "come back", "babble", "subscribe", "list", "leave")
SERVER_VERBS = ("answer", "answer", "again", "strangely", "progress", "ask", "ask", "take back")
ODD_VERBS = ("ask badly", "greet", "change")
WRECKING_VERBS = ("babble", "cut", "die", "die amid a line")


@dataclass(frozen=True)
class Step:
    """Somebody does something: ``who`` and ``which`` are taken modulo how many there are."""

    verb: str
    who: int
    which: int
    kind: int

    async def play(self, house: ChaosHouse) -> None:
        side, verb = self.verb.split(": ")
        if side == "host":
            self._as_host(house, house.hosts[self.who % len(house.hosts)], verb)
        else:
            self._as_server(house.servers[tuple(SERVERS)[self.who % len(SERVERS)]], verb)
        await settled()

    def _as_host(self, house: ChaosHouse, host: ChaosHost, verb: str) -> None:
        match verb:
            case "call":
                host.call(tuple(SERVERS)[self.which % len(SERVERS)], self.kind)
            case "cancel" if host.asked:
                numbers = [n for n in host.asked if n not in host.cancelled and host.asked[n][0] != "initialize"]
                host.cancel(numbers[self.which % len(numbers)]) if numbers else None
            case "reply" if host.questions:
                host.reply(host.questions[self.which % len(host.questions)], self.kind)
            case "come back" if host.needed:
                foreign = [result for other in house.hosts if other is not host for _m, _p, result in other.needed]
                host.come_back(self.which % len(host.needed), self.kind, foreign)
            case "babble":
                host.write(NONSENSE[self.kind % len(NONSENSE)] + b"\n")
            case "subscribe" if host.modern:
                wanted = {"toolsListChanged": True, "resourceSubscriptions": ["old://x", "new://x"]}
                host.listen({"notifications": wanted})
            case "subscribe":
                host.ask("resources/subscribe", {"uri": ("old://x", "new://x", "none://x")[self.kind % 3]})
            case "list":
                host.ask(("tools/list", "resources/list", "prompts/list")[self.kind % 3], {})
            case "leave":
                host.leave()

    def _as_server(self, server: PlayedServer, verb: str) -> None:
        calls, answered = server.calls, server.answered
        match verb:
            case "answer" if calls:
                server.answer(calls[self.which % len(calls)], self.kind)
            case "again" if answered:
                calls.append(answered.pop(self.which % len(answered)))
                server.answer(calls[-1])
            case "strangely" if calls:
                server.answer_strangely(calls[self.which % len(calls)], self.kind)
            case "progress" if calls or answered:
                everything = [*calls, *answered]
                server.progress(everything[self.which % len(everything)], self.kind)
            case "ask" if calls:
                server.ask(calls[self.which % len(calls)], self.kind)
            case "ask badly" if calls:
                server.ask_badly(calls[self.which % len(calls)], self.kind)
            case "take back":
                server.take_back(self.kind)
            case "greet":
                server.greet_again()
            case "change":
                server.change(self.kind)
            case "babble":
                server.write(NONSENSE[self.kind % len(NONSENSE)] + b"\n")
            case "cut":
                server.write(b'{"jsonrpc":"2.0","id":')
            case "die":
                server.end()
            case "die amid a line":
                server.write(b'{"jsonrpc":"2.0","id":1,"res')
                server.end()


verbs = st.sampled_from(
    [f"host: {verb}" for verb in HOST_VERBS[:-1] * 2 + HOST_VERBS[-1:]]
    + [f"server: {verb}" for verb in SERVER_VERBS * 2 + ODD_VERBS + WRECKING_VERBS]
)
steps = st.builds(Step, verbs, st.integers(0, 3), st.integers(0, 5), st.integers(0, 39))
versions = st.lists(st.sampled_from((*LEGACY_VERSIONS, MODERN, MODERN)), min_size=2, max_size=3)
preludes = st.lists(st.sampled_from(NONSENSE), max_size=4).map(tuple)
manners = st.builds(Manners, preludes, st.sampled_from([*[False] * 9, True]))


async def conversation(said: list[Step], spoken: list[str], behaving: Manners) -> ChaosHouse:
    with tempfile.TemporaryDirectory() as folder:
        async with chaos_house(Path(folder), behaving) as house:
            for version in spoken:
                await house.host_arrives(version)
            for step in said:
                await step.play(house)
            await house.finish()
    return house


def check(said: list[Step], spoken: list[str], behaving: Manners) -> None:
    house = asyncio.run(conversation(said, spoken, behaving))
    assert house.faults == []
    assert [host.answers for host in house.hosts if any(times > 1 for times in host.answers.values())] == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=5, max_size=60), versions, manners)
def test_no_conversation_breaks_the_gateway_or_mixes_what_belongs_to_different_hosts(
    said: list[Step], spoken: list[str], behaving: Manners
) -> None:
    check(said, spoken, behaving)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=5, max_size=200), versions, manners)
def test_no_long_conversation_does_either(said: list[Step], spoken: list[str], behaving: Manners) -> None:
    check(said, spoken, behaving)
