"""What Activity says. Pure: calls come in, plain text goes out, with every hidden character named."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, assert_never

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome
from ostiary.ui.approval.visible import reveal_line
from ostiary.ui.models.calls import Column

HEADINGS: Final = ("Time", "Host", "Server", "Tool", "Object", "Decision", "Outcome", "Duration")
ALL_HOSTS: Final = "All hosts"
ALL_SERVERS: Final = "All servers"
ALL_OUTCOMES: Final = "All outcomes"
ANY_TIME: Final = "Any time"
FAILURES_ONLY: Final = "Failures only"
EXPORT: Final = "Export…"
EXPORT_TITLE: Final = "Export calls"
EXPORT_FORMS: Final = "JSON Lines (*.jsonl);;CSV (*.csv)"
SEARCH: Final = "Search calls"
NO_CALLS: Final = "No calls yet"
NO_CALLS_TEACH: Final = "When a host uses a tool, the call appears here at once: who asked, for what, and how it ended."
NO_MATCH: Final = "No call matches"
NO_MATCH_TEACH: Final = "The log is searched as well as what is on screen."
CLEAR_FILTERS: Final = "Clear filters"
COPY_JSON: Final = "Copy as JSON"
THE_RULE: Final = "The rule that decided"
ALLOW_NEXT: Final = "Allow next time"
ALLOWED_NEXT: Final = "The identical call passes once within 10 minutes."
ALWAYS_ASK: Final = "Always ask"
ASKS_NOW: Final = "Every call of this tool asks you from now on."
UNDO: Final = "Undo this write"
UNDONE: Final = "Undone. What it changed is as it was before; the undo is a call of its own."
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


def exporting(count: int) -> str:
    return f"Exporting… {count:,} calls so far"


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
    record |= {"arguments": _body(detail.arguments), "result": _body(detail.result)}
    return json.dumps(record, indent=2, ensure_ascii=False)


def distinct(values: Iterable[str]) -> list[str]:
    """The names to choose from, in order."""
    return sorted({value for value in values if value}, key=str.casefold)


def _body(text: str) -> object:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def unseen(count: int) -> str:
    """The button that goes back to the end."""
    return f"↓ {count:,} new" if count else "↓ Newest"
