"""One call's row in the log, from its arrival to its end."""

from __future__ import annotations

import time

from ostiary.domain.approval import Caller, Decision
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import OstiaryError
from ostiary.gateway.asking import Asked
from ostiary.gateway.calllog.entries import CallDecision, CallEnd, CallStart
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.policy.verdict import Verdict


class LogEntry:
    """A call as it is noted. Times are measured here; bodies are handed over raw and redacted on the log's thread."""

    def __init__(self, log: CallLog, caller: Caller, asked: Asked) -> None:
        self._log = log
        self._caller = caller
        self._asked = asked
        self._started_at = time.time()
        self._began_s = time.perf_counter()
        self._number = 0
        self.change = ""
        """What it changed, by the number that a bundled server gave it; empty for nothing that can be undone."""

    @property
    def number(self) -> int:
        """The row's number; 0 before it was opened."""
        return self._number

    def open(self, server: str, name: str, item: str, encoded: bytes, verdict: Verdict | None = None) -> None:
        """The call found its server. ``item`` is the path or URI it is about; ``encoded`` is what is shown, as JSON.

        With a ``verdict`` it is decided already; otherwise ``decide`` follows.
        """
        self._number = self._log.open(
            CallStart(
                started_at=self._started_at,
                host=self._caller.host,
                server=server,
                method=self._asked.method,
                tool=name if "uri" not in self._asked.params else "",
                item=item,
                decision=Decision.ASK if verdict is None else _decision(verdict),
                decided_by=DecidedBy.DEFAULT if verdict is None else verdict.by,
                reason="" if verdict is None else self._reason(verdict),
                rule=0 if verdict is None else verdict.rule,
                caller=_words(self._caller),
                request_bytes=self._asked.size_bytes,
                arguments=encoded,
            )
        )

    def decide(self, verdict: Verdict) -> None:
        """What the gate made of it."""
        step = CallDecision(
            decision=_decision(verdict),
            decided_by=verdict.by,
            reason=self._reason(verdict),
            waited_ms=verdict.waited_s * 1000,
            rule=verdict.rule,
        )
        self._log.decide(self._number, step)

    async def is_committed(self) -> bool:
        """True once all of it is in the file; false when the log cannot be written."""
        try:
            await self._log.committed(self._number)
        except OstiaryError:
            return False
        return True

    def close(self, outcome: Outcome, body: bytes) -> None:
        """It ended."""
        duration_ms = (time.perf_counter() - self._began_s) * 1000
        end = CallEnd(outcome=outcome, duration_ms=duration_ms, response_bytes=len(body), result=body, undo=self.change)
        self._log.close(self._number, end)

    def _reason(self, verdict: Verdict) -> str:
        through = self._asked.through
        return f"{verdict.reason} It came through {through}." if through else verdict.reason


def _decision(verdict: Verdict) -> Decision:
    return Decision.ALLOW if verdict.allowed else Decision.DENY


def _words(caller: Caller) -> str:
    if not caller.processes:
        return "unverified: no process was found"
    first = caller.processes[0]
    program = first.script or first.executable or first.name
    return f"{'verified' if caller.verified else 'unverified'}: {program} (pid {first.pid})"
