"""``read_multiple_files``: several texts in one answer; one that cannot be read does not spoil the others."""

from ostiary_servers.common.answer import Answer, Link
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.sensitive import is_sensitive
from ostiary_servers.files.answers import ManyRead, OneOfMany, TextRead
from ostiary_servers.files.arguments import ReadMultipleFiles, ReadTextFile
from ostiary_servers.files.operations.reading import read_text

PATHS_LIMIT_BYTES = RESULT_BUDGET_BYTES // 4
"""All paths together; each stands in the answer, and again in what went wrong with it."""

_LEAST_SHARE_BYTES = 64
_OVERHEAD_BYTES = 300
"""What a file costs the answer beside its path and content: a cursor, or what went wrong."""


def read_multiple_files(gate: PathGate, arguments: ReadMultipleFiles) -> Answer:
    """Each file's text, or why there is none. What a short file leaves of its share is for those after it."""
    if sum(len(path.encode(errors="replace")) for path in arguments.paths) > PATHS_LIMIT_BYTES:
        raise ToolError(ErrorCode.INVALID_ARGUMENTS, "The paths alone are too long for one answer.", "Send fewer.")
    files: list[OneOfMany] = []
    links: list[Link] = []
    room = RESULT_BUDGET_BYTES - sum(len(path.encode(errors="replace")) + _OVERHEAD_BYTES for path in arguments.paths)
    for number, path in enumerate(arguments.paths):
        share = max(_LEAST_SHARE_BYTES, room // (len(arguments.paths) - number))
        try:
            answer = _read_one(gate, path, share)
        except ToolError as error:
            files.append(_failed(path, error))
            continue
        links += answer.links
        files.append(_read(path, answer.structured))
        room -= len(answer.text.encode())
    return Answer("\n".join(map(_shown, files)), ManyRead(files=files), links=tuple(links))


def _read_one(gate: PathGate, path: str, share_bytes: int) -> Answer:
    place = gate.locate(path)
    if is_sensitive(path) or is_sensitive(place.real):
        raise ToolError(
            ErrorCode.DENIED_BY_POLICY,
            f"“{path}” may hold secrets and is not read together with others.",
            "If you need it, read it alone with read_text_file; the person is asked.",
        )
    return read_text(place, ReadTextFile(path=path), share_bytes)


def _read(path: str, read: object) -> OneOfMany:
    assert isinstance(read, TextRead)
    return OneOfMany(
        path=path,
        content=read.content,
        encoding=read.encoding,
        truncated=read.truncated,
        next_cursor=read.next_cursor,
        code=None,
        message=None,
    )


def _failed(path: str, error: ToolError) -> OneOfMany:
    return OneOfMany(
        path=path,
        content=None,
        encoding=None,
        truncated=False,
        next_cursor=None,
        code=error.code,
        message=f"{error.message} {error.hint}",
    )


def _shown(file: OneOfMany) -> str:
    head = f"--- {on_one_line(file.path)} ---\n"
    if file.content is None:
        return f"{head}[{file.code}: {file.message}]\n"
    rest = f"\n[Not all of it. Go on with read_text_file and cursor {file.next_cursor}]\n" if file.next_cursor else "\n"
    return head + file.content + rest
