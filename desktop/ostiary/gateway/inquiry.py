"""What a server asks of a host while a call runs: elicitation, sampling, roots. Values and their forms. Pure.

A legacy server asks with a request of its own, a 2026-07-28 server inside its result; a legacy host is asked with a
request, a 2026-07-28 host inside its call's result. What is asked is the same, so that one value stands for all four.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INTERNAL_ERROR, METHOD_NOT_FOUND, UNREADABLE
from ostiary.gateway.wire.members import Members, may_have, members_of, text_of

ELICIT = "elicitation/create"
SAMPLE = "sampling/createMessage"
LIST_ROOTS = "roots/list"
METHODS = frozenset((ELICIT, SAMPLE, LIST_ROOTS))

SAMPLING_REJECTED = -1
"""The code of a refused sampling request (MCP 2025-11-25, client/sampling#error-handling)."""

CANCELLED_REPLY = b'{"action":"cancel"}'
DECLINED_REPLY = b'{"action":"decline"}'

_encode = msgspec.json.encode


class Inquiry(Struct, frozen=True):
    """One question of a server to a host. ``params`` is raw, as the server wrote it."""

    method: str
    params: bytes | None = None

    @property
    def is_url(self) -> bool:
        """True for an elicitation that sends the person to a page."""
        return self.method == ELICIT and text_of(members_of(self.params).get("mode")) == "url"


class Reply(Struct, frozen=True):
    """What came of it: a raw result or a raw error."""

    result: bytes | None
    error: bytes | None


OnReply = Callable[[Reply], None]


class InputRequired(Struct, frozen=True):
    """A 2026-07-28 result that is none yet: what is asked, and the state to be given back to the letter."""

    inquiries: dict[str, Inquiry]
    state: str | None


class _Entry(Struct):
    method: str
    params: Raw = Raw(b"{}")


class _InputRequired(Struct, rename="camel"):
    result_type: str = ""
    input_requests: dict[str, _Entry] | None = None
    request_state: str | UnsetType = UNSET


def read_input_required(result: bytes | None) -> InputRequired | None:
    """What a server needs before it goes on; None for every other result."""
    if result is None or not may_have(result, b'"input_required"'):
        return None
    try:
        found = msgspec.json.decode(result, type=_InputRequired)
    except UNREADABLE:
        return None
    if found.result_type != "input_required":
        return None
    entries = (found.input_requests or {}).items()
    inquiries = {key: Inquiry(entry.method, bytes(entry.params)) for key, entry in entries}
    return InputRequired(inquiries, None if found.request_state is UNSET else found.request_state)


def input_required(inquiries: Mapping[str, Inquiry], state: str) -> bytes:
    """The result that asks a 2026-07-28 host (MCP 2026-07-28, patterns/mrtr)."""
    requests = {key: _entry(inquiry) for key, inquiry in inquiries.items()}
    return _encode({"resultType": "input_required", "inputRequests": requests, "requestState": state})


def _entry(inquiry: Inquiry) -> dict[str, object]:
    """``elicitationId`` is of 2025-11-25 only; progress of a question cannot be told here."""
    params = _without_token(members_of(inquiry.params))
    params.pop("elicitationId", None)
    return {"method": inquiry.method, "params": params} if params else {"method": inquiry.method}


def params_for_legacy(inquiry: Inquiry, version: str, elicitation_id: str) -> bytes | None:
    """The parameters of a request to a legacy host; a page needs an id there, older hosts know no ``mode``."""
    members = _without_token(members_of(inquiry.params))
    if inquiry.method == ELICIT and version < methods.URL_ELICITATION_SINCE:
        members.pop("mode", None)
    if inquiry.is_url:
        members.setdefault("elicitationId", Raw(_encode(elicitation_id)))
    return _encode(members) if members else None


def _without_token(members: Members) -> Members:
    """A token would invite progress of the host, which has nowhere to go."""
    meta = members_of(members.pop("_meta", None))
    meta.pop("progressToken", None)
    return members | {"_meta": Raw(_encode(meta))} if meta else members


def can_be_asked(inquiry: Inquiry, capabilities: Mapping[str, Any]) -> bool:
    """Whether a host that declared these capabilities takes it. ``elicitation: {}`` means forms."""
    match inquiry.method:
        case "elicitation/create":
            modes = capabilities.get("elicitation")
            if not isinstance(modes, dict):
                return False
            return "url" in modes if inquiry.is_url else "form" in modes or "url" not in modes
        case "sampling/createMessage":
            return isinstance(capabilities.get("sampling"), dict)
        case "roots/list":
            return isinstance(capabilities.get("roots"), dict)
    return False


def unable(inquiry: Inquiry, reason: str) -> Reply:
    """The reply where no host can be asked."""
    code = SAMPLING_REJECTED if inquiry.method == SAMPLE else METHOD_NOT_FOUND
    return Reply(None, _encode({"code": code, "message": reason}))


def declined(inquiry: Inquiry, reason: str) -> Reply:
    """The reply where the one host it is about did not say that it takes such a question."""
    return Reply(DECLINED_REPLY, None) if inquiry.method == ELICIT else unable(inquiry, reason)


def abandoned(inquiry: Inquiry, reason: str) -> Reply:
    """The reply where the host never came back, or is gone."""
    if inquiry.method == ELICIT:
        return Reply(CANCELLED_REPLY, None)
    return Reply(None, _encode({"code": INTERNAL_ERROR, "message": reason}))


def is_accepted(reply: Reply) -> bool:
    """True when a person agreed to an elicitation."""
    return text_of(members_of(reply.result).get("action")) == "accept"


class _UrlElicitations(Struct):
    elicitations: list[Raw]


class _UrlRequired(Struct):
    code: int
    data: _UrlElicitations


def read_url_required(error: bytes | None) -> dict[str, Inquiry] | None:
    """The pages that 2025-11-25's error -32042 asks a person to visit first; None for every other error."""
    try:
        found = None if error is None else msgspec.json.decode(error, type=_UrlRequired)
    except UNREADABLE:
        return None
    if found is None or found.code != methods.URL_ELICITATION_REQUIRED or not found.data.elicitations:
        return None
    return {f"url{place}": Inquiry(ELICIT, bytes(page)) for place, page in enumerate(found.data.elicitations)}
