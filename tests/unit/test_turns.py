"""Whose call is sent next."""

from ostiary.gateway.turns import WAITING_BYTES, Turn, Turns


class Queue:
    """Turns, and what became of each call: ``sent`` in order, and who was ``refused``."""

    def __init__(self, running: int = 1, waiting: int = 100) -> None:
        self.turns = Turns(running, waiting)
        self.sent: list[int] = []
        self.refused: list[int] = []
        self.held: set[int] = set()

    def come(self, number: int, session: int = 1, size_bytes: int = 0) -> None:
        if session not in self.held and self.turns.enter(number):
            self.sent.append(number)
            return
        turn = Turn(
            number,
            session,
            size_bytes,
            lambda: self.sent.append(number),
            lambda: self.refused.append(number),
            lambda: session in self.held,
        )
        self.turns.wait(turn)

    def leave(self, *numbers: int) -> None:
        for number in numbers:
            self.turns.leave(number)


def test_so_many_run_and_the_rest_wait_in_order() -> None:
    queue = Queue(running=2)
    for number in range(5):
        queue.come(number)
    assert (queue.sent, queue.turns.running, queue.turns.waiting) == ([0, 1], 2, 3)
    queue.leave(1, 0)
    assert queue.sent == [0, 1, 2, 3]


def test_sessions_take_turns_however_much_one_of_them_asks() -> None:
    queue = Queue()
    for number in range(10):
        queue.come(number, session=1)
    queue.come(20, session=2)
    queue.come(21, session=2)
    queue.come(30, session=3)
    for _ in range(6):
        queue.leave(queue.sent[-1])
    assert queue.sent == [0, 1, 20, 30, 2, 21, 3]


def test_the_newest_of_the_session_that_waits_most_gives_way() -> None:
    queue = Queue(waiting=3)
    for number in range(4):
        queue.come(number, session=1)
    queue.come(20, session=2)
    assert queue.refused == [3]
    queue.come(4, session=1)
    assert queue.refused == [3, 4], "its own newest"


def test_what_waits_is_limited_in_size_too_but_one_may_be_of_any() -> None:
    queue = Queue()
    queue.come(0)
    queue.come(1, size_bytes=2 * WAITING_BYTES)
    assert queue.refused == []
    queue.come(2, size_bytes=1)
    assert queue.refused == [2]
    queue.leave(1)
    queue.come(3, size_bytes=1)
    assert queue.refused == [2]


def test_a_server_that_asks_back_gets_one_call_at_a_time_from_then_on() -> None:
    queue = Queue(running=3)
    queue.come(0)
    queue.come(1)
    queue.turns.begin()
    queue.come(2)
    queue.leave(0)
    assert queue.sent == [0, 1]
    queue.leave(1)
    assert queue.sent == [0, 1, 2]


def test_who_does_not_read_is_passed_over_until_it_does() -> None:
    queue = Queue(running=2)
    queue.held.add(1)
    queue.come(1, session=1)
    queue.come(2, session=2)
    assert queue.sent == [2]
    queue.held.clear()
    queue.turns.advance()
    assert queue.sent == [2, 1]


def test_other_limits_count_at_once() -> None:
    queue = Queue()
    for number in range(4):
        queue.come(number)
    queue.turns.limit(3, 100)
    assert queue.sent == [0, 1, 2]


def test_a_call_that_leaves_while_it_waits_is_never_sent() -> None:
    queue = Queue()
    queue.come(0)
    queue.come(1)
    queue.come(2)
    queue.leave(1, 0)
    assert queue.sent == [0, 2]


def test_who_fills_the_room_gives_way_and_not_who_has_more_small_calls() -> None:
    queue = Queue()
    queue.come(1, session=1)
    for number in range(10, 15):
        queue.come(number, session=1, size_bytes=100)
    for number in range(20, 24):
        queue.come(number, session=2, size_bytes=WAITING_BYTES // 3)
    assert queue.refused == [22, 23]
