"""Whatever a host sends, nothing of ours raises, every line written is a message, and no request is answered twice."""

import asyncio
import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.gateway.wire import methods
from tests.support.small_house import DEADLINE_S, ENVELOPE, Host, visited

BARRIER = "the last question"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ids = st.sampled_from([0, 1, "0", "1", -1, 2**70])
odd: st.SearchStrategy[Any] = st.sampled_from([None, True, 1.5, {}, [], "x", {"a": [None]}, -(2**70)])
uris = st.sampled_from(["a://x", "a://y", "b://z", ""])
READING = ("ping", *methods.LISTS, "resources/read", "prompts/get", "completion/complete")
LASTING = ("tools/call", "subscriptions/listen", "resources/subscribe", "resources/unsubscribe")
requests = st.sampled_from(("initialize", "nonsense", *READING, *LASTING))
notifications = st.sampled_from(["notifications/initialized", "notifications/cancelled", "notifications/x"])
metas = st.sampled_from([{}, ENVELOPE, ENVELOPE | {"progressToken": 3}, {"progressToken": "t"}]) | odd
filters = st.fixed_dictionaries(
    {}, optional={"toolsListChanged": st.booleans(), "resourceSubscriptions": st.lists(uris)}
)
params = st.fixed_dictionaries(
    {},
    optional={
        "_meta": metas,
        "name": texts | odd,
        "uri": uris | odd,
        "arguments": st.dictionaries(texts, odd, max_size=3) | odd,
        "notifications": filters | odd,
        "requestId": ids | odd,
        "protocolVersion": st.sampled_from(["2025-06-18", "1"]) | odd,
        "clientInfo": st.just({"name": "host", "version": "1"}) | odd,
    },
)
call = st.fixed_dictionaries({"name": texts}, optional={"arguments": st.dictionaries(texts, odd, max_size=3)})
sound = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "id": ids,
        "method": st.sampled_from(["tools/call", "tools/list", "resources/read", "resources/subscribe"]),
        "params": call | st.fixed_dictionaries({"uri": uris}),
    }
)
asked = st.fixed_dictionaries({"jsonrpc": st.just("2.0"), "id": ids, "method": requests, "params": params})
noted = st.fixed_dictionaries({"jsonrpc": st.just("2.0"), "method": notifications, "params": params})
broken = st.dictionaries(
    st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error"]), ids | odd | params, max_size=6
)
lines = (sound | asked | noted | broken).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30).map(
    lambda noise: noise.replace(b"\n", b" ")
)


async def conversation(said: list[bytes], chosen: list[int], *, greeted: bool) -> Counter[tuple[str, Any]]:
    """How often each id was answered."""
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, fault: faults.append(fault))
    answers: Counter[tuple[str, Any]] = Counter()
    async with asyncio.timeout(DEADLINE_S), visited() as host:
        if greeted:
            await host.shake_hands()
        for line in said:
            host.write(line + b"\n")
        await _answer_calls(host, chosen)
        host.ask(BARRIER, "server/discover", modern=True)
        while (message := await host.hear_anything()).get("id") != BARRIER:
            if "method" not in message and "id" in message:
                answers[type(message["id"]).__name__, message["id"]] += 1
    assert faults == []
    return answers


async def _answer_calls(host: Host, chosen: list[int]) -> None:
    """Some calls are answered, some twice, some never."""
    host.house.discovered.clear()
    host.ask("all is read", "server/discover", modern=True)
    await host.house.discovered.wait()
    for times in chosen:
        if not host.house.calls.empty():
            call = host.house.calls.get_nowait()
            for _ in range(times):
                call.answer({"content": []})


def _asked_for(said: list[bytes]) -> Counter[tuple[str, Any]]:
    found: Counter[tuple[str, Any]] = Counter()
    for line in said:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("id"), str | int):
            found[type(value["id"]).__name__, value["id"]] += 1
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(lines, max_size=25), st.lists(st.integers(0, 2), min_size=5, max_size=10), st.booleans())
def test_no_sequence_of_lines_breaks_a_session_or_is_answered_more_often_than_asked(
    said: list[bytes], chosen: list[int], greeted: bool
) -> None:
    answers = asyncio.run(conversation(said, chosen, greeted=greeted))

    asked_for = _asked_for(said)
    assert all(count <= asked_for[id_] for id_, count in answers.items() if id_ != ("str", "all is read"))
