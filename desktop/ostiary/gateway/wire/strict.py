"""JSON that means one thing to every reader: decoded, checked for equal keys, encoded anew.

Of two equal keys msgspec keeps the last and other parsers the first. What a rule, a prompt or the log looked at
must be what the server runs, so such text is refused (our policy), and what goes on is what was decoded.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class AmbiguousError(ValueError):
    """Two equal keys in one object, or text that is no JSON object."""


def decode_object(raw: bytes | None) -> dict[str, Any]:
    """The object in ``raw`` (none: an empty one). Raises ``AmbiguousError``.

    Text as a compact encoder writes it is recognised by encoding it again (measured: 0.4 µs at 200 B, 0.4 ms at
    1 MB); only other text is read a second time by a parser that sees every key.
    """
    if raw is None:
        return {}
    try:
        value = _decode(raw)
        if _encode(value) != raw:
            json.loads(raw, object_pairs_hook=_once)
    except msgspec.MsgspecError:
        value = _with_surrogates(raw)
    except (RecursionError, UnicodeDecodeError) as error:
        raise AmbiguousError("The arguments cannot be read") from error
    if not isinstance(value, dict):
        raise AmbiguousError("Not an object")
    return value


def _with_surrogates(raw: bytes) -> Any:
    try:
        return json.loads(raw, object_pairs_hook=_once)
    except AmbiguousError:
        raise
    except ValueError as error:
        raise AmbiguousError("Not JSON") from error


def encode(value: object) -> bytes:
    """JSON of a decoded value. Half surrogate pairs are escaped, as they came."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AmbiguousError("The same key stands twice in one object")
    return found
