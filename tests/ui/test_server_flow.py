"""How a server runs is chosen in its detail, one thing at a time."""

from __future__ import annotations

from ostiary.control.messages import ConfigureServer
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation
from ostiary.ui.pages import server_words as words
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.parts.drop_down import DropDown
from tests.support.front import Front


def opened(front: Front, name: str) -> ServerDetail:
    front.click(front.application.servers.row(name))
    detail = front.application.servers.findChild(ServerDetail)
    assert detail is not None
    return detail


def choose(drop_down: DropDown[StartChoice] | DropDown[Isolation] | DropDown[float], text: str) -> None:
    place = drop_down.findText(text)
    assert place >= 0, f"{text!r} is not offered"
    drop_down.setCurrentIndex(place)
    drop_down.activated.emit(place)


def test_one_choice_changes_one_thing_and_keeps_the_others(front: Front) -> None:
    flow = opened(front, "notes").flow
    choose(flow.start, words.START_CHOICES[StartChoice.ON_DEMAND])
    front.wait_asked(ConfigureServer(name="notes", flow=Flow(start=StartChoice.ON_DEMAND)))
    front.wait(lambda: flow.start.currentText() == words.START_CHOICES[StartChoice.ON_DEMAND])
    choose(flow.timeout, words.seconds(60.0))
    front.wait_asked(ConfigureServer(name="notes", flow=Flow(start=StartChoice.ON_DEMAND, timeout_s=60.0)))
    choose(flow.isolation, words.PROCESS_CHOICES[Isolation.PER_HOST])
    front.wait_asked(ConfigureServer(name="notes", isolation=Isolation.PER_HOST))


def test_value_that_was_set_elsewhere_is_shown_as_it_is(front: Front) -> None:
    detail = opened(front, "notes")
    server = next(one for one in front.application.mirror.servers if one.name == "notes")
    changed = type(server)(
        name=server.name,
        title=server.title,
        description="",
        origin=server.origin,
        command=server.command,
        enabled=False,
        state=server.state,
        flow=Flow(running=7, timeout_s=90.0),
    )
    detail.show_server(changed)
    assert detail.flow.running.currentText() == words.calls(7)
    assert detail.flow.timeout.currentText() == words.seconds(90.0)
