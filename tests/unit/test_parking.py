"""Calls that wait for their host to come back: what it finds then, and what happens when it never does."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ostiary.gateway.asking import Asked, Ended, RefusedRequestError
from ostiary.gateway.inquiry import ELICIT, SAMPLE, Inquiry, Reply
from ostiary.gateway.parking import PARKED_LIMIT, ModernHostEnd, Parking

DEADLINE_S = 20.0
FORM = Inquiry(ELICIT, b'{"message":"Sure?","requestedSchema":{"type":"object","properties":{}}}')
SAMPLING = Inquiry(SAMPLE, b'{"messages":[],"maxTokens":1}')
CAPABILITIES: dict[str, Any] = {"elicitation": {"form": {}}, "sampling": {}}
YES = {"action": "accept"}


class Visit:
    """A host with one call under way. What it heard of each of its requests, oldest first."""

    def __init__(self, parking: Parking, session: int = 1) -> None:
        self.parking = parking
        self.heard: list[Any] = []
        self.cancelled: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.end = ModernHostEnd(parking, session, asked(), self.hear)
        self.end.cancel = self.cancelled.set_result

    def hear(self, ended: Ended) -> None:
        self.heard.append(json.loads(ended.result or b"null"))

    def come_back(self, **responses: Any) -> None:
        """With the newest state, and these answers."""
        again = asked(requestState=self.heard[-1]["requestState"], inputResponses=responses)
        call = self.parking.take(1, again)
        assert call is self.end
        call.resume(again, self.hear)


def asked(**more: Any) -> Asked:
    params = {"name": "t", "arguments": {"n": 1}, **more}
    return Asked("tools/call", params, True, None, 0, None, capabilities=CAPABILITIES)


def play(scenario: Callable[[Visit], Coroutine[None, None, None]], parked_s: float = DEADLINE_S) -> None:
    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await scenario(Visit(Parking(parked_s)))

    asyncio.run(whole())


def test_a_host_that_never_comes_back_is_a_cancel_for_its_server_and_the_end_of_its_call() -> None:
    async def scenario(visit: Visit) -> None:
        replies: list[Reply] = []
        visit.end.inquire(FORM, replies.append)
        visit.end.inquire(SAMPLING, replies.append)
        assert "come back" in await visit.cancelled
        assert [reply.result for reply in replies] == [b'{"action":"cancel"}', None]
        with pytest.raises(RefusedRequestError):
            visit.come_back(q1=YES)

    play(scenario, parked_s=0.01)


def test_a_call_that_ends_while_its_host_is_away_is_answered_when_it_comes_back() -> None:
    async def scenario(visit: Visit) -> None:
        visit.end.inquire(FORM, lambda _reply: None)
        visit.end.end(Ended(b'{"content":[]}', None))
        assert len(visit.heard) == 1
        visit.come_back(q1=YES)
        assert visit.heard[-1] == {"content": []}

    play(scenario)


def test_what_is_asked_while_the_host_is_away_waits_for_the_next_round() -> None:
    async def scenario(visit: Visit) -> None:
        replies: list[Reply] = []
        visit.end.inquire(FORM, replies.append)
        visit.end.inquire(FORM, replies.append)
        visit.come_back(q1=YES)
        assert [list(heard["inputRequests"]) for heard in visit.heard] == [["q1"], ["q2"]]
        assert visit.heard[0]["requestState"] != visit.heard[1]["requestState"]
        visit.come_back(q2=YES)
        assert [json.loads(reply.result or b"") for reply in replies] == [YES, YES]

    play(scenario)


def test_a_question_that_its_server_took_back_is_not_asked_again() -> None:
    async def scenario(visit: Visit) -> None:
        withdraw = visit.end.inquire(FORM, lambda _reply: None)
        withdraw()
        visit.come_back()
        assert len(visit.heard) == 1
        visit.end.end(Ended(b"{}", None))
        assert visit.heard[-1] == {}

    play(scenario)


def test_an_answer_that_is_no_object_is_asked_for_again() -> None:
    async def scenario(visit: Visit) -> None:
        visit.end.inquire(FORM, lambda _reply: None)
        visit.come_back(q1="yes")
        assert list(visit.heard[-1]["inputRequests"]) == ["q1"]

    play(scenario)


def test_a_cancelled_call_answers_its_server_and_not_its_host() -> None:
    async def scenario(visit: Visit) -> None:
        replies: list[Reply] = []
        visit.end.inquire(FORM, replies.append)
        visit.come_back()
        visit.end.close()
        visit.end.end(Ended(b"{}", None))
        assert [reply.result for reply in replies] == [b'{"action":"cancel"}']
        assert [heard.get("resultType") for heard in visit.heard] == ["input_required"] * 2

    play(scenario)


def test_a_state_that_is_no_string_is_refused() -> None:
    async def scenario(visit: Visit) -> None:
        with pytest.raises(RefusedRequestError):
            visit.parking.take(1, asked(requestState=5))

    play(scenario)


def test_two_calls_that_a_server_gives_one_state_do_not_lose_each_other_silently() -> None:
    async def scenario(visit: Visit) -> None:
        second = Visit(visit.parking)
        for each in (visit, second):
            each.end.hand_over(b'{"resultType":"input_required","requestState":"same"}', "same", lambda _params: None)
        assert "come back" in await visit.cancelled
        assert visit.parking.take(1, asked(requestState="same")) is second.end

    play(scenario)


def test_of_too_many_parked_calls_the_oldest_is_given_up() -> None:
    async def scenario(visit: Visit) -> None:
        visit.end.inquire(FORM, lambda _reply: None)
        for _ in range(PARKED_LIMIT):
            Visit(visit.parking).end.inquire(FORM, lambda _reply: None)
        assert visit.cancelled.done()

    play(scenario)


def test_a_session_that_parks_too_many_calls_costs_no_other_session_its_own() -> None:
    async def scenario(visit: Visit) -> None:
        visit.end.inquire(FORM, lambda _reply: None)
        greedy = [Visit(visit.parking, session=2) for _ in range(PARKED_LIMIT)]
        for other in greedy:
            other.end.inquire(FORM, lambda _reply: None)
        assert not visit.cancelled.done()
        assert [other.cancelled.done() for other in greedy[:2]] == [True, False]

    play(scenario)
