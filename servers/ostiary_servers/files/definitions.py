"""All tools of the ``files`` server, and what is said about the server itself."""

from typing import Any

from ostiary_servers.common.journal import Journal
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.tool_server import Tool
from ostiary_servers.common.writes import Writes
from ostiary_servers.files.reading_tools import reading_tools
from ostiary_servers.files.writing_tools import writing_tools

_WRITES = {
    Writes.ASK: "Every write shows the person a diff first; dryRun shows it to you without writing.",
    Writes.ALLOW: "A write is done at once; dryRun shows its diff without writing.",
    Writes.REFUSE: "Nothing is written here; dryRun shows what a write would change.",
}


def instructions(writes: Writes) -> str:
    """What a model is told of the server, where this becomes of a write."""
    return (
        "Reads, searches and edits files in the folders a person approved; list_allowed_directories names them. "
        f"Long answers end with a cursor: send it back to go on. {_WRITES[writes]}"
    )


def tools(gate: PathGate, journal: Journal | None, writes: Writes = Writes.ASK) -> tuple[Tool[Any], ...]:
    """All tools, reading and writing through ``gate``, writing down what they change in ``journal``."""
    return (*reading_tools(gate), *writing_tools(gate, journal, writes))
