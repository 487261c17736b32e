"""The one error a tool fails with: a stable code, what happened, and what to do next.

A ``ToolError`` becomes a result with ``isError`` (MCP 2026-07-28, server/tools#error-handling), because the model that
called can act on it. Nothing found is never an error, and an error is never an empty answer.

Messages name the path *as it was asked for* and the label of a folder, never a link's target and never the folders that
are approved: whoever asks for a path outside them learns nothing about the inside.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Codes are part of the servers' interface: they may be added to, never renamed."""

    INVALID_ARGUMENTS = "invalid_arguments"
    INVALID_PATH = "invalid_path"
    OUTSIDE_ROOTS = "outside_roots"
    ROOTS_UNAVAILABLE = "roots_unavailable"
    READ_ONLY_ROOT = "read_only_root"
    DENIED_BY_POLICY = "denied_by_policy"
    NOT_FOUND = "not_found"
    NOT_A_DIRECTORY = "not_a_directory"
    NOT_REGULAR_FILE = "not_regular_file"
    PERMISSION_DENIED = "permission_denied"
    BINARY = "binary"
    ENCODING_UNKNOWN = "encoding_unknown"
    TOO_LARGE = "too_large"
    BAD_CURSOR = "bad_cursor"
    NO_MATCH_FOR_EDIT = "no_match_for_edit"
    AMBIGUOUS_MATCH = "ambiguous_match"
    STALE_PLAN = "stale_plan"
    APPROVAL_REQUIRED = "approval_required"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    BAD_CONFIRMATION = "bad_confirmation"
    ALREADY_EXISTS = "already_exists"
    CHANGED_SINCE = "changed_since"
    NO_TRASH = "no_trash"
    CLOUD_PLACEHOLDER = "cloud_placeholder"
    UNSUPPORTED = "unsupported"
    NO_TEXT = "no_text"
    TIMEOUT = "timeout"
    IO_ERROR = "io_error"
    INTERNAL = "internal"


class ToolError(Exception):
    """A call that failed in a way its caller can act on.

    ``message`` says what is the matter, ``hint`` what to do next; both are whole sentences, and can be sent: bytes of a
    name that are no text, which an address can hold, would end the connection.
    """

    def __init__(self, code: ErrorCode, message: str, hint: str) -> None:
        self.code = code
        self.message = _sendable(message)
        self.hint = _sendable(hint)
        super().__init__(f"{code}: {self.message}")


def _sendable(text: str) -> str:
    return text.encode(errors="replace").decode()
