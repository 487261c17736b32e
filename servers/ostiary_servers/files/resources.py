"""Files as resources: every path in an approved folder under its ``file://`` address.

Only the folders themselves are listed; what is in them is found by reading them, or by the template. A resource is what
a person attaches to a conversation whole, so it may be larger than a tool's answer; beyond a limit it is refused with
the tool to use instead.
"""

import base64
import json
import mimetypes
import os
from functools import partial

import mcp_types as types
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.display import displayable
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.file_uri import path_of, uri_of
from ostiary_servers.common.journal import Journal
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.text_file import sniff
from ostiary_servers.common.threads import LONG_BUDGET_S, on_thread
from ostiary_servers.common.tool_server import Context, contained
from ostiary_servers.files.arguments import ListDirectory
from ostiary_servers.files.operations.facts import utc_time
from ostiary_servers.files.operations.folders import is_folder
from ostiary_servers.files.operations.listing import list_directory
from ostiary_servers.files.operations.reading import read_at

FOLDER_TYPE = "inode/directory"
"""The shared MIME-info database's name for a folder (freedesktop.org)."""

RESOURCE_LIMIT_BYTES = 4 * 1024 * 1024
"""What a person attaches is read whole; in base64 this stays below the 10 MiB that Ostiary takes as one message."""

RECENT_LIMIT = 50
RECENT_CHANGES = types.Resource(
    name="recent-changes",
    title="Recent changes",
    uri="changes://recent",
    mime_type="application/json",
    description="What this server changed lately, and the ids to undo it by.",
)

TEMPLATE = types.ResourceTemplate(
    name="file",
    title="A file in an approved folder",
    uri_template="file:///{+path}",
    description="Text or binary content of a file, or the names in a folder.",
)


class FileResources:
    """The handlers of ``resources/list``, ``resources/templates/list`` and ``resources/read``."""

    def __init__(self, gate: PathGate, journal: Journal | None) -> None:
        self._gate = gate
        self._journal = journal

    async def list_resources(
        self, ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """The approved folders; none when they cannot be known."""
        try:
            roots = self._gate.roots.approved
        except ToolError:
            roots = ()
        folders = [
            types.Resource(name=root.label, title=root.label, uri=uri_of(root.path), mime_type=FOLDER_TYPE)
            for root in roots
        ]
        return types.ListResourcesResult(resources=[*folders, RECENT_CHANGES] if self._journal else folders)

    async def list_templates(
        self, ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """The one template."""
        return types.ListResourceTemplatesResult(resource_templates=[TEMPLATE])

    async def read_resource(self, ctx: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """A file's content, or a folder's names. Whatever cannot be read is the error -32602 (MCP 2026-07-28)."""
        try:
            read = partial(contained, partial(self._read, params.uri))
            contents = await on_thread(read, LONG_BUDGET_S)
        except ToolError as error:
            detail = {"uri": params.uri, "code": error.code}
            raise MCPError(types.INVALID_PARAMS, f"{error.message} {error.hint}", detail) from error
        return types.ReadResourceResult(contents=[contents])

    def _read(self, uri: str) -> types.TextResourceContents | types.BlobResourceContents:
        if self._journal and uri == RECENT_CHANGES.uri:
            return recent_changes(self._journal)
        return read_uri(self._gate, uri)


def recent_changes(journal: Journal) -> types.TextResourceContents:
    """The newest changes, the newest first, as JSON: what undo_change needs, and what it would take back."""
    changes = [
        {
            "changeId": change_id,
            "at": utc_time(int(change.at_s * 1_000_000_000)),
            "tool": change.tool,
            "title": change.title,
            "path": displayable(change.path),
        }
        for change_id, change in journal.recent(RECENT_LIMIT)
    ]
    text = json.dumps(changes, ensure_ascii=False, indent=1)
    return types.TextResourceContents(uri=RECENT_CHANGES.uri, mime_type="application/json", text=text)


def locate_uri(gate: PathGate, uri: str) -> Place:
    """The place that a ``file://`` address means. Raises ToolError."""
    path = path_of(uri)
    if path is None:
        raise ToolError(
            ErrorCode.INVALID_PATH, "This is not the address of a local file.", "Send file:/// and an absolute path."
        )
    return gate.locate(path)


def read_uri(gate: PathGate, uri: str) -> types.TextResourceContents | types.BlobResourceContents:
    """What is at a ``file://`` address. Raises ToolError."""
    place = locate_uri(gate, uri)
    try:
        return _file_contents(uri, place.requested, _whole_file(place))
    except ToolError as error:
        if error.code is not ErrorCode.NOT_REGULAR_FILE or not is_folder(place):
            raise
        listing = list_directory(gate, ListDirectory(path=place.requested))
        return types.TextResourceContents(uri=uri, mime_type=FOLDER_TYPE, text=listing.text)


def _whole_file(place: Place) -> bytes:
    with open_file(place) as file:
        raw = read_at(file, 0, RESOURCE_LIMIT_BYTES + 1)
        size = os.fstat(file).st_size
    if len(raw) > RESOURCE_LIMIT_BYTES:
        raise ToolError(
            ErrorCode.TOO_LARGE,
            f"This file has {size} bytes; as a resource at most {RESOURCE_LIMIT_BYTES} are read.",
            "Read it in parts with read_text_file.",
        )
    return raw


def _file_contents(uri: str, path: str, raw: bytes) -> types.TextResourceContents | types.BlobResourceContents:
    guessed_type, _ = mimetypes.guess_type(path)
    encoding = sniff(raw, complete=True)
    if encoding is None:
        blob = base64.b64encode(raw).decode()
        return types.BlobResourceContents(uri=uri, mime_type=guessed_type or "application/octet-stream", blob=blob)
    return types.TextResourceContents(uri=uri, mime_type=guessed_type or "text/plain", text=encoding.decode(raw))
