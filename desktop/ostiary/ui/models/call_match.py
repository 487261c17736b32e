"""Whether a call belongs to what the person wants to see, as far as its row tells. Pure.

What is kept of a call besides its row (arguments, result, reason) is sought by the log alone (``CallFilter.anywhere``).
"""

from __future__ import annotations

from ostiary.domain.call import FAILURES, CallFilter, CallRow


def matches(row: CallRow, wanted: CallFilter) -> bool:
    """True when the row passes every field of the filter but ``text`` and ``anywhere``."""
    return (
        wanted.host in ("", row.host)
        and wanted.server in ("", row.server)
        and wanted.tool in ("", row.tool or row.method)
        and wanted.decision in (None, row.decision)
        and wanted.outcome in (None, row.outcome)
        and (row.outcome in FAILURES or not wanted.failures)
        and row.started_at >= wanted.since
    )


def row_tells(wanted: CallFilter) -> bool:
    """False when only the log can say whether a call matches."""
    return not (wanted.text or wanted.anywhere)
