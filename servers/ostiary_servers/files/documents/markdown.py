"""Small pieces of Markdown."""

from collections.abc import Iterable


def table(rows: Iterable[list[str]]) -> str:
    """Rows as a table, the first as its head; empty for none."""
    kept = list(rows)
    if not kept:
        return ""
    width = max(map(len, kept))
    lines = [_row(row, width) for row in kept]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def fenced(text: str, language: str = "") -> str:
    """Text as it is; the fence is longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _row(cells: list[str], width: int) -> str:
    shown = [" ".join(cell.split()).replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(shown + [""] * (width - len(cells))) + " |"
