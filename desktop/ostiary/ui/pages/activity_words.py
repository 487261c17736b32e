"""What Activity says. Pure: calls come in, plain text goes out, with every hidden character named."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, assert_never

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome
from ostiary.ui.figures import milliseconds, number
from ostiary.ui.language import said, tr, tr_n
from ostiary.ui.models.call_lines import Fold, Line
from ostiary.ui.models.calls import Column
from ostiary.ui.pages.activity_messages import body
from ostiary.ui.visible import reveal_line

HEADINGS: Final = (
    tr("Time"),
    tr("Host"),
    tr("Server"),
    tr("Tool"),
    tr("Object"),
    tr("Decision"),
    tr("Outcome"),
    tr("Duration"),
)
ALL_HOSTS: Final = tr("All hosts")
ALL_SERVERS: Final = tr("All servers")
ALL_OUTCOMES: Final = tr("All outcomes")
ANY_TIME: Final = tr("Any time")
ALL_TOOLS: Final = tr("All tools")
ALL_DECISIONS: Final = tr("All decisions")
GROUP_REPEATS: Final = tr("Group repeats")
FAILURES_ONLY: Final = tr("Failures only")
EXPORT: Final = tr("Export…")
EXPORT_TITLE: Final = tr("Export calls")
EXPORT_FORMS: Final = "JSON Lines (*.jsonl);;CSV (*.csv)"  # names of formats, the same in every language
SEARCH: Final = tr("Search calls")
SEARCH_MEANS: Final = tr("Looks through names, arguments and results")
STOP_SEARCH: Final = tr("Stop")
GO_ON: Final = tr("Search on")
CHARTS: Final = tr("Charts")
NO_CALLS: Final = tr("No calls yet")
NO_CALLS_TEACH: Final = tr(
    "When a host uses a tool, the call appears here at once: who asked, for what, and how it ended."
)
NO_MATCH: Final = tr("No call matches")
NO_MATCH_TEACH: Final = tr("All of the log was looked through: names, arguments and results.")
CLEAR_FILTERS: Final = tr("Clear filters")
FILTERS: Final = tr("Filters")
COPY_JSON: Final = tr("Copy as JSON")
THE_RULE: Final = tr("The rule that decided")
ALLOW_NEXT: Final = tr("Allow next time")
ALLOWED_NEXT: Final = tr("The identical call passes once within 10 minutes.")
ALWAYS_ASK: Final = tr("Always ask")
ASKS_NOW: Final = tr("Every call of this tool asks you from now on.")
UNDO: Final = tr("Undo this write")
UNDONE: Final = tr("Undone. What it changed is as it was before; the undo is a call of its own.")
THE_CALL: Final = tr("Call")
CALLS: Final = tr("Calls")
ARGUMENTS: Final = tr("Arguments")
RESULT: Final = tr("Result")
TO_NEWEST: Final = tr("Go to the newest call")
MESSAGES: Final = tr("JSON-RPC messages")
SHOW_MESSAGES: Final = tr("As JSON-RPC")
MESSAGES_MEAN: Final = tr("As spoken with the host: secrets masked, long parts cut, with the call's own number.")
NOT_KEPT: Final = tr("Not kept.")

DAY_S: Final = 86_400


class Look(NamedTuple):
    """A state as shape, word and the name of its colour; never by colour alone."""

    shape: str
    word: str
    tone: str

    @property
    def text(self) -> str:
        return f"{self.shape} {self.word}"


OUTCOMES: Final = {
    Outcome.RUNNING: Look("◐", tr("Running"), "busy"),
    Outcome.OK: Look("●", tr("OK"), "ok"),
    Outcome.FAILED: Look("▲", tr("Failed"), "problem"),
    Outcome.ERROR: Look("▲", tr("Error"), "problem"),
    Outcome.DENIED: Look("■", tr("Denied"), "ask"),
    Outcome.UNANSWERED: Look("□", tr("No answer"), "ask"),
    Outcome.CANCELLED: Look("○", tr("Cancelled"), "text_dim"),
    Outcome.CUT_OFF: Look("╳", tr("Cut off"), "problem"),
}

DECISIONS: Final = {Decision.ALLOW: tr("Allowed"), Decision.DENY: tr("Denied"), Decision.ASK: tr("Asking you")}
ASKING: Final = Look("▲", DECISIONS[Decision.ASK], "ask")
"""In the place of an outcome: the call has not been made, and perhaps never is."""

_ALLOWED: Final = {
    DecidedBy.DEFAULT: tr("Allowed"),
    DecidedBy.RULE: tr("Allowed by rule"),
    DecidedBy.PERSON: tr("Allowed by you"),
    DecidedBy.NOBODY: tr("Allowed, no answer"),
    DecidedBy.MODE: tr("Allowed by mode"),
    DecidedBy.HEADLESS: tr("Allowed headless"),
}
_DENIED: Final = {
    DecidedBy.DEFAULT: tr("Denied"),
    DecidedBy.RULE: tr("Denied by rule"),
    DecidedBy.PERSON: tr("Denied by you"),
    DecidedBy.NOBODY: tr("Denied, no answer"),
    DecidedBy.MODE: tr("Denied by mode"),
    DecidedBy.HEADLESS: tr("Denied headless"),
}


Titles = Mapping[str, str]
"""What hosts and servers are called, by their names."""


NO_TITLES: Final[Titles] = {}


def line_cell(line: Line, column: Column, titles: Titles = NO_TITLES) -> str:
    """The text of one cell of a line that stands for one call or for several."""
    text = cell(line.row, column, titles)
    return f"{_FOLDS[line.fold].format(n=number(line.calls))}{text}" if column is Column.TOOL else text


_FOLDS: Final = {Fold.SINGLE: "", Fold.CLOSED: "▸ ×{n}  ", Fold.OPEN: "▾ ×{n}  ", Fold.INSIDE: "      "}


def spoken(line: Line) -> str:
    """What a screen reader says for the tool's cell."""
    tool = cell(line.row, Column.TOOL)
    match line.fold:
        case Fold.SINGLE:
            return tool
        case Fold.CLOSED:
            return tr("{tool}, {n} calls alike in a row, closed").format(tool=tool, n=number(line.calls))
        case Fold.OPEN:
            return tr("{tool}, {n} calls alike in a row, open").format(tool=tool, n=number(line.calls))
        case Fold.INSIDE:
            return tr("{tool}, one of several alike").format(tool=tool)
        case _:
            assert_never(line.fold)


