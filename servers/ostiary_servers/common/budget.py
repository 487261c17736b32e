"""How large one answer may be, and the cursors with which the next call goes on.

A model pays for every byte it is sent, and hosts refuse what is too long (Claude Code: 25,000 tokens a result), so an
answer carries at most ``RESULT_BUDGET_BYTES`` of text, counted in UTF-8. What did not fit is reached with a cursor: an
opaque token naming the byte, or the name, that was sent last. It holds no secret and grants nothing; the path is given
and checked anew at each call.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.text_file import CODECS, Encoding

RESULT_BUDGET_BYTES = 40_000


@dataclass(frozen=True, slots=True)
class TextCursor:
    """The first byte of a text that was not sent yet, how the text is encoded, and the version of the file."""

    offset_bytes: int
    encoding: Encoding
    version: str

    def token(self) -> str:
        """The opaque form."""
        encoding = self.encoding
        return _seal(["text", self.offset_bytes, encoding.codec, encoding.mark.hex(), encoding.guessed, self.version])

    @classmethod
    def parse(cls, token: str) -> "TextCursor":
        """Raises ToolError ``bad_cursor``."""
        match _unseal(token):
            case ["text", int(offset), str(codec), str(mark), bool(guessed), str(version)] if codec in CODECS:
                return cls(offset, Encoding(codec, _unhex(mark), guessed), version)
            case _:
                raise bad_cursor()


@dataclass(frozen=True, slots=True)
class NameCursor:
    """The last name that was sent, of a list in the order of names. A path is as many names as it has parts."""

    after: tuple[str, ...]

    def token(self) -> str:
        """The opaque form."""
        return _seal(["name", *self.after])

    @classmethod
    def parse(cls, token: str) -> "NameCursor":
        """Raises ToolError ``bad_cursor``."""
        match _unseal(token):
            case ["name", *names] if names and all(isinstance(name, str) for name in names):
                return cls(tuple(names))
            case _:
                raise bad_cursor()


def fitting_prefix(text: str, budget_bytes: int = RESULT_BUDGET_BYTES) -> str:
    """The longest beginning of ``text`` within the budget; cut at the end of a line where there is one."""
    encoded = text.encode()
    if len(encoded) <= budget_bytes:
        return text
    cut = encoded[:budget_bytes].decode(errors="ignore")  # ignores only the character that was cut at the end
    return cut[: cut.rfind("\n") + 1] or cut


def bad_cursor() -> ToolError:
    """For a cursor that is not one of ours, or no longer fits what it pointed into."""
    return ToolError(
        ErrorCode.BAD_CURSOR,
        "The cursor is not valid, or what it points into has changed since.",
        "Repeat the call without a cursor, from the beginning.",
    )


def _seal(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode()


def _unseal(token: str) -> Any:
    try:
        return json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise bad_cursor() from None
