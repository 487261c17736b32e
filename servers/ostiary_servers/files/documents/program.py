"""What runs in the process of its own: a document on stdin, JSON on stdout. Started by ``extraction`` alone."""

import json
import sys
from collections.abc import Callable
from importlib import import_module

from ostiary_servers.files.documents.extract import TEXT_LIMIT_CHARACTERS, DocumentError, Extract, PartRange

MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024

READERS = {
    "pdf": ("pdf", "pdf"),
    "docx": ("office", "word"),
    "pptx": ("office", "slides"),
    "xlsx": ("office", "sheets"),
    "epub": ("web", "epub"),
    "html": ("web", "html"),
    "ipynb": ("notebook", "notebook"),
}
"""The module and function for each kind; only the one that is needed is imported."""


def main(kind: str, first: str, last: str) -> int:
    """Prints the extract, or why there is none."""
    _limit_memory()
    module, function = READERS[kind]
    read: Callable[[bytes, PartRange], Extract] = getattr(
        import_module(f"ostiary_servers.files.documents.{module}"), function
    )
    try:
        extract = read(sys.stdin.buffer.read(), PartRange(int(first), int(last) if last else None))
        told = {"markdown": extract.markdown[:TEXT_LIMIT_CHARACTERS], "parts": extract.parts}
    except DocumentError as error:
        told = {"code": error.code, "reason": str(error)}
    except (MemoryError, RecursionError):
        told = {"code": "too_large", "reason": "needs more memory than is given to one document"}
    print(json.dumps(told))
    return 0


def _limit_memory() -> None:
    if sys.platform == "linux":  # elsewhere the limit is not kept, or there is none; the time limit holds everywhere
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
