"""What the page of settings says."""

from __future__ import annotations

from typing import Final

from ostiary.domain.approval import Duration, Scope
from ostiary.domain.house_rules import Writes
from ostiary.ui import figures
from ostiary.ui.language import tr, tr_n
from ostiary.ui.preferences import Language, Notify
from ostiary.ui.theme import Scheme

THIS_COMPUTER: Final = tr("On this computer")
AT_LOGIN: Final = tr("Start when you log in")
AT_LOGIN_MEANS: Final = tr("Hosts then find their servers at once. Otherwise they start Ostiary when they need it.")
AT_LOGIN_OTHER: Final = tr("Another copy of Ostiary starts when you log in. Switch this on to start this one instead.")

THEME: Final = tr("Theme")
SCHEMES: Final = {Scheme.SYSTEM: tr("System"), Scheme.LIGHT: tr("Light"), Scheme.DARK: tr("Dark")}
LANGUAGE: Final = tr("Language")
LANGUAGES: Final = {Language.SYSTEM: tr("As the desktop"), Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
LANGUAGE_LATER: Final = tr("This counts when the window starts again. Hosts and their servers go on meanwhile.")
RESTART_NOW: Final = tr("Restart now")

QUESTIONS: Final = tr("When something asks you")
COUNTDOWN: Final = tr("Time to answer")
COUNTDOWN_MEANS: Final = tr("Nobody answered means no. A host that gives up earlier shortens the time.")
COUNTDOWNS_S: Final = (15, 30, 45, 600)
FIRST_OFFER: Final = tr("First in “Allow for…”")
FIRST_OFFER_MEANS: Final = tr("Stands on top of that menu where a question offers it. Nothing is chosen for you.")
FIRST_SCOPES: Final = {
    None: tr("Nothing"),
    Scope.ARGUMENTS: tr("The same arguments"),
    Scope.FOLDER: tr("This folder"),
    Scope.TOOL: tr("This tool"),
}
FIRST_DURATIONS: Final = {
    Duration.FIVE_MINUTES: tr("for 5 minutes"),
    Duration.HOUR: tr("for 1 hour"),
    Duration.UNTIL_DISCONNECT: tr("until the host disconnects"),
    Duration.UNTIL_QUIT: tr("until Ostiary quits"),
}
FIRST_DURATION: Final = tr("How long the first offer holds")
RISKY: Final = tr("Offer “always” for risky tools too")
RISKY_MEANS: Final = tr("Risky is what may delete or overwrite, or reaches beyond this computer.")
RISKY_WARNING: Final = tr(
    "Such a tool would then never ask again, also when a model was tricked into calling it. "
    "Shorter times are nearly always enough. Offer “always” all the same?"
)
RISKY_YES: Final = tr("Offer it")
NOTIFY: Final = tr("Notifications")
NOTIFY_MEANS: Final = tr("A notification can deny or open the question, never allow.")
NOTIFIES: Final = {
    Notify.ALWAYS: tr("Always"),
    Notify.AWAY: tr("While Ostiary is not in front"),
    Notify.NEVER: tr("Never"),
}

ALONE: Final = tr("While no window or tray is there")
WRITES: Final = tr("A write that would ask you")
WRITES_MEANS: Final = tr("Sensitive files and changed tools are denied then, whatever is chosen here.")
WRITE_CHOICES: Final = {
    Writes.DENY: tr("Is denied"),
    Writes.ELICIT: tr("Is asked about by its host"),
    Writes.ALLOW: tr("Is allowed"),
}
LOOSER_WARNINGS: Final = {
    Writes.ELICIT: tr("The host then shows the question in its own window, or answers it by itself. Choose this?"),
    Writes.ALLOW: tr("Nobody then sees a write before it is made. Allow them all while you are away?"),
}
LOOSER_YES: Final = tr("Choose this")

CALL_LOG: Final = tr("Call log")
BODIES: Final = tr("Keep arguments and results")
BODIES_MEANS: Final = tr("Secrets are masked before anything is written. Off counts for calls from now on.")
KEEP_FOR: Final = tr("Keep calls for")
KEEP_FOR_MEANS: Final = tr("Whichever limit is reached first: the oldest calls go.")
DAYS: Final = (7, 30, 90, 365)
SIZES_MB: Final = (16, 64, 256, 1_024)
LARGEST: Final = tr("Largest size of the log")
ROWS: Final = (10_000, 100_000, 1_000_000)
MOST_ROWS: Final = tr("Most calls kept")

KEPT_ASIDE: Final = tr("Your choices for this window could not be read, so the usual ones count")


def seconds(number: int) -> str:
    """A countdown's length; the longest is as long as the host waits."""
    longest = COUNTDOWNS_S[-1]
    if number >= longest:
        return tr("As long as the host waits")
    return tr_n("{n} second", "{n} seconds", number).format(n=number)


def days(number: int) -> str:
    return tr_n("{n} day", "{n} days", number).format(n=number)


def size(megabytes: int) -> str:
    if megabytes % 1_024 == 0:
        return tr("{n} GB").format(n=megabytes // 1_024)
    return tr("{n} MB").format(n=megabytes)


def first_scope(scope: Scope | None) -> str:
    return FIRST_SCOPES[scope]


def first_duration(duration: Duration) -> str:
    return FIRST_DURATIONS[duration]


def notify(when: Notify) -> str:
    return NOTIFIES[when]


def writes(choice: Writes) -> str:
    return WRITE_CHOICES[choice]


def language(which: Language) -> str:
    return LANGUAGES[which]


def rows(number: int) -> str:
    return tr_n("{n} call", "{n} calls", number).format(n=figures.number(number))


def kept_aside(path: str) -> str:
    return tr("The file is kept as {path}.").format(path=path)
