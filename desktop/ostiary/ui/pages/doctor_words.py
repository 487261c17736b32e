"""The sentences of the doctor's page. What was found comes from the gateway in sentences of its own."""

from __future__ import annotations

from typing import Final

from ostiary.ui.language import tr, tr_n

DOCTOR: Final = tr("Doctor")
LOOKING: Final = tr("Looking at hosts, servers, the keyring and this system…")
AGAIN: Final = tr("Look again")
SAVE: Final = tr("Save report…")
SAVE_MEANS: Final = tr("A text to attach to a bug: without secrets, your name and the paths of your folders")
FILE_NAME: Final = "ostiary-report.txt"
ALL_WELL: Final = tr("Nothing is wrong.")
WELL: Final = tr("What is in order")
TRAY: Final = tr("This desktop shows Ostiary's icon in its tray.")
NO_TRAY: Final = tr("This desktop shows no tray.")
NO_TRAY_ACTION: Final = tr("Closing the window quits Ostiary; keep it open, or add a tray to your desktop.")


def wrong(number: int) -> str:
    return tr_n("{n} thing needs you.", "{n} things need you.", number).format(n=number)


def saved(path: str) -> str:
    return tr("Saved as {path}. Read it before you give it away.").format(path=path)


def not_saved(path: str, reason: str) -> str:
    return tr("{path} could not be written: {reason}.").format(path=path, reason=reason)
