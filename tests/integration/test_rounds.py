"""What servers ask hosts during a call, in all four pairings of old and new: every host hears it in its own way."""

from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.domain.call import Outcome
from ostiary.domain.server import ServerState
from tests.support.asking_house import ERAS, asking_house
from tests.support.checked_host import ALL, CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess
from tests.support.person import Person

APPS = "io.modelcontextprotocol/ui"
PAIRS = [pytest.param(host, server, id=f"{host}-host-{server}-server") for host in ERAS for server in ERAS]
YES: dict[str, Any] = {"result": {"action": "accept", "content": {"ok": True}}}
NO: dict[str, Any] = {"result": {"action": "decline"}}
SAID: dict[str, Any] = {
    "result": {"role": "assistant", "content": {"type": "text", "text": "said"}, "model": "m", "stopReason": "endTurn"}
}
ROOTS: dict[str, Any] = {"result": {"roots": [{"uri": "file:///r", "name": "r"}]}}
REFUSED: dict[str, Any] = {"error": {"code": -1, "message": "not today"}}


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with asking_house() as running:
        yield running


@pytest.fixture
def someone(gateway: GatewayProcess) -> Iterator[Person]:
    with connect(str(gateway.home)) as control:
        yield Person(control)


# Asked and answered


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_an_elicitation_reaches_the_host_and_its_answer_the_server(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    with checked_host(gateway, host_era) as host:
        talk = host.talk(f"{server_era}_ask", YES)
        declined = host.talk(f"{server_era}_ask", NO)
    (question,) = talk.asked
    assert (question["method"], question["params"]["message"]) == ("elicitation/create", "Sure?")
    assert talk.said == [YES]
    assert declined.said == [NO]


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_a_server_that_asks_twice_gets_both_answers_in_order(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    with checked_host(gateway, host_era) as host:
        assert host.talk(f"{server_era}_ask_twice", NO, YES).said == [NO, YES]


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_sampling_reaches_the_host_and_its_answer_the_server(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    with checked_host(gateway, host_era) as host:
        talk = host.talk(f"{server_era}_sample", SAID)
    assert [question["method"] for question in talk.asked] == ["sampling/createMessage"]
    assert talk.said == [SAID]


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_roots_reach_the_server_that_asks_within_a_call(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    with checked_host(gateway, host_era) as host:
        assert host.talk(f"{server_era}_roots", ROOTS).said == [ROOTS]


def test_a_legacy_hosts_refusal_reaches_a_legacy_server_as_it_is(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        assert host.talk("legacy_ask", REFUSED).said == [REFUSED]


def test_a_legacy_hosts_refusal_is_a_cancel_for_a_modern_servers_elicitation(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        assert host.talk("modern_ask", REFUSED).said == [{"result": {"action": "cancel"}}]


@pytest.mark.parametrize("tool", ["modern_sample", "modern_roots"])
def test_a_legacy_hosts_refusal_of_the_rest_ends_a_modern_servers_call(gateway: GatewayProcess, tool: str) -> None:
    with checked_host(gateway, "legacy") as host:
        talk = host.talk(tool, REFUSED)
    assert talk.answer["result"]["isError"] is True
    assert "not today" in talk.text


def test_a_modern_server_that_never_stops_asking_is_stopped_after_ten_rounds(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        talk = host.talk("modern_ask_for_ever", *[YES] * 10)
    assert talk.answer["result"]["isError"] is True
    assert "more than 10 times" in talk.text


def test_a_modern_server_that_only_wants_to_be_asked_later_is(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        assert host.talk("modern_later").said == "now"


# Capabilities


@pytest.mark.parametrize("host_era", ERAS)
def test_a_modern_server_is_told_what_its_host_can_do_and_we_relay(gateway: GatewayProcess, host_era: str) -> None:
    more: dict[str, Any] = {
        "tasks": {},
        "experimental": {"x": {}},
        "extensions": {"io.modelcontextprotocol/ui": {}, "x/y": {}},
    }
    with checked_host(gateway, host_era, ALL | more) as host, checked_host(gateway, host_era, {}) as plain:
        declared = host.talk("modern_declared").said
        nothing = plain.talk("modern_declared").said
    assert declared == {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}
    assert nothing == {}


def test_a_legacy_server_is_told_that_persons_can_be_asked_and_of_no_roots(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        assert host.talk("legacy_declared").said == {"elicitation": {"form": {}, "url": {}}}


def test_a_legacy_host_that_takes_no_questions_is_not_asked(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy", {}) as host:
        elicited, sampled = host.talk("legacy_ask").said[0], host.talk("legacy_sample").said[0]
    assert (elicited["error"]["code"], sampled["error"]["code"]) == (-32601, -1)


def test_a_modern_host_that_takes_no_questions_declines(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern", {}) as host:
        elicited, sampled = host.talk("legacy_ask").said[0], host.talk("legacy_sample").said[0]
    assert (elicited, sampled["error"]["code"]) == (NO, -1)


# Tickets


def parked(host: CheckedHost) -> tuple[dict[str, Any], dict[str, Any]]:
    params: dict[str, Any] = {"name": "legacy_ask", "arguments": {"n": 1}}
    return params, host.needed(host.start("tools/call", params))


def test_a_ticket_is_good_for_its_own_call_only_and_once(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host, checked_host(gateway, "modern") as other:
        params, needed = parked(host)
        state = needed["requestState"]
        wrong = [
            (other, params, needed),
            (host, params, needed | {"requestState": state[:-1] + ("A" if state[-1] != "A" else "B")}),
            (host, params | {"arguments": {"n": 2}}, needed),
            (host, params | {"name": "legacy_sample"}, needed),
        ]
        codes = [who.answer(who.come_back(what, state, YES["result"]))["error"]["code"] for who, what, state in wrong]
        right = host.answer(host.come_back(params, needed, YES["result"]))
        again = host.answer(host.come_back(params, needed, YES["result"]))
    assert codes == [-32602] * 4
    assert "result" in right
    assert again["error"]["code"] == -32602


def test_a_state_that_a_legacy_server_cannot_have_given_is_refused(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        number = host.come_back({"name": "legacy_pid"}, {"requestState": "made up", "inputRequests": {}}, {})
        assert host.answer(number)["error"]["code"] == -32602


def test_a_call_whose_host_comes_back_without_answers_asks_again(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        params, needed = parked(host)
        again = host.needed(host.start("tools/call", params | {"requestState": needed["requestState"]}))
        assert again["requestState"] != needed["requestState"]
        assert "result" in host.answer(host.come_back(params, again, YES["result"]))


def test_a_call_whose_host_leaves_is_given_up(gateway: GatewayProcess, someone: Person) -> None:
    with checked_host(gateway, "modern") as host:
        before = host.talk("legacy_cancelled").said
        parked(host)
    row = someone.row(Outcome.CANCELLED)
    with checked_host(gateway, "modern") as host:
        after = host.talk("legacy_cancelled").said
    assert (row.tool, len(after)) == ("legacy_ask", len(before) + 1)


# Faithfulness


def test_what_a_modern_server_needs_reaches_a_modern_host_to_the_letter(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        params = {"name": "modern_ask", "arguments": {}}
        needed = host.needed(host.start("tools/call", params))
        pid = host.talk("modern_pid").said
    assert list(needed["inputRequests"]) == ["q"]
    assert needed["requestState"] == f'{{"pid": {pid}, "replies": []}}'


def test_a_state_of_a_dead_process_is_an_error_that_the_host_sees(gateway: GatewayProcess, someone: Person) -> None:
    with checked_host(gateway, "modern") as host:
        params = {"name": "modern_ask", "arguments": {}}
        needed = host.needed(host.start("tools/call", params))
        host.talk("modern_die")
        while host.talk("modern_pid").answer.get("error"):
            someone.server_in("new", ServerState.RUNNING)
        answer = host.answer(host.come_back(params, needed, YES["result"]))
    assert "error" in answer


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_a_call_with_rounds_has_one_row(
    gateway: GatewayProcess, someone: Person, host_era: str, server_era: str
) -> None:
    before = len(someone.rows())
    with checked_host(gateway, host_era) as host:
        host.talk(f"{server_era}_ask_twice", YES, YES)
    row = someone.row(Outcome.OK)
    assert (row.tool, len(someone.rows())) == (f"{server_era}_ask_twice", before + 1)


# Pages


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_a_page_reaches_a_host_that_can_show_it(gateway: GatewayProcess, host_era: str, server_era: str) -> None:
    with checked_host(gateway, host_era) as host:
        talk = host.talk(f"{server_era}_visit", {"result": {"action": "accept"}})
        shown = talk.asked[0]["params"]
        told = host.told("notifications/elicitation/complete") if host_era == "legacy" else {}
    assert (shown["mode"], shown["url"]) == ("url", "https://example.org/x")
    assert talk.said == [{"result": {"action": "accept"}}]
    assert told.get("elicitationId") == shown.get("elicitationId")


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
def test_a_modern_server_hears_of_no_pages_where_the_host_knows_none(gateway: GatewayProcess, version: str) -> None:
    declared: dict[str, Any] = {"elicitation": {} if version == "2025-11-25" else {"form": {}, "url": {}}}
    with checked_host(gateway, "legacy", declared, version=version) as host:
        assert host.talk("modern_declared").said == {"elicitation": {"form": {}}}


def test_a_modern_host_visits_the_page_that_a_legacy_server_wants_first(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        talk = host.talk("legacy_page_first", {"result": {"action": "accept"}})
    assert talk.asked[0]["params"] == {"mode": "url", "message": "Visit", "url": "https://example.org/x"}
    assert talk.said == "visited"


def test_a_modern_host_that_does_not_visit_gets_an_error_that_it_knows(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        talk = host.talk("legacy_page_first", NO)
        code = talk.answer["error"]["code"]
        assert host.talk("legacy_page_first").said == "visited"
    assert code == -32603


def test_a_legacy_host_gets_the_page_as_its_revision_says_and_calls_again(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        first = host.talk("legacy_page_first").answer
        again = host.talk("legacy_page_first").said
        told = host.told("notifications/elicitation/complete")
    assert first["error"]["code"] == -32042
    assert (again, told) == ("visited", {"elicitationId": "page-2"})


# Attribution


@pytest.mark.parametrize("era", ERAS)
def test_a_question_that_could_be_several_hosts_is_put_to_none(gateway: GatewayProcess, era: str) -> None:
    """The server is new: its calls do not take turns yet."""
    with asking_house() as house, checked_host(house, era) as host, checked_host(house, era) as other:
        held = other.start("tools/call", {"name": "legacy_hold", "arguments": {}})
        other.talk("legacy_pid")  # the held call is on its way
        refused = host.talk("legacy_ask").said[0]
        assert refused["error"]["code"] == -32601
        other.cancel(held)
        assert host.talk("legacy_ask").said[0] == refused, "the server may still be at what was cancelled"


def test_calls_take_turns_once_a_server_asked(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host, checked_host(gateway, "legacy") as other:
        host.talk("legacy_ask", YES)
        asking = host.start("tools/call", {"name": "legacy_ask", "arguments": {}})
        question = host.question()
        waiting = other.start("tools/call", {"name": "legacy_ask", "arguments": {}})
        assert other.meanwhile() == []
        host.reply(question, YES)
        other.reply(other.question(), NO)
        answers = host.answer(asking), other.answer(waiting)
    assert [answer["result"]["content"][0]["text"].count("accept") for answer in answers] == [1, 0]


def test_a_host_that_cancels_takes_its_question_back(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        before = len(host.talk("legacy_cancelled").said)
        number = host.start("tools/call", {"name": "legacy_ask", "arguments": {}})
        question = host.question()
        host.cancel(number)
        taken_back = host.told("notifications/cancelled")
        after = len(host.talk("legacy_cancelled").said)
    assert taken_back["requestId"] == question["id"]
    assert after == before + 1


@pytest.mark.parametrize("era", ERAS)
def test_a_modern_server_that_asks_by_itself_is_not_answered(gateway: GatewayProcess, era: str) -> None:
    """Its hosts could not answer: a client writes no responses in 2026-07-28."""
    with checked_host(gateway, era) as host:
        assert host.talk("modern_ask_plainly").said == "asked"
        assert host.talk("modern_answers").said == []
        assert host.meanwhile() == []
