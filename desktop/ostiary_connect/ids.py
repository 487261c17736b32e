"""The ids of requests, given back to the letter."""

import json


class Verbatim(str):
    """A number as it stood in the text: 1e2 is not 100 to everyone who compares ids."""

    __slots__ = ()


def raw_id(given: object) -> str | None:
    """An id, read with ``Verbatim`` numbers, as JSON text; None for what is no id."""
    match given:
        case Verbatim():
            return str(given)
        case str():
            return json.dumps(given)
    return None
