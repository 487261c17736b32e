"""What a legacy server asks by itself: whose it is, and that each question gets exactly one answer."""

import json
from typing import Any

import pytest

from ostiary.gateway.asking import Asked
from ostiary.gateway.host_end import HostEnd, LegacyHostEnd
from ostiary.gateway.host_requests import HostRequests
from ostiary.gateway.inquiry import ELICIT, LIST_ROOTS, SAMPLE
from ostiary.gateway.server_requests import OPEN_LIMIT, ServerRequests, owner
from ostiary.gateway.wire.messages import Request, Response

DECLARED: dict[str, Any] = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}


class Desk:
    """One server, hosts, and every line that either was sent."""

    def __init__(self) -> None:
        self.to_server: list[Any] = []
        self.to_hosts: list[Any] = []
        self.thinking = 0
        self.requests = ServerRequests(lambda *parts: self.to_server.append(json.loads(b"".join(parts))), self._thinks)
        self.host_requests = HostRequests(lambda *parts: self.to_hosts.append(json.loads(b"".join(parts))))

    def host(self, session: int = 1, capabilities: dict[str, Any] = DECLARED) -> LegacyHostEnd:
        asked = Asked("tools/call", {}, False, None, 0, None, version="2025-11-25", capabilities=capabilities)
        return LegacyHostEnd(session, asked, self.host_requests, lambda *_notified: None, lambda _ended: None)

    def _thinks(self, _host: HostEnd, asking: bool) -> None:
        self.thinking += 1 if asking else -1

    def asks(self, *hosts: LegacyHostEnd, method: str = ELICIT, key: str = "q", params: bytes | None = None) -> None:
        self.requests.arrived(Request(json.dumps(key).encode(), key, method, params), hosts)


def test_a_question_belongs_to_the_newest_call_of_the_only_host() -> None:
    desk = Desk()
    one, newer, other = desk.host(1), desk.host(1), desk.host(2)
    assert owner([one, newer]) is newer
    assert owner([one, other]) is None
    assert owner([]) is None


@pytest.mark.parametrize(("method", "code"), [(ELICIT, -32601), (LIST_ROOTS, -32601), (SAMPLE, -1)])
def test_a_question_that_nobody_can_be_asked_is_refused_as_its_method_says(method: str, code: int) -> None:
    desk = Desk()
    desk.asks(method=method, key="alone")
    desk.asks(desk.host(1), desk.host(2), method=method, key="several")
    desk.asks(desk.host(1, {}), method=method, key="unable")
    assert [(line["id"], line["error"]["code"]) for line in desk.to_server] == [
        ("alone", code),
        ("several", code),
        ("unable", code),
    ]
    assert desk.to_hosts == []


@pytest.mark.parametrize("raw", [b"5", b'"yes"', b"[1]"])
@pytest.mark.parametrize("kind", ["result", "error"])
def test_what_is_no_object_never_reaches_the_server(raw: bytes, kind: str) -> None:
    desk = Desk()
    desk.asks(desk.host())
    key = desk.to_hosts[0]["id"]
    desk.host_requests.answered(Response(key, raw if kind == "result" else None, raw if kind == "error" else None))
    assert [line["error"]["code"] for line in desk.to_server] == [-32603]


def test_a_second_answer_and_an_answer_to_nothing_reach_nobody() -> None:
    desk = Desk()
    desk.asks(desk.host())
    key = desk.to_hosts[0]["id"]
    for answered in (key, key, key + 1, str(key)):
        desk.host_requests.answered(Response(answered, b'{"action":"accept"}', None))
    assert [line["result"] for line in desk.to_server] == [{"action": "accept"}]


def test_a_question_that_its_server_cancels_is_cancelled_at_the_host() -> None:
    desk = Desk()
    desk.asks(desk.host())
    desk.requests.cancelled("q")
    asked, cancelled = desk.to_hosts
    assert (cancelled["method"], cancelled["params"]["requestId"]) == ("notifications/cancelled", asked["id"])
    desk.host_requests.answered(Response(asked["id"], b"{}", None))
    assert desk.to_server == []


def test_a_call_that_ends_answers_what_was_asked_in_it() -> None:
    desk = Desk()
    host = desk.host()
    desk.asks(host, key="form")
    desk.asks(host, method=LIST_ROOTS, key="roots")
    host.close()
    form, roots = desk.to_server
    assert (form["result"], roots["error"]["code"]) == ({"action": "cancel"}, -32603)
    assert [line["method"] for line in desk.to_hosts[2:]] == ["notifications/cancelled"] * 2


def test_a_server_that_never_stops_asking_is_refused() -> None:
    desk = Desk()
    host = desk.host()
    for number in range(OPEN_LIMIT + 1):
        desk.asks(host, key=f"q{number}")
    assert [line["id"] for line in desk.to_server] == [f"q{OPEN_LIMIT}"]


def test_an_id_that_is_still_open_is_refused() -> None:
    desk = Desk()
    host = desk.host()
    desk.asks(host)
    desk.asks(host)
    assert [line["error"]["code"] for line in desk.to_server] == [-32600]
    assert len(desk.to_hosts) == 1


def test_tokens_stay_here_and_older_hosts_see_no_mode() -> None:
    desk = Desk()
    asked = Asked("tools/call", {}, False, None, 0, None, version="2025-06-18", capabilities=DECLARED)
    old = LegacyHostEnd(1, asked, desk.host_requests, lambda *_notified: None, lambda _ended: None)
    params = {"mode": "form", "message": "m", "requestedSchema": {}, "_meta": {"progressToken": 1, "v/x": 2}}
    desk.asks(old, params=json.dumps(params).encode())
    assert desk.to_hosts[0]["params"] == {"message": "m", "requestedSchema": {}, "_meta": {"v/x": 2}}
