"""How a server runs is chosen in its detail, one thing at a time."""

from __future__ import annotations

import msgspec

from ostiary.control.messages import ConfigureServer
from ostiary.domain.events import Servers
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation
from ostiary.ui import looks
from ostiary.ui.pages import server_words as words
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.mark import Shape
from tests.support.front import Front


def opened(front: Front, name: str) -> ServerDetail:
    front.click(front.application.servers.page.row(name))
    detail = front.application.servers.page.findChild(ServerDetail)
    assert detail is not None
    return detail


def choose(drop_down: DropDown[StartChoice] | DropDown[Isolation] | DropDown[float] | DropDown[int], text: str) -> None:
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


def test_end_of_an_idle_server_is_chosen_only_where_it_starts_on_demand(front: Front) -> None:
    flow = opened(front, "notes").flow
    assert not flow.idle_stop.isVisible()
    choose(flow.start, words.START_CHOICES[StartChoice.ON_DEMAND])
    front.wait(flow.idle_stop.isVisible)
    choose(flow.idle_stop, words.seconds(7_200.0))
    front.wait_asked(ConfigureServer(name="notes", flow=Flow(start=StartChoice.ON_DEMAND, idle_stop_s=7_200.0)))


def test_one_tool_gets_a_limit_of_its_own_and_loses_it(front: Front) -> None:
    flow = opened(front, "weather").flow
    assert flow.tools.tool.currentText() == "forecast"
    assert flow.tools.limit.currentText() == words.LIKE_THE_OTHERS
    choose(flow.tools.limit, words.seconds(900.0))
    front.wait_asked(ConfigureServer(name="weather", flow=Flow(tool_timeouts_s={"forecast": 900.0})))
    front.wait(lambda: words.tool_limits({"forecast": 900.0}) in front.words(flow))
    choose(flow.waiting, words.calls(16))
    front.wait_asked(ConfigureServer(name="weather", flow=Flow(waiting=16, tool_timeouts_s={"forecast": 900.0})))
    choose(flow.tools.limit, words.LIKE_THE_OTHERS)
    front.wait_asked(ConfigureServer(name="weather", flow=Flow(waiting=16)))


def test_server_without_tools_offers_no_limit_for_one(front: Front) -> None:
    assert not opened(front, "notes").flow.tools.isVisible()


def test_server_in_trouble_says_so_in_words_and_by_its_shape_in_row_and_detail(front: Front) -> None:
    said = "The server files failed 5 calls in a row, so nothing is sent to it. It is tried again in 40 s."
    files = next(one for one in front.application.mirror.servers if one.name == "files")
    troubled = msgspec.structs.replace(files, trouble=said, running_calls=1, waiting_calls=12)
    front.application.mirror.take_event(Servers(servers=(troubled,)))
    row, detail = front.application.servers.page.row("files"), opened(front, "files")
    for place in (row, detail):
        assert said in front.words(place)
        assert words.traffic(troubled) in front.words(place)
    assert words.NEEDS_A_LOOK in front.words(row)
    assert looks.server(troubled).shape is Shape.TRIANGLE
    assert looks.server(files).shape is Shape.FULL
    assert row.restart.isVisible()
    assert said in row.accessibleDescription()
    assert words.traffic(troubled) == "1 call under way · 12 calls wait"


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