def cell(row: CallRow, column: Column, titles: Titles = NO_TITLES) -> str:
    """The text of one cell. ``titles`` are those of hosts and servers."""
    match column:
        case Column.TIME:
            return moment(row.started_at, time.time())
        case Column.HOST:
            return reveal_line(titles.get(row.host, row.host))
        case Column.SERVER:
            return reveal_line(titles.get(row.server, row.server))
        case Column.TOOL:
            return reveal_line(row.tool or row.method)
        case Column.ITEM:
            return reveal_line(row.item)
        case Column.DECISION:
            return decision(row)
        case Column.OUTCOME:
            return outcome(row).text
        case Column.DURATION:
            return "" if row.outcome is Outcome.RUNNING else milliseconds(row.duration_ms)
        case _:
            assert_never(column)


def moment(at: float, now: float) -> str:
    """Local time of day, with the date when it is more than half a day ago."""
    form = tr("%H:%M:%S") if abs(now - at) < DAY_S / 2 else tr("%d %b %H:%M")
    return time.strftime(form, time.localtime(at))


def outcome(row: CallRow) -> Look:
    """How a call ended, or how it stands."""
    return ASKING if _waits_for_person(row) else OUTCOMES[row.outcome]


def _waits_for_person(row: CallRow) -> bool:
    return row.outcome is Outcome.RUNNING and row.decision is Decision.ASK


def decision(row: CallRow) -> str:
    """What the gate made of it, and by whose hand."""
    match row.decision:
        case Decision.ASK:
            return tr("Asking you")
        case Decision.ALLOW:
            return _ALLOWED[row.decided_by]
        case Decision.DENY:
            return _DENIED[row.decided_by]
        case _:
            assert_never(row.decision)


def decisions() -> tuple[str, ...]:
    """All that ``decision`` may say."""
    return (tr("Asking you"), *_ALLOWED.values(), *_DENIED.values())


