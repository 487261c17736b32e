"""Results and definitions for hosts of the first legacy revisions, which refuse what came after them. Pure.

2024-11-05 knows text, images and embedded resources; 2025-03-26 added audio and tool annotations; 2025-06-18 added
links, titles and structured results (their changelogs). A tool's title moves to where the older revision has one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from msgspec import Raw

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import Members, items_of, members_of, text_of

LINKS_SINCE = "2025-06-18"
AUDIO_SINCE = "2025-03-26"
_LATER_TOOL_MEMBERS = ("title", "outputSchema", "icons", "execution")
_LATER_MEMBERS = ("title", "icons")

_encode = msgspec.json.encode


def result_for_version(method: str, raw: bytes, version: str) -> bytes:
    """A legacy result as a host of that revision accepts it; the bytes as they are from 2025-06-18 on."""
    if version >= LINKS_SINCE:
        return raw
    match method:
        case methods.CALL_TOOL:
            members = _with_items(members_of(raw), "content", lambda block: _block(block, version))
            members.pop("structuredContent", None)
            return _encode(members)
        case methods.GET_PROMPT:
            return _encode(_with_items(members_of(raw), "messages", lambda message: _message(message, version)))
        case "tools/list":
            return _encode(_with_items(members_of(raw), "tools", lambda tool: _tool(tool, version)))
        case method if method in methods.LISTS:
            return _encode(_with_items(members_of(raw), methods.LISTS[method], _without_title))
    return raw


def _with_items(members: Members, name: str, change: Callable[[Members], Members]) -> Members:
    if name in members:
        members[name] = Raw(_encode([change(members_of(item)) for item in items_of(members[name])]))
    return members


def _message(message: Members, version: str) -> Members:
    return message | {"content": Raw(_encode(_block(members_of(message.get("content")), version)))}


def _block(block: Members, version: str) -> Members:
    match text_of(block.get("type")):
        case "resource_link":
            return _text(block, f"{_word(block, 'title') or _word(block, 'name')}: {_word(block, 'uri')}")
        case "audio" if version < AUDIO_SINCE:
            return _text(block, f"[audio, {_word(block, 'mimeType')}, not shown to this host]")
    return block


def _text(block: Members, text: str) -> Members:
    kept = {name: block[name] for name in ("annotations",) if name in block}
    return {"type": Raw(b'"text"'), "text": Raw(_encode(text)), **kept}


def _tool(tool: Members, version: str) -> Members:
    title = tool.get("title")
    kept = _without(tool, _LATER_TOOL_MEMBERS)
    if version < AUDIO_SINCE:
        return _without(kept, ("annotations",))
    hints = members_of(kept.get("annotations"))
    if title is not None:
        kept["annotations"] = Raw(_encode({"title": title, **hints}))
    return kept


def _without_title(item: Members) -> Members:
    return _without(item, _LATER_MEMBERS)


def _without(members: Mapping[str, Raw], names: tuple[str, ...]) -> Members:
    return {name: value for name, value in members.items() if name not in names}


def _word(block: Members, name: str) -> str:
    return text_of(block.get(name)) or ""
