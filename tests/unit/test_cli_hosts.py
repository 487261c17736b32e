"""What the commands say of a host after a change to its file."""

import pytest

from ostiary.cli.hosts import written_lines
from ostiary.cli.text import render
from ostiary.domain.host import HostState, HostView

HINT = "Cursor picks the entry up by itself."


@pytest.mark.parametrize(
    ("state", "needed", "said"),
    [
        (HostState.CONNECTED, "", ["● Cursor: connected.", HINT]),
        (HostState.CONNECTED, "Quit it.", ["● Cursor: connected.", "Quit it."]),
        (HostState.AVAILABLE, "", ["○ Cursor: not connected."]),
        (HostState.AVAILABLE, "Quit it.", ["○ Cursor: not connected.", "Quit it."]),
    ],
)
def test_how_a_host_takes_up_an_entry_is_said_while_there_is_one(
    state: HostState, needed: str, said: list[str]
) -> None:
    view = HostView(name="cursor", title="Cursor", state=state, restart_hint=HINT, restart_needed=needed)
    assert [render(each, colour=False) for each in written_lines(view)] == said
