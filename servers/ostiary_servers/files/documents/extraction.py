"""Starts the process that reads a document, gives it the bytes, and ends it when it takes too long."""

import json
import subprocess
import sys
from dataclasses import dataclass

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.files.documents.extract import Extract, PartRange

TIME_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Document:
    """A document's bytes; ``requested`` is what errors name it by."""

    requested: str
    kind: str
    raw: bytes


def extract(document: Document, wanted: PartRange, time_limit_s: float = TIME_LIMIT_S) -> Extract:
    """What is in a document. Raises ToolError ``timeout``, ``too_large``, ``unsupported`` or ``no_text``."""
    arguments = [document.kind, str(wanted.first), str(wanted.last or "")]
    # -P: a server run alone may have been started in a folder that holds anything, modules of our names too.
    command = [sys.executable, "-P", "-m", "ostiary_servers.files.documents.program", *arguments]
    try:
        ended = subprocess.run(command, input=document.raw, capture_output=True, timeout=time_limit_s, check=False)
    except subprocess.TimeoutExpired:
        raise _refused(document, ErrorCode.TIMEOUT, f"could not be read within {time_limit_s:g} s") from None
    match _told(ended.stdout):
        case {"markdown": str(markdown), "parts": int(parts)}:
            return Extract(markdown, parts)
        case {"code": str(code), "reason": str(reason)}:
            raise _refused(document, ErrorCode(code), reason)
        case _:  # it was ended by the system, or by the memory limit inside a library
            raise _refused(document, ErrorCode.UNSUPPORTED, "ended the program that reads such documents")


def _told(output: bytes) -> object:
    try:
        return json.loads(output)
    except ValueError:
        return None


def _refused(document: Document, code: ErrorCode, reason: str) -> ToolError:
    hints = {
        ErrorCode.NO_TEXT: "Its pages are pictures; ask the person for a version with text.",
        ErrorCode.TOO_LARGE: "Ask for fewer pages with firstPart and lastPart.",
        ErrorCode.TIMEOUT: "Ask for fewer pages with firstPart and lastPart.",
    }
    hint = hints.get(code, "Ask the person to open it, or for another version of it.")
    return ToolError(code, f"“{document.requested}” {reason}.", hint)
