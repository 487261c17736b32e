"""Which questions are open, in the order they came, and which of them is shown.

Pure. The gateway alone opens and closes questions; the person only moves between them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.domain.approval import Question, QuestionKind


class Queue:
    """Open questions. ``current`` is None exactly when none is open."""

    def __init__(self) -> None:
        self._open: dict[int, Question] = {}
        self._current: int | None = None
        self._answered: set[int] = set()

    @property
    def current(self) -> Question | None:
        return None if self._current is None else self._open[self._current]

    @property
    def position(self) -> int:
        """0-based place of the shown question; 0 when none is open."""
        return 0 if self._current is None else list(self._open).index(self._current)

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, question_id: int) -> bool:
        return question_id in self._open

    @property
    def alike(self) -> tuple[Question, ...]:
        """The open calls of the shown one's tool by the same caller, in the order they came; none for other kinds."""
        shown = self.current
        if shown is None or shown.kind is not QuestionKind.CALL or not shown.tool:
            return ()
        return tuple(question for question in self._open.values() if _subject(question) == _subject(shown))

    def waits(self, question_id: int) -> bool:
        """True while it is open and the person has not answered it; the gateway ends it a moment after that."""
        return question_id in self._open and question_id not in self._answered

    def answer(self, question_id: int) -> None:
        """The person has answered it: no later click is meant for it."""
        self._answered.add(question_id)

    def put(self, question: Question) -> None:
        """Take a new question in at the end, or a changed one at its place."""
        self._open[question.id] = question
        if self._current is None:
            self._current = question.id

    def replace(self, questions: Iterable[Question]) -> None:
        """Hold exactly these; what is shown stays shown when it is among them."""
        self._open = {question.id: question for question in questions}
        self._answered &= self._open.keys()
        if self._current not in self._open:
            self._current = next(iter(self._open), None)

    def remove(self, question_id: int) -> None:
        """Drop a question; when it was shown, the one after it is, or the last. Unknown ids are ignored."""
        if question_id not in self._open:
            return
        place = list(self._open).index(question_id)
        del self._open[question_id]
        self._answered.discard(question_id)
        if question_id == self._current:
            left = list(self._open)
            self._current = left[min(place, len(left) - 1)] if left else None

    def show(self, question_id: int) -> None:
        """Make this one the shown one, if it is open."""
        if question_id in self._open:
            self._current = question_id

    def step(self, places: int) -> None:
        """Show the question so many places on, around the end."""
        if self._open:
            ids = list(self._open)
            self._current = ids[(self.position + places) % len(ids)]


def _subject(question: Question) -> tuple[object, ...]:
    return question.kind, question.caller, question.server, question.tool


def same_content(one: Question, other: Question) -> bool:
    """True when a person would see no difference but the countdown's."""
    clock = ("deadline", "last_deadline")
    return all(getattr(one, name) == getattr(other, name) for name in Question.__struct_fields__ if name not in clock)
