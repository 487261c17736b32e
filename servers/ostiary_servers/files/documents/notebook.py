"""Jupyter notebooks (nbformat 4) as Markdown: texts as they are, code and what it printed in fences."""

import json
from typing import Any

from ostiary_servers.files.documents.extract import Extract, PartRange, damaged
from ostiary_servers.files.documents.markdown import fenced


def notebook(raw: bytes, wanted: PartRange) -> Extract:
    """A .ipynb; its parts are cells."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise damaged() from None
    match content:
        case {"cells": [*cells]}:
            shown = [_cell(cell) for number, cell in enumerate(cells, 1) if wanted.holds(number)]
            return Extract("\n\n".join(filter(None, shown)), len(cells))
        case _:
            raise damaged()


def _cell(cell: Any) -> str:
    match cell:
        case {"cell_type": "code", "source": source, "outputs": [*outputs]}:
            return "\n\n".join([fenced(_joined(source)), *filter(None, map(_output, outputs))])
        case {"source": source}:
            return _joined(source)
        case _:
            return ""


def _output(output: Any) -> str:
    match output:
        case {"text": text} | {"data": {"text/plain": text}}:
            return fenced(_joined(text), "output")
        case {"ename": str(name), "evalue": str(value)}:
            return fenced(f"{name}: {value}", "output")
        case _:
            return ""


def _joined(source: Any) -> str:
    match source:
        case str():
            return source
        case [*lines] if all(isinstance(line, str) for line in lines):
            return "".join(lines)
        case _:
            return ""
