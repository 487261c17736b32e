"""What the page of servers says about output, memory and the cost of tools."""

from __future__ import annotations

from typing import Final

from ostiary.domain.flow import StartChoice
from ostiary.domain.server import Isolation
from ostiary.ui import figures
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

REMOVE_MEANS: Final = tr("It stops at once, and hosts lose its tools. You can put it back until Ostiary quits.")

HOW_IT_RUNS: Final = tr("How it runs")
STARTS: Final = tr("Starts")
STARTS_MEANS: Final = tr("On demand it starts with the first call and ends when nobody needs it.")
START_CHOICES: Final = {StartChoice.ALWAYS: tr("When it is switched on"), StartChoice.ON_DEMAND: tr("On demand")}
PROCESSES: Final = tr("Processes")
PROCESS_CHOICES: Final = {Isolation.SHARED: tr("One for all hosts"), Isolation.PER_HOST: tr("One for each host")}
AT_ONCE: Final = tr("Calls at the same time")
AT_ONCE_MEANS: Final = tr("More than these wait for their turn.")
CALLS_AT_ONCE: Final = (1, 4, 16, 64)
TIMEOUT: Final = tr("A call without a word ends after")
TIMEOUT_MEANS: Final = tr("The time that you take to answer a question does not count.")
TIMEOUTS_S: Final = (60.0, 300.0, 900.0, 3_600.0)


def remove(title: str) -> str:
    """The question before a server is removed."""
    return f"{tr('Remove {server}?').format(server=title)} {REMOVE_MEANS}"


def removed(title: str) -> str:
    return tr(
        "{server} was removed. Its settings, its rules and what you accepted of it are kept until Ostiary quits."
    ).format(server=title)


def uses_secrets(names: tuple[str, ...]) -> str:
    return tr("Uses the secrets {names}").format(names=", ".join(names))


def found(number: int) -> str:
    return tr_n("Found {n} time", "Found {n} times", number).format(n=figures.number(number))


def output_of(title: str) -> str:
    """The accessible name of the text."""
    return tr("Output of {server}").format(server=title)


def memory_of(title: str, now: str) -> str:
    """What the small curve says to a screen reader."""
    return tr("Memory of {server} in the last minutes, now {size}").format(server=title, size=now)


def starts(choice: StartChoice) -> str:
    return START_CHOICES[choice]


def processes(choice: Isolation) -> str:
    return PROCESS_CHOICES[choice]


def calls(number: int) -> str:
    return tr_n("{n} call", "{n} calls", number).format(n=figures.number(number))


def seconds(length_s: float) -> str:
    """A time limit, in minutes where it is that long."""
    if length_s < 120:
        return tr_n("{n} second", "{n} seconds", round(length_s)).format(n=round(length_s))
    return tr_n("{n} minute", "{n} minutes", round(length_s / 60)).format(n=round(length_s / 60))
