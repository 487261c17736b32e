"""Makes the person's choices about the gate and the log count."""

from __future__ import annotations

from ostiary.domain.house_rules import HouseRules, Writes
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.store import Retention
from ostiary.gateway.gate import Gate

DAY_S = 86_400.0


def enforce(chosen: HouseRules, started_with: Writes | None, gate: Gate, log: CallLog) -> None:
    """Count at once. What ``--writes`` said at the start stands above what was chosen about writes.

    What is asked of the settings at the moment of use (``risky_always``, ``answer_within_s``) needs nothing here.
    """
    gate.writes = started_with or chosen.writes
    log.keep_bodies = chosen.keep_bodies
    age_s, size_bytes = chosen.log_days * DAY_S, chosen.log_size_mb << 20
    log.retain(Retention(age_s=age_s, rows=chosen.log_rows, size_bytes=size_bytes))
