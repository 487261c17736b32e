"""What an agent hears when a call is denied: who said no and whether it may ask again, never a way around it. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import assert_never

from ostiary.domain.call import DecidedBy


class DenialCause(Enum):
    """Why a call was denied."""

    PERSON = auto()
    REPEATED = auto()
    """The person denied the identical call within the last minute."""
    UNANSWERED = auto()
    LOCKED = auto()
    """The screen is locked, or was when the question was open: nobody sees one then."""
    WITHDRAWN = auto()
    """The question went away (the front ended) before anybody answered it."""
    TOO_MANY = auto()
    SILENCED = auto()
    """Several questions of this host stayed unanswered; it is denied for a while without asking."""
    DISABLED = auto()
    RULE = auto()
    """A rule that the person wrote denies it."""
    BLOCKED = auto()
    PAUSED = auto()
    HEADLESS = auto()
    """Nobody can be asked, and Ostiary was not started to allow writes."""
    NOT_LOGGED = auto()
    """The call log could not note the call, and nothing that may write goes out without that."""


def denial_text(cause: DenialCause, tool: str) -> str:
    """The text of the ``isError`` result. ``tool`` is the name that the host used."""
    return f"The call to {tool} was not made: {_CAUSES[cause]}"


_CAUSES = {
    DenialCause.PERSON: "the person at this computer denied it. The same call is not put to them again right away.",
    DenialCause.REPEATED: "the person at this computer denied the same call less than a minute ago.",
    DenialCause.UNANSWERED: "nobody answered in time. The person may be away; it may be asked again later.",
    DenialCause.LOCKED: "the screen of this computer is locked, so nobody can be asked. It may be asked again later.",
    DenialCause.WITHDRAWN: "the question to the person was withdrawn before it was answered. It may be asked again.",
    DenialCause.TOO_MANY: "too many calls already wait for the person's answer. It may be asked again later.",
    DenialCause.SILENCED: "several questions stayed unanswered, so for some minutes none are put to the person.",
    DenialCause.DISABLED: "a rule of the person at this computer does not permit this tool.",
    DenialCause.RULE: "a rule of the person at this computer does not permit this call.",
    DenialCause.BLOCKED: "the person at this computer has blocked all calls for now.",
    DenialCause.PAUSED: "the person at this computer takes no questions for now. It may be asked again later.",
    DenialCause.HEADLESS: "a rule denies calls that may write while nobody can be asked.",
    DenialCause.NOT_LOGGED: "it could not be noted in the call log, which every call that may write needs.",
}


def decided_by(cause: DenialCause) -> DecidedBy:
    """Who made this denial, for the log."""
    match cause:
        case DenialCause.PERSON | DenialCause.REPEATED:
            return DecidedBy.PERSON
        case DenialCause.UNANSWERED | DenialCause.LOCKED | DenialCause.WITHDRAWN | DenialCause.SILENCED:
            return DecidedBy.NOBODY
        case DenialCause.TOO_MANY | DenialCause.NOT_LOGGED:
            return DecidedBy.DEFAULT
        case DenialCause.DISABLED | DenialCause.RULE:
            return DecidedBy.RULE
        case DenialCause.BLOCKED | DenialCause.PAUSED:
            return DecidedBy.MODE
        case DenialCause.HEADLESS:
            return DecidedBy.HEADLESS
    assert_never(cause)
