"""What the first minute says of proposed folders and of the call to try."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ostiary.ui.language import said, tr, tr_n

PROPOSED: Final = tr("Found on this machine:")
ADD: Final = tr("Add")
CHOOSE_FOLDER: Final = tr("Choose a folder…")
STEP_TRY: Final = tr("4.  Try it")
STEP_TRY_TEACH: Final = tr("A real call, as your assistant would make it, lists your first folder.")
TRY: Final = tr("Try it")
TRYING: Final = tr("Waiting for the answer…")
NEEDS_FOLDER_AND_FILES: Final = tr("Add a folder and switch Files on first.")
SHOW_IN_LOG: Final = tr("Show it in the log")
NO_ANSWER: Final = tr("No answer came in a minute.")
OPEN_START: Final = tr("First steps")


def add(path: Path) -> str:
    """The accessible name of a proposal's button."""
    return tr("Add {path}").format(path=path)


def listed(label: str, text: str) -> str:
    """What came back, as a person would say it; ``text`` has one entry a line."""
    number = len(text.splitlines())
    told = tr_n("It works: {n} line about {folder} came back.", "It works: {n} lines about {folder} came back.", number)
    return told.format(n=number, folder=label)


def failed(why: str) -> str:
    return tr("It did not work: {why}").format(why=said(why) or NO_ANSWER)
