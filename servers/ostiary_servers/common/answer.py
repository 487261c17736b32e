"""What an operation gives back, before it becomes a result of MCP."""

from dataclasses import dataclass

from ostiary_servers.common.wire import Wire


@dataclass(frozen=True, slots=True)
class Media:
    """Bytes that a model sees or hears, or that a host keeps; ``uri`` is where they come from."""

    uri: str
    mime_type: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A file that did not fit into the answer, as a resource that the host can read whole."""

    uri: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool gives: compact text for a model, and the same as structure for a program.

    ``note`` is what only a reader of the text needs, such as the cursor to go on with; it is a text of its own, so that
    ``text`` can be exactly a file's.
    """

    text: str
    structured: Wire
    note: str = ""
    media: Media | None = None
    links: tuple[Link, ...] = ()
