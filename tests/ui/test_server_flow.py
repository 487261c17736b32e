"""How a server runs is chosen in its detail, one thing at a time."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ostiary.control.messages import ConfigureServer
from ostiary.domain.errors import OstiaryError, UsageError
from ostiary.domain.events import Servers
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ToolView
from ostiary.ui import looks
from ostiary.ui.pages import server_words as words
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.pages.server_flow import ServerFlow
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.mark import Shape
from ostiary.ui.theme import Theme
from tests.support.front import Front
from tests.support.server_views import server_view
from tests.support.slow_gateway import SlowGateway


class SlowFlow:
    """The settings of one server over a gateway that answers late."""

    def __init__(self) -> None:
        self.gateway = SlowGateway()
        self.refusals: list[OstiaryError] = []
        self.shown = ServerFlow(self.gateway, lambda _name, error: self.refusals.append(error))


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


@pytest.fixture
def flow(qtbot: QtBot, dressed: Theme) -> SlowFlow:
    slow = SlowFlow()
    qtbot.addWidget(slow.shown)
    return slow


def test_a_choice_that_comes_before_the_answer_to_the_last_one_keeps_that_one(flow: SlowFlow) -> None:
    flow.shown.show_server(server_view("notes"))
    choose(flow.shown.timeout, words.seconds(60.0))
    flow.shown.show_server(server_view("notes", running_calls=1))  # what it uses changed, nothing that was chosen yet
    choose(flow.shown.waiting, words.calls(16))
    assert flow.gateway.asked[-1] == ConfigureServer(name="notes", flow=Flow(timeout_s=60.0, waiting=16))

    flow.gateway.answer(server_view("notes", flow=Flow(timeout_s=60.0)), 0)
    choose(flow.shown.longest, words.seconds(900.0))

    assert flow.gateway.asked[-1] == ConfigureServer(
        name="notes", flow=Flow(timeout_s=60.0, waiting=16, longest_s=900.0)
    )


def test_a_tool_whose_name_hides_something_is_shown_with_it_and_limited_by_its_own_name(flow: SlowFlow) -> None:
    name = "read\u202efile"
    flow.shown.show_server(server_view("notes", tools=(ToolView(name=name, own_name=name),)))
    assert flow.shown.tools.tool.currentText() == "read⟨U+202E⟩file"
    choose(flow.shown.tools.limit, words.seconds(900.0))
    assert flow.gateway.asked[-1] == ConfigureServer(name="notes", flow=Flow(tool_timeouts_s={name: 900.0}))


def test_limits_of_two_tools_that_are_chosen_at_once_both_count(flow: SlowFlow) -> None:
    flow.shown.show_server(server_view("notes", flow=Flow(tool_timeouts_s={"a": 60.0, "b": 60.0})))
    choose(flow.shown.tools.limit, words.LIKE_THE_OTHERS)
    flow.shown.tools.tool.setCurrentText("b")
    choose(flow.shown.tools.limit, words.LIKE_THE_OTHERS)
    assert flow.gateway.asked[-1] == ConfigureServer(name="notes", flow=Flow())


def test_a_refused_choice_is_not_part_of_the_next_one(flow: SlowFlow) -> None:
    flow.shown.show_server(server_view("notes"))
    choose(flow.shown.timeout, words.seconds(60.0))
    flow.gateway.refuse(UsageError("No"))
    choose(flow.shown.waiting, words.calls(16))
    assert flow.gateway.asked[-1] == ConfigureServer(name="notes", flow=Flow(waiting=16))
    assert [refusal.title for refusal in flow.refusals] == ["No"]


def test_an_answer_about_another_server_changes_neither_what_is_shown_nor_what_is_chosen_next(flow: SlowFlow) -> None:
    flow.shown.show_server(server_view("notes"))
    choose(flow.shown.timeout, words.seconds(60.0))
    flow.shown.show_server(server_view("weather", flow=Flow(running=7)))

    flow.gateway.answer(server_view("notes", flow=Flow(timeout_s=60.0)))
    choose(flow.shown.waiting, words.calls(16))

    assert flow.shown.running.currentText() == words.calls(7)
    assert flow.gateway.asked[-1] == ConfigureServer(name="weather", flow=Flow(running=7, waiting=16))
