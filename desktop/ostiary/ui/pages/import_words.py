"""The sentences of bringing servers in."""

from __future__ import annotations

from typing import Final

from ostiary.domain.host_import import AnswerKind, Candidate, Imported, ImportProgress, Wanted
from ostiary.ui.language import said, tr, tr_n

BRING_IN: Final = tr("Bring in servers…")
TITLE: Final = tr("Bring in your servers")
TEACH: Final = tr(
    "Servers that your hosts have already can run behind Ostiary: one process for all hosts, with your say over what "
    "they may do. Nothing is done before you have seen it."
)
FROM_HOSTS: Final = tr("From my hosts")
FROM_FILE: Final = tr("From a file…")
FROM_PROJECT: Final = tr("From a project…")
FROM_PROJECT_MEANS: Final = tr("All lists of servers in a project's folder")
FROM_TEXT: Final = tr("Paste…")
FROM_FILE_MEANS: Final = tr("A list of servers (.mcp.json) or a bundle (.mcpb)")
CHOOSE_FILE: Final = tr("Choose a list of servers or a bundle")
FILE_KINDS: Final = tr("Servers (*.mcpb *.dxt *.json *.toml);;All files (*)")
PASTE_HERE: Final = tr("Paste the block with “mcpServers” that the server's page shows.")
SHOW_PASTED: Final = tr("Look at it")
REPLACE: Final = tr("Replace the hosts' own entries")
REPLACE_MEANS: Final = tr("The hosts reach these servers through Ostiary alone; the change to their files is shown.")
CLOSE: Final = tr("Close")
NOT_NOW: Final = tr("Not now")
TAKE_BACK: Final = tr("Take it back")
TAKEN_BACK: Final = tr("All of it was taken back.")
TAKEN_BACK_BUT: Final = tr("It was taken back, but for this:")
NOTHING_FOUND: Final = tr("No server was found there.")
LOOKING: Final = tr("Looking…")
DIFF: Final = tr("Changes to the hosts' files")
ANSWER: Final = tr("Use these values")
REQUIRED: Final = tr("needed")
ONE_A_LINE: Final = tr("one a line")


def bring_in(number: int) -> str:
    """The button that does it."""
    return tr_n("Bring in {n} server", "Bring in {n} servers", number).format(n=number)


def tick(name: str) -> str:
    """The accessible name of a server's switch."""
    return tr("Bring in {name}").format(name=name)


def found_in(candidate: Candidate) -> str:
    return tr("in {places}").format(places=", ".join(candidate.found_in))


def kept(secret: str, place: str) -> str:
    """What happens to a value that looks like a secret."""
    return tr("{place} goes to your keyring as {secret}").format(place=place, secret=secret)


def variable(name: str, value: str) -> str:
    return f"{name}={value}"


def not_read(reason: str) -> str:
    return tr("Not read: {reason}").format(reason=said(reason))


def progress(told: ImportProgress) -> str:
    """How far a bundle is."""
    done, total = (f"{size_bytes / 1_000_000:.0f}" for size_bytes in (told.done_bytes, told.total_bytes))
    return tr("{done} of {total} MB of the bundle are done.").format(done=done, total=total)


def wanted(one: Wanted) -> str:
    """The label of a value that a bundle asks for."""
    facts = [*([REQUIRED] if one.required else []), *([ONE_A_LINE] if one.multiple else [])]
    return f"{one.title} ({', '.join(facts)})" if facts else one.title


def answer_hint(kind: AnswerKind) -> str:
    match kind:
        case AnswerKind.DIRECTORY:
            return tr("The full path of a folder")
        case AnswerKind.FILE:
            return tr("The full path of a file")
        case AnswerKind.NUMBER:
            return tr("A number")
        case _:
            return ""


def done(imported: Imported) -> str:
    """What was done, and what comes next."""
    names = ", ".join(imported.servers)
    said = [tr("Brought in: {names}.").format(names=names)]
    if imported.secrets:
        said.append(tr("In your keyring now: {names}.").format(names=", ".join(imported.secrets)))
    said.append(tr("They are off. On the page Servers you switch on what you want to use."))
    return " ".join(said)
