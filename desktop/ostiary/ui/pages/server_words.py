"""What the page of servers says about output, memory and the cost of tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.domain.errors import in_sentences
from ostiary.domain.flow import StartChoice
from ostiary.domain.server import Isolation, ServerState, ServerView, ToolView
from ostiary.ui import figures
from ostiary.ui.language import said, tr, tr_n
from ostiary.ui.visible import reveal_line
from ostiary.ui.words import SERVER_STATES, hints

SEARCH_OUTPUT: Final = tr("Search the output")
NEXT: Final = tr("Next")
PREVIOUS: Final = tr("Previous")
COPY: Final = tr("Copy")
CLEAR_VIEW: Final = tr("Clear the view")
NO_OUTPUT: Final = tr("It has written nothing so far.")
PASTE_BLOCK: Final = tr("Paste a block…")
CONFIRM_COMMAND: Final = tr("Ostiary will run this program as you, with these arguments, when you switch it on:")
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
IDLE_STOP: Final = tr("Ends when nobody needed it for")
IDLE_STOPS_S: Final = (60.0, 600.0, 1_800.0, 7_200.0)
WAITING: Final = tr("Calls that may wait")
WAITING_MEANS: Final = tr("One more is refused at once, and its host is told so.")
MAY_WAIT: Final = (16, 64, 256, 1_024)
LONGEST: Final = tr("A call that tells of its progress ends after")
LONGESTS_S: Final = (900.0, 3_600.0, 14_400.0, 86_400.0)
WHICH_TOOL: Final = tr("Tool")
TOOL_LIMIT: Final = tr("Another limit for a tool")
TOOL_LIMIT_MEANS: Final = tr("For a tool that is silent for longer than the others, or must be quick.")
LIKE_THE_OTHERS: Final = tr("Like the others")
NEEDS_A_LOOK: Final = tr("Running, needs a look")


def remove(title: str) -> str:
    """The question before a server is removed."""
    return f"{tr('Remove {server}?').format(server=title)} {REMOVE_MEANS}"


def removed(title: str) -> str:
    return tr(
        "{server} was removed. Its settings, its rules and what you accepted of it are kept until Ostiary quits."
    ).format(server=title)


def uses_secrets(names: tuple[str, ...]) -> str:
    told = tr_n("Uses the secret {names}", "Uses the secrets {names}", len(names))
    return told.format(names=", ".join(names))


def found(number: int) -> str:
    return tr_n("Found {n} time", "Found {n} times", number).format(n=figures.number(number))


def output_of(title: str) -> str:
    """The accessible name of the text."""
    return tr("Output of {server}").format(server=title)


def memory_of(title: str, now: str) -> str:
    """What the small curve says to a screen reader."""
    return tr("Memory of {server} in the last minutes, now {size}").format(server=title, size=now)


def claims(tool: ToolView) -> str:
    """What a tool says of itself, and about what its definition costs."""
    if not tool.tokens:
        return hints(tool.hints)
    cost = tr_n("≈ {n} token", "≈ {n} tokens", tool.tokens).format(n=figures.number(tool.tokens))
    return f"{hints(tool.hints)} · {cost}"


def starts(choice: StartChoice) -> str:
    return START_CHOICES[choice]


def processes(choice: Isolation) -> str:
    return PROCESS_CHOICES[choice]


def failure(server: ServerView) -> str:
    """What went wrong with a server and what to do, in one paragraph; empty while all is well."""
    return in_sentences(said(server.error), said(server.advice))


def state_word(server: ServerView) -> str:
    """The word beside a server's mark."""
    troubled = server.trouble and server.state is ServerState.RUNNING
    return NEEDS_A_LOOK if troubled else SERVER_STATES[server.state]


def traffic(server: ServerView) -> str:
    """How many calls it has now; empty with none."""
    runs = tr_n("{n} call under way", "{n} calls under way", server.running_calls)
    waits = tr_n("{n} call waits", "{n} calls wait", server.waiting_calls)
    counted = ((runs, server.running_calls), (waits, server.waiting_calls))
    return " · ".join(told.format(n=figures.number(number)) for told, number in counted if number)


def tool_limit(length_s: float) -> str:
    """The limit of one tool; 0 where it has none of its own."""
    return seconds(length_s) if length_s else LIKE_THE_OTHERS


def tool_limits(limits: Mapping[str, float]) -> str:
    """The tools with a limit of their own."""
    return " · ".join(f"{reveal_line(name)}: {seconds(length_s)}" for name, length_s in limits.items())


def calls(number: int) -> str:
    return tr_n("{n} call", "{n} calls", number).format(n=figures.number(number))


def seconds(length_s: float) -> str:
    """A time limit, in minutes where it is that long."""
    if length_s >= 7_200:
        return tr_n("{n} hour", "{n} hours", round(length_s / 3_600)).format(n=round(length_s / 3_600))
    if length_s < 120:
        return tr_n("{n} second", "{n} seconds", round(length_s)).format(n=round(length_s))
    return tr_n("{n} minute", "{n} minutes", round(length_s / 60)).format(n=round(length_s / 60))
