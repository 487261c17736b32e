"""What Activity says. Pure: calls come in, plain text goes out, with every hidden character named."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, assert_never

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome
from ostiary.ui.approval.visible import reveal_line
from ostiary.ui.language import tr, tr_n
from ostiary.ui.models.call_lines import Fold, Line
from ostiary.ui.models.calls import Column
from ostiary.ui.pages.activity_messages import body

HEADINGS: Final = ("Time", "Host", "Server", "Tool", "Object", "Decision", "Outcome", "Duration")
ALL_HOSTS: Final = "All hosts"
ALL_SERVERS: Final = "All servers"
ALL_OUTCOMES: Final = "All outcomes"
ANY_TIME: Final = "Any time"
ALL_TOOLS: Final = tr("All tools")
ALL_DECISIONS: Final = tr("All decisions")
GROUP_REPEATS: Final = tr("Group repeats")
FAILURES_ONLY: Final = "Failures only"
EXPORT: Final = "Export…"
EXPORT_TITLE: Final = "Export calls"
EXPORT_FORMS: Final = "JSON Lines (*.jsonl);;CSV (*.csv)"
SEARCH: Final = "Search calls"
SEARCH_MEANS: Final = tr("Looks through names, arguments and results")
STOP_SEARCH: Final = tr("Stop")
GO_ON: Final = tr("Search on")
CHARTS: Final = tr("Charts")
NO_CALLS: Final = "No calls yet"
NO_CALLS_TEACH: Final = "When a host uses a tool, the call appears here at once: who asked, for what, and how it ended."
NO_MATCH: Final = "No call matches"
NO_MATCH_TEACH: Final = tr("All of the log was looked through: names, arguments and results.")
CLEAR_FILTERS: Final = "Clear filters"
COPY_JSON: Final = "Copy as JSON"
THE_RULE: Final = "The rule that decided"
ALLOW_NEXT: Final = "Allow next time"
ALLOWED_NEXT: Final = "The identical call passes once within 10 minutes."
ALWAYS_ASK: Final = "Always ask"
ASKS_NOW: Final = "Every call of this tool asks you from now on."
UNDO: Final = "Undo this write"
UNDONE: Final = "Undone. What it changed is as it was before; the undo is a call of its own."
THE_CALL: Final = tr("Call")
MESSAGES: Final = tr("JSON-RPC messages")
SHOW_MESSAGES: Final = tr("As JSON-RPC")
MESSAGES_MEAN: Final = tr("As spoken with the host: secrets masked, long parts cut, with the call's own number.")
NOT_KEPT: Final = "Not kept."

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
    Outcome.RUNNING: Look("◐", "Running", "busy"),
    Outcome.OK: Look("●", "OK", "ok"),
    Outcome.FAILED: Look("▲", "Failed", "problem"),
    Outcome.ERROR: Look("▲", "Error", "problem"),
    Outcome.DENIED: Look("■", "Denied", "ask"),
    Outcome.UNANSWERED: Look("□", "No answer", "ask"),
    Outcome.CANCELLED: Look("○", "Cancelled", "text_dim"),
    Outcome.CUT_OFF: Look("╳", "Cut off", "problem"),
}

DECISIONS: Final = {Decision.ALLOW: tr("Allowed"), Decision.DENY: tr("Denied"), Decision.ASK: tr("Asking you")}

_BY: Final = {
    DecidedBy.DEFAULT: "",
    DecidedBy.RULE: " by rule",
    DecidedBy.PERSON: " by you",
    DecidedBy.NOBODY: ", no answer",
    DecidedBy.MODE: " by mode",
    DecidedBy.HEADLESS: " headless",
}


Titles = Mapping[str, str]
"""What hosts and servers are called, by their names."""


NO_TITLES: Final[Titles] = {}


def line_cell(line: Line, column: Column, titles: Titles = NO_TITLES) -> str:
    """The text of one cell of a line that stands for one call or for several."""
    text = cell(line.row, column, titles)
    return f"{_FOLDS[line.fold].format(n=line.calls)}{text}" if column is Column.TOOL else text


_FOLDS: Final = {Fold.SINGLE: "", Fold.CLOSED: "▸ ×{n:,}  ", Fold.OPEN: "▾ ×{n:,}  ", Fold.INSIDE: "      "}


def spoken(line: Line) -> str:
    """What a screen reader says for the tool's cell."""
    tool = cell(line.row, Column.TOOL)
    match line.fold:
        case Fold.SINGLE:
            return tool
        case Fold.CLOSED:
            return tr("{tool}, {n} calls alike in a row, closed").format(tool=tool, n=line.calls)
        case Fold.OPEN:
            return tr("{tool}, {n} calls alike in a row, open").format(tool=tool, n=line.calls)
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
            return OUTCOMES[row.outcome].text
        case Column.DURATION:
            return "" if row.outcome is Outcome.RUNNING else span(row.duration_ms)
        case _:
            assert_never(column)


