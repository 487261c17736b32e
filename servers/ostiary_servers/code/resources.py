"""Resources of the ``code`` server: the outline of a file, a block of it, a repository's dependencies and its index.

Only what concerns a whole repository is listed; outlines and blocks are reached by their templates and from answers.
"""

import json
from collections.abc import Callable
from functools import partial

import mcp_types as types
from mcp.shared.exceptions import MCPError

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.candidates import files_with
from ostiary_servers.code.dependencies.graph import graph_of
from ostiary_servers.code.dependencies.projects import find_projects
from ostiary_servers.code.index.sources import SENSITIVE, read_source
from ostiary_servers.code.repositories import repositories, scope_of
from ostiary_servers.code.syntax.languages import language_by_name
from ostiary_servers.code.uris import CodeAddress, What
from ostiary_servers.common.budget import fitting_prefix
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.threads import LONG_BUDGET_S, on_thread
from ostiary_servers.common.tool_server import Context, contained

RESOURCE_BUDGET_BYTES = 400_000
"""A resource is what a host attaches whole, so it may be longer than an answer."""

_END_BYTES = 50
"""For brackets, and for the word of what is left out."""

_TEMPLATES = (
    ("outline", "Outline of a file", "code://outline/{+path}", "Definitions and imports of a source file, with lines."),
    ("block", "Lines of a file", "code://block/{first}-{last}/{+path}", "A block of code too long for an answer."),
    (
        "dependencies",
        "Dependency graph",
        "code://dependencies/{+path}",
        "Every edge of a repository's lock files; of too many, the last entry counts those left_out.",
    ),
    ("index", "State of the index", "code://index/{+path}", "How many source files of a repository are indexed."),
)


class CodeResources:
    """The handlers of ``resources/list``, ``resources/templates/list`` and ``resources/read``."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    async def list_resources(
        self, ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """Dependencies and index of each repository; none when the folders cannot be known."""
        try:
            found = await on_thread(partial(contained, lambda: repositories(self._analysis.gate)), LONG_BUDGET_S)
        except ToolError:
            found = []
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    name=f"{repository.name} {what}",
                    title=f"{repository.name}: {what}",
                    uri=CodeAddress(what, repository.shown("").rstrip("/")).uri,
                    mime_type="application/json",
                )
                for repository in found
                for what in (What.DEPENDENCIES, What.INDEX)
            ]
        )

    async def list_templates(
        self, ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """All four, always the same."""
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(name=name, title=title, uri_template=template, description=description)
                for name, title, template, description in _TEMPLATES
            ]
        )

    async def read_resource(self, ctx: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """What is at an address. Whatever cannot be read is the error -32602 (MCP 2026-07-28)."""
        read = partial(contained, partial(read_uri, self._analysis, params.uri))
        try:
            contents = await on_thread(read, LONG_BUDGET_S)
        except ToolError as error:
            detail = {"uri": params.uri, "code": error.code}
            raise MCPError(types.INVALID_PARAMS, f"{error.message} {error.hint}", detail) from error
        return types.ReadResourceResult(contents=[contents])


def address_of(uri: str) -> CodeAddress:
    """What an address means. Raises ToolError ``invalid_path``."""
    address = CodeAddress.parse(uri)
    if address is None:
        raise ToolError(ErrorCode.INVALID_PATH, "This is no address of this server.", "See the resource templates.")
    return address


def read_uri(analysis: Analysis, uri: str) -> types.TextResourceContents:
    """The text at an address. Raises ToolError."""
    address = address_of(uri)
    readers: dict[What, Callable[[Analysis, CodeAddress], str]] = {
        What.OUTLINE: _outline,
        What.BLOCK: _block,
        What.DEPENDENCIES: _dependencies,
        What.INDEX: index_state,
    }
    text = fitting_prefix(readers[address.what](analysis, address), RESOURCE_BUDGET_BYTES)
    mime_type = "application/json" if address.what in {What.DEPENDENCIES, What.INDEX} else "text/plain"
    return types.TextResourceContents(uri=uri, mime_type=mime_type, text=text)


def index_state(analysis: Analysis, address: CodeAddress) -> str:
    """How much of a repository is in the index; nothing has to be, for any tool to work."""
    scope = scope_of(analysis.gate, address.path)
    files = [path for path in files_with(scope, ()) if language_by_name(path)]
    return json.dumps({"source_files": len(files), "indexed": analysis.outlines.kept_of(scope.repository, files)})


def _outline(analysis: Analysis, address: CodeAddress) -> str:
    scope = scope_of(analysis.gate, address.path)
    looked = analysis.outlines.of(scope.repository, scope.relative)
    if looked.outline is None:
        raise ToolError(
            ErrorCode.UNSUPPORTED,
            f"There is no outline of “{address.path}” ({looked.reason}).",
            "Read the file itself.",
        )
    lines = [f"{each.line}: {each.text}" for each in looked.outline.imports]
    lines += [
        f"{each.start_line}-{each.end_line}: {each.kind} {each.qualified}  {each.signature}"
        for each in looked.outline.definitions
    ]
    return "\n".join(
        [f"{on_one_line(displayable(address.path))} ({looked.outline.language}, {looked.outline.lines} lines)", *lines]
    )


def _block(analysis: Analysis, address: CodeAddress) -> str:
    scope = scope_of(analysis.gate, address.path)
    source = read_source(scope.repository.file(scope.relative, address.path))
    if source.reason == SENSITIVE:
        raise ToolError(
            ErrorCode.DENIED_BY_POLICY,
            f"“{address.path}” may hold secrets, so nothing of it is given out here.",
            "Do not try another way to it; tell the person what you need it for.",
        )
    if source.reason is not None:
        raise ToolError(
            ErrorCode.UNSUPPORTED, f"“{address.path}” is not read ({source.reason}).", "Read it another way."
        )
    return source.lines(address.first, address.last)


def _dependencies(analysis: Analysis, address: CodeAddress) -> str:
    found = find_projects(scope_of(analysis.gate, address.path), None)
    graphs = [graph_of(project, include_dev=True) for project in found.projects]
    edges = [
        {
            "manifest": graph.project.path,
            "from": key,
            "to": edge.target or edge.name,
            "spec": edge.spec,
            "scope": edge.scope,
        }
        for graph in graphs
        for key in [None, *graph.reachable()]
        for edge in graph.edges_of(key)
    ]
    return _array([json.dumps(edge, ensure_ascii=False) for edge in edges])


def _array(entries: list[str]) -> str:
    """JSON to its end: where not all entries fit, the last one says how many are ``left_out``."""
    room = RESOURCE_BUDGET_BYTES - _END_BYTES
    for count, entry in enumerate(entries):
        room -= len(entry.encode()) + len(",\n")
        if room < 0:
            entries = [*entries[:count], json.dumps({"left_out": len(entries) - count})]
            break
    return "[" + ",\n".join(entries) + "]"
