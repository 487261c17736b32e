"""What a filter means in SQL. Pure; column names are our own, and every value is bound."""

from __future__ import annotations

import json

from ostiary.domain.call import FAILURES, CallFilter

Values = tuple[str | float, ...]

_NAMES = (
    *("{of}.host", "{of}.server", "CASE {of}.tool WHEN '' THEN {of}.method ELSE {of}.tool END"),
    *("{of}.item", "{of}.reason"),
)
"""What is shown of a call in its row, and why it was decided so: without a tool, its method."""
_BODIES = ("arguments", "result")


def conditions(wanted: CallFilter, of: str = "calls") -> tuple[str, Values]:
    """The condition on the rows of the table ``of``, and what it binds."""
    asked: list[tuple[str, Values]] = []
    for column, value in (("host", wanted.host), ("server", wanted.server)):
        if value:
            asked.append((f"{of}.{column} = ?", (value,)))
    if wanted.tool:
        asked.append((f"({of}.tool = ? OR ({of}.tool = '' AND {of}.method = ?))", (wanted.tool, wanted.tool)))
    if wanted.decision is not None:
        asked.append((f"{of}.decision = ?", (wanted.decision.value,)))
    if wanted.outcome is not None:
        asked.append((f"{of}.outcome = ?", (wanted.outcome.value,)))
    if wanted.failures:
        places = ", ".join("?" * len(FAILURES))
        asked.append((f"{of}.outcome IN ({places})", tuple(outcome.value for outcome in FAILURES)))
    if wanted.since:
        asked.append((f"{of}.started_at >= ?", (wanted.since,)))
    if wanted.text:
        asked.append(_sought(" || ' ' || ".join(_names(of)), wanted.text))
    if wanted.anywhere:
        asked.append(_anywhere(of, wanted.anywhere))
    condition = " AND ".join(condition for condition, _ in asked) or "TRUE"
    return condition, tuple(value for _, values in asked for value in values)


def _anywhere(of: str, text: str) -> tuple[str, Values]:
    """Names come first: they are cheaper to look at. In a body a quote or a line's end is written escaped."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    each = [_sought(where, text) for where in (*_names(of), *(f"{of}.{column}" for column in _BODIES))]
    if written != text:
        each += [_sought(f"{of}.{column}", written) for column in _BODIES]
    return f"({' OR '.join(one for one, _ in each)})", tuple(value for _, values in each for value in values)


def _names(of: str) -> tuple[str, ...]:
    return tuple(name.format(of=of) for name in _NAMES)


def _sought(where: str, text: str) -> tuple[str, Values]:
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{where} LIKE ? ESCAPE '\\'", (f"%{literal}%",)
