"""What the page of servers says about output, memory and the cost of tools."""

from __future__ import annotations

from typing import Final

from ostiary.ui.language import tr, tr_n

SEARCH_OUTPUT: Final = tr("Search the output")
NEXT: Final = tr("Next")
PREVIOUS: Final = tr("Previous")
COPY: Final = tr("Copy")
CLEAR_VIEW: Final = tr("Clear the view")
NO_OUTPUT: Final = tr("It has written nothing so far.")
PASTE_BLOCK: Final = tr("Paste a block…")
COST_MEANS: Final = tr(
    "Estimated from the length of the definitions, four bytes a token: what a host that shows all of them to its "
    "model spends on every conversation."
)


def found(number: int) -> str:
    return tr_n("Found {n} time", "Found {n} times", number).format(n=f"{number:,}")


def output_of(title: str) -> str:
    """The accessible name of the text."""
    return tr("Output of {server}").format(server=title)


def memory_of(title: str, now: str) -> str:
    """What the small curve says to a screen reader."""
    return tr("Memory of {server} in the last minutes, now {size}").format(server=title, size=now)