def moment(at: float, now: float) -> str:
    """Local time of day, with the date when it is more than half a day ago."""
    form = "%H:%M:%S" if abs(now - at) < DAY_S / 2 else "%d %b %H:%M"
    return time.strftime(form, time.localtime(at))


def span(duration_ms: float) -> str:
    """ "4 ms", "1.2 s", "3 min"."""
    if duration_ms < 1:
        return "< 1 ms"
    if duration_ms < 1_000:
        return f"{duration_ms:.0f} ms"
    if duration_ms < 60_000:
        return f"{duration_ms / 1_000:.1f} s"
    return f"{duration_ms / 60_000:.0f} min"


def decision(row: CallRow) -> str:
    """What the gate made of it, and by whose hand."""
    match row.decision:
        case Decision.ASK:
            return "Asking you"
        case Decision.ALLOW:
            return f"Allowed{_BY[row.decided_by]}"
        case Decision.DENY:
            return f"Denied{_BY[row.decided_by]}"
        case _:
            assert_never(row.decision)


def sentence(row: CallRow, titles: Titles) -> str:
    """The call in a sentence."""
    what = f"{reveal_line(row.tool or row.method)} of {reveal_line(titles.get(row.server, row.server))}"
    on = f" on {reveal_line(row.item)}" if row.item else ""
    return f"{reveal_line(titles.get(row.host, row.host))} called {what}{on}."


def timing(row: CallRow) -> str:
    """How the whole time splits."""
    if row.outcome is Outcome.RUNNING:
        return "Still running."
    server = max(0.0, row.duration_ms - row.waited_ms)
    if row.waited_ms:
        return f"{span(row.duration_ms)}: {span(row.waited_ms)} waiting for you, {span(server)} in the server"
    return f"{span(row.duration_ms)} in the server"


def why(detail: CallDetail) -> str:
    """The decision and what it came from."""
    by_default = " by default" if detail.row.decided_by is DecidedBy.DEFAULT else ""
    reason = f": {reveal_line(detail.reason)}" if detail.reason else ""
    return f"{decision(detail.row)}{by_default}{reason}"


SPANS: Final = {"Last hour": 3_600.0, "Last 24 hours": 86_400.0, "Last 7 days": 604_800.0}
"""How far back the table may go, in seconds."""


def exporting(count: int, share: float) -> str:
    """``share`` is how much of the log is done, 0 to 1."""
    return tr_n(
        "Exporting… {n:,} call so far, {percent} %", "Exporting… {n:,} calls so far, {percent} %", count
    ).format(n=count, percent=int(share * 100))


def found(count: int, *, restricted: bool) -> str:
    """How many calls there are, once the log is looked through."""
    if restricted:
        return tr_n("{n:,} call matches", "{n:,} calls match", count).format(n=count)
    return tr_n("{n:,} call", "{n:,} calls", count).format(n=count)


def searching(count: int, share: float) -> str:
    """How far the log is looked through, and how many calls were found by now."""
    return tr_n("Searching… {percent} %, {n:,} call found", "Searching… {percent} %, {n:,} calls found", count).format(
        n=count, percent=int(share * 100)
    )


def stopped(count: int, share: float) -> str:
    """The person stopped it there."""
    return tr_n(
        "{n:,} call found in the newest {percent} % of the log",
        "{n:,} calls found in the newest {percent} % of the log",
        count,
    ).format(n=count, percent=int(share * 100))


def not_searched(reason: str) -> str:
    return tr("The log could not be searched: {reason}").format(reason=reason)


def exported(count: int, path: str) -> str:
    return f"{count:,} calls are in {reveal_line(path)}, the newest first."


def not_exported(reason: str) -> str:
    return f"Nothing was exported: {reveal_line(reason)}"


def rule_link(number: int) -> str:
    """The way to the rule that decided."""
    return f"Rule {number} →"


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
    return f"↓ {count:,} new" if count else "↓ Newest"
