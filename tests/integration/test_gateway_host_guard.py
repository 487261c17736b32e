"""Harm to a connected host's file reaches the front by itself, and is repaired only when the person says so."""

from ostiary.control.messages import ApplyHostChange, ListHosts, PlanConnect, PlanRepair
from ostiary.domain.events import Hosts, Noticed
from ostiary.domain.host import HostState, HostView
from tests.support.gateway_process import household, running_gateway
from tests.support.person import Person

OTHERS = b'{"mcpServers": {"git": {"command": "git-mcp"}}}\n'
EMPTIED = "Another program emptied its list of servers: git and ostiary are gone."


def _cursor(person: Person) -> HostView:
    return next(view for view in person.do(ListHosts()) if view.name == "cursor")


def test_a_wiped_file_is_told_left_alone_and_repaired_on_the_persons_word() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        person = Person(gateway.front)
        file = place.person / ".cursor" / "mcp.json"
        file.parent.mkdir()
        file.write_bytes(OTHERS)
        person.do(ApplyHostChange(change=person.do(PlanConnect(host="cursor"))))
        connected = file.read_bytes()
        person.see(lambda event: isinstance(event, Hosts))

        file.write_bytes(b'{"mcpServers": {}}')

        event = person.see(lambda event: isinstance(event, Noticed))
        assert isinstance(event, Noticed)
        assert EMPTIED in event.notice.detail
        assert (_cursor(person).harm, file.read_bytes()) == (EMPTIED, b'{"mcpServers": {}}')

        person.do(ApplyHostChange(change=person.do(PlanRepair(host="cursor"))))
        assert (_cursor(person).state, _cursor(person).harm) == (HostState.CONNECTED, "")
        assert file.read_bytes() == connected
