"""A call as the JSON-RPC messages it was: what the host asked, what it was answered. Pure.

The log keeps a message's method, name, arguments and result, masked and perhaps cut; not what travels around them
(``_meta``, the host's own number for it). So a message is put together from what is kept, with the call's number.
"""

from __future__ import annotations

import json
from typing import Final

from ostiary.domain.call import CallDetail, Outcome
from ostiary.ui.visible import reveal_rows

_UNANSWERED: Final = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.CANCELLED)


def messages(detail: CallDetail) -> str:
    """The messages, the request first, with every hidden character named."""
    spoken = [_request(detail)]
    if detail.row.outcome not in _UNANSWERED:
        spoken.append(_answer(detail))
    return "\n".join(reveal_rows("\n\n".join(json.dumps(one, indent=2, ensure_ascii=False) for one in spoken)))


def body(text: str) -> object:
    """A body as JSON where it is whole, as text where it was cut, None where it was not kept."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _request(detail: CallDetail) -> dict[str, object]:
    row, arguments = detail.row, body(detail.arguments)
    params = {"name": row.tool, "arguments": arguments} if row.tool else arguments
    return {"jsonrpc": "2.0", "id": row.id, "method": row.method, "params": params}


def _answer(detail: CallDetail) -> dict[str, object]:
    what = "error" if detail.row.outcome is Outcome.ERROR else "result"
    return {"jsonrpc": "2.0", "id": detail.row.id, what: body(detail.result)}
