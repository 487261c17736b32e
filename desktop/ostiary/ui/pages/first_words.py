"""What the first minute says: its steps, proposed folders and the call to try."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ostiary.ui.language import said, tr, tr_n

WELCOME: Final = tr("Four steps, and your assistant reads your folder")
WELCOME_TEACH: Final = tr("Each can be skipped and done later. Nothing is shared before you say so.")
STEP_FOLDERS: Final = tr("1.  Choose a folder")
STEP_FOLDERS_TEACH: Final = tr("Servers see only what you add here. Changes to a file always ask you first.")
STEP_SERVERS: Final = tr("2.  Switch a server on")
STEP_SERVERS_TEACH: Final = tr("It starts at once, and every host that you connect sees its tools.")
STEP_HOSTS: Final = tr("3.  Connect your assistant")
STEP_HOSTS_TEACH: Final = tr("You see the change to its file before it is written.")
START_DONE: Final = tr("Done")
START_LATER: Final = tr("Do this later")
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


def try_it(folder: str) -> str:
    return tr("All set. Ask your assistant: what is in my folder {folder}?").format(folder=folder)