def sentence(row: CallRow, titles: Titles) -> str:
    """The call in a sentence."""
    told = tr("{host} called {tool} of {server} on {item}.") if row.item else tr("{host} called {tool} of {server}.")
    return told.format(
        host=reveal_line(titles.get(row.host, row.host)),
        tool=reveal_line(row.tool or row.method),
        server=reveal_line(titles.get(row.server, row.server)),
        item=reveal_line(row.item),
    )


def timing(row: CallRow) -> str:
    """How the whole time splits."""
    if _waits_for_person(row):
        return tr("It waits for your answer.")
    if row.outcome is Outcome.RUNNING:
        return tr("Still running.")
    whole, waited = milliseconds(row.duration_ms), milliseconds(row.waited_ms)
    server = milliseconds(max(0.0, row.duration_ms - row.waited_ms))
    if row.waited_ms:
        told = tr("{whole}: {waited} waiting for you, {server} in the server")
        return told.format(whole=whole, waited=waited, server=server)
    return tr("{time} in the server").format(time=whole)


def why(detail: CallDetail) -> str:
    """The decision and what it came from."""
    decided = decision(detail.row)
    if detail.row.decided_by is DecidedBy.DEFAULT:
        decided = tr("{decision} by default").format(decision=decided)
    if not detail.reason:
        return decided
    return tr("{decision}: {reason}").format(decision=decided, reason=said(reveal_line(detail.reason)))


SPANS: Final = {tr("Last hour"): 3_600.0, tr("Last 24 hours"): 86_400.0, tr("Last 7 days"): 604_800.0}
"""How far back the table may go, in seconds."""


def exporting(count: int, share: float) -> str:
    """``share`` is how much of the log is done, 0 to 1."""
    told = tr_n("Exporting… {n} call so far, {percent} %", "Exporting… {n} calls so far, {percent} %", count)
    return told.format(n=number(count), percent=int(share * 100))


def found(count: int, *, restricted: bool) -> str:
    """How many calls there are, once the log is looked through."""
    if restricted:
        return tr_n("{n} call matches", "{n} calls match", count).format(n=number(count))
    return tr_n("{n} call", "{n} calls", count).format(n=number(count))


def searching(count: int, share: float) -> str:
    """How far the log is looked through, and how many calls were found by now."""
    told = tr_n("Searching… {percent} %, {n} call found", "Searching… {percent} %, {n} calls found", count)
    return told.format(n=number(count), percent=int(share * 100))


def stopped(count: int, share: float) -> str:
    """The person stopped it there."""
    return tr_n(
        "{n} call found in the newest {percent} % of the log",
        "{n} calls found in the newest {percent} % of the log",
        count,
    ).format(n=number(count), percent=int(share * 100))


def not_searched(reason: str) -> str:
    """``reason`` as the window tells it."""
    return tr("The log could not be searched: {reason}").format(reason=reason)


def exported(count: int, path: str) -> str:
    told = tr_n("{n} call is in {path}.", "{n} calls are in {path}, the newest first.", count)
    return told.format(n=number(count), path=reveal_line(path))


def not_exported(reason: str) -> str:
    """``reason`` as the window tells it."""
    return tr("Nothing was exported: {reason}").format(reason=reason)


def rule_link(rule: int) -> str:
    """The way to the rule that decided."""
    return tr("Rule {n} →").format(n=rule)


def may_allow_next(row: CallRow) -> bool:
    """Whether the person can let the identical call pass: one that was denied, or that nobody answered."""
    return row.outcome in (Outcome.DENIED, Outcome.UNANSWERED)


def as_json(detail: CallDetail) -> str:
    """The call for another program. Bodies that are whole JSON stand as JSON, those that were cut as text."""
    record = {name: getattr(detail.row, name) for name in CallRow.__struct_fields__}
    record |= {"reason": detail.reason, "caller": detail.caller, "rule": detail.rule or None}
    record |= {"arguments": body(detail.arguments), "result": body(detail.result)}
    return json.dumps(record, indent=2, ensure_ascii=False)


def distinct(values: Iterable[str]) -> list[str]:
    """The names to choose from, in order."""
    return sorted({value for value in values if value}, key=str.casefold)


def unseen(count: int) -> str:
    """The button that goes back to the end."""
    return tr_n("↓ {n} new", "↓ {n} new", count).format(n=number(count)) if count else tr("↓ Newest")


def filters(number: int) -> str:
    """The button that shows the filters, with how many of them are set."""
    return f"{FILTERS} · {number}" if number else FILTERS
