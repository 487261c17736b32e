"""``read_document``: PDF, Office, e-books, notebooks and web pages as Markdown, in parts that fit the budget."""

import os
from collections import OrderedDict
from pathlib import Path

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import TextCursor, bad_cursor, fitting_prefix
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.text_file import UTF_8
from ostiary_servers.files.answers import DocumentRead
from ostiary_servers.files.arguments import ReadDocument
from ostiary_servers.files.documents.extract import Extract, PartRange
from ostiary_servers.files.documents.extraction import Document, extract
from ostiary_servers.files.operations.reading import read_at

DOCUMENT_LIMIT_BYTES = 100 * 1024 * 1024
KINDS = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".epub": "epub",
    ".ipynb": "ipynb",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_KEPT_EXTRACTS = 4


class DocumentReader:
    """Keeps the last few extracts, so that going on with a cursor does not read the document again."""

    def __init__(self, gate: PathGate) -> None:
        self._gate = gate
        self._kept: OrderedDict[str, Extract] = OrderedDict()

    def read(self, arguments: ReadDocument) -> Answer:
        """A part of the document's text. Raises ToolError."""
        place = self._gate.locate(arguments.path)
        kind = KINDS.get(Path(arguments.path).suffix.lower())
        if kind is None:
            raise _unknown_kind(arguments.path)
        wanted = PartRange(arguments.first_part, arguments.last_part)
        with open_file(place) as file:
            found = os.fstat(file)
            if found.st_size > DOCUMENT_LIMIT_BYTES:
                raise _too_large(arguments.path, found.st_size)
            identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, wanted.first, wanted.last)
            version = "-".join(map(str, identity))
            extracted = self._kept.get(version)
            if extracted is None:
                raw = read_at(file, 0, DOCUMENT_LIMIT_BYTES)
                extracted = extract(Document(arguments.path, kind, raw), wanted)
        self._keep(version, extracted)
        return _answer(arguments, kind, extracted, version)

    def _keep(self, version: str, extracted: Extract) -> None:
        self._kept[version] = extracted
        while len(self._kept) > _KEPT_EXTRACTS:
            self._kept.popitem(last=False)


def _answer(arguments: ReadDocument, kind: str, extracted: Extract, version: str) -> Answer:
    encoded = extracted.markdown.encode(errors="replace")
    start = _start(arguments.cursor, version, len(encoded))
    shown = fitting_prefix(encoded[start:].decode(errors="ignore"))
    end = start + len(shown.encode())
    following = TextCursor(end, UTF_8, version).token() if end < len(encoded) else None
    read = DocumentRead(path=arguments.path, kind=kind, parts=extracted.parts, content=shown, next_cursor=following)
    where = f"[{end} of {len(encoded)} bytes. To go on, call again with cursor {following}]"
    return Answer(shown or "The document holds no text.", read, where if following else "")


def _start(cursor: str | None, version: str, size: int) -> int:
    if cursor is None:
        return 0
    parsed = TextCursor.parse(cursor)
    if parsed.version != version or not 0 <= parsed.offset_bytes <= size:
        raise bad_cursor()
    return parsed.offset_bytes


def _unknown_kind(requested: str) -> ToolError:
    return ToolError(
        ErrorCode.UNSUPPORTED,
        f"“{requested}” is none of the documents that can be read: {', '.join(sorted(KINDS))}.",
        "Use read_text_file for text, or read_media_file for pictures and sounds.",
    )


def _too_large(requested: str, size_bytes: int) -> ToolError:
    return ToolError(
        ErrorCode.TOO_LARGE,
        f"“{requested}” has {size_bytes} bytes; documents up to {DOCUMENT_LIMIT_BYTES} are read.",
        "Ask the person for a smaller version.",
    )
