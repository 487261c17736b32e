"""What a server's row says beside its name."""

from ostiary.domain.server import ServerOrigin, ServerState, ServerView
from ostiary.ui import words


def test_a_long_start_is_told_in_the_row() -> None:
    slow = ServerView(
        name="slow",
        title="Slow",
        description="",
        origin=ServerOrigin.ADDED,
        command=("npx", "slow"),
        enabled=True,
        state=ServerState.STARTING,
        restarts=1,
        progress="Still starting.",
    )
    assert words.server_facts(slow, 0.0) == "1 restart · Still starting."
