"""The process that parses: reads sources on stdin, writes outlines on stdout, and can be killed at any time.

It imports the grammars and nothing of the server, gets bytes and opens no file. A request is a line of JSON,
``{"language", "size_bytes"}``, and that many bytes; the answer is a line of JSON, ``{"outline"}`` or ``{"failed"}``.
An empty line before the first answer says that it has started.
"""

import json
import sys
from typing import Any, BinaryIO

from ostiary_servers.code.syntax.languages import BY_NAME
from ostiary_servers.code.syntax.reading import read_outline


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the other side closes the pipe."""
    answers.write(b"\n")
    answers.flush()
    while line := requests.readline():
        request = json.loads(line)
        answer = _answer(request["language"], requests.read(request["size_bytes"]))
        answers.write(json.dumps(answer, separators=(",", ":")).encode() + b"\n")
        answers.flush()


def _answer(language: str, source: bytes) -> dict[str, Any]:
    try:
        return {"outline": read_outline(BY_NAME[language], source).to_json()}
    except RecursionError:
        return {"failed": "too_deep"}


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
