"""What a server's row says beside its name."""

from ostiary.domain.server import ServerState
from ostiary.ui import words
from tests.support.server_views import server_view


def test_a_long_start_is_told_in_the_row() -> None:
    slow = server_view("slow", state=ServerState.STARTING, restarts=1, progress="Still starting.")
    assert words.server_facts(slow, 0.0) == "1 restart · Still starting."
