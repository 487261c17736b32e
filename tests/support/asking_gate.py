"""Approvals over a clock of the test, with everything that they told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ostiary.domain.approval import Caller, Duration, Offer, Question, QuestionEnd, QuestionKind, Scope
from ostiary.domain.events import Notice
from ostiary.gateway.policy.approvals import Answer, Approvals, Listeners

OFFERED = (
    Offer(scope=Scope.FOLDER, durations=(Duration.HOUR,), folder="/notes"),
    Offer(scope=Scope.TOOL, durations=(Duration.HOUR, Duration.UNTIL_QUIT)),
)


def draft(host: str = "cursor", *, verified: bool = True, offers: tuple[Offer, ...] = OFFERED) -> Question:
    return Question(
        id=0,
        kind=QuestionKind.CALL,
        asked_at=0,
        deadline=0,
        last_deadline=0,
        caller=Caller(host=host, title=host.title(), verified=verified),
        sentence="May it?",
        offers=offers,
    )


class Gate:
    """Approvals with everything they told, and the calls that wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.opened: list[Question] = []
        self.changed: list[Question] = []
        self.closed: list[tuple[int, QuestionEnd]] = []
        self.notices: list[Notice] = []
        self.approvals = Approvals(
            clock,
            Listeners(
                on_open=self.opened.append,
                on_changed=self.changed.append,
                on_close=lambda number, end: self.closed.append((number, end)),
                on_notice=self.notices.append,
            ),
        )

    async def ask(
        self,
        key: str = "k",
        *,
        question: Question | None = None,
        session: int = 1,
        call: int = 1,
        gives_up_after_s: float = 600.0,
    ) -> asyncio.Task[Answer]:
        """Begins to ask, and returns as soon as the question is open."""
        task = asyncio.create_task(
            self.approvals.ask(
                question or draft(),
                key=key,
                session=session,
                call=call,
                last_deadline=self.clock() + gives_up_after_s,
            )
        )
        await asyncio.sleep(0)
        return task

    async def after(self, seconds: float) -> None:
        """Virtual seconds pass."""
        await asyncio.sleep(seconds)

    async def unanswered(self, key: str, question: Question | None = None) -> Answer:
        return await (await self.ask(key, question=question))
