"""Moving between open questions."""

from __future__ import annotations

from ostiary.domain.approval import Caller, Question, QuestionKind
from ostiary.ui.approval.queue import Queue, same_content


def question(number: int, deadline: float = 45.0, sentence: str = "Read a file.") -> Question:
    caller = Caller(host="cursor", title="Cursor")
    return Question(
        id=number,
        kind=QuestionKind.CALL,
        asked_at=0.0,
        deadline=deadline,
        last_deadline=60.0,
        caller=caller,
        sentence=sentence,
    )


def shown(queue: Queue) -> int | None:
    return queue.current.id if queue.current else None


def filled() -> Queue:
    queue = Queue()
    for number in (1, 2, 3):
        queue.put(question(number))
    return queue


def test_a_new_question_does_not_push_the_shown_one_away() -> None:
    assert shown(filled()) == 1


def test_a_changed_question_keeps_its_place() -> None:
    queue = filled()
    queue.put(question(1, sentence="Write a file."))
    assert len(queue) == 3
    assert queue.current is not None
    assert queue.current.sentence == "Write a file."


def test_the_next_question_follows_one_that_closed() -> None:
    queue = filled()
    queue.show(2)
    queue.remove(2)
    assert shown(queue) == 3
    queue.remove(3)
    assert shown(queue) == 1
    queue.remove(1)
    assert shown(queue) is None


def test_stepping_goes_around() -> None:
    queue = filled()
    queue.step(-1)
    assert shown(queue) == 3
    queue.step(1)
    assert shown(queue) == 1


def test_a_question_that_closed_twice_or_is_not_known_changes_nothing() -> None:
    queue = filled()
    queue.remove(9)
    queue.show(9)
    assert shown(queue) == 1


def test_a_snapshot_keeps_the_shown_question_when_it_is_still_open() -> None:
    queue = filled()
    queue.show(2)
    queue.replace((question(2), question(4)))
    assert shown(queue) == 2
    queue.replace((question(4),))
    assert shown(queue) == 4


def test_a_moved_deadline_is_the_same_content_and_another_sentence_is_not() -> None:
    assert same_content(question(1), question(1, deadline=50.0))
    assert not same_content(question(1), question(1, sentence="Write a file."))
