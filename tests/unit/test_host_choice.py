"""What is left to a program that may be one of several hosts: what all of them see."""

from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.host_choice import HostChoice, stricter
from ostiary.domain.server import ToolState

NAMES = st.sampled_from(["a", "b", "c"])
CHOICES = st.builds(
    HostChoice,
    hidden_servers=st.lists(NAMES, unique=True).map(tuple),
    tools=st.dictionaries(NAMES, st.dictionaries(NAMES, st.sampled_from(ToolState), max_size=2), max_size=2),
    tool_search=st.booleans(),
)


@given(CHOICES, CHOICES)
def test_narrowed_by_another_host_each_tool_is_as_the_stricter_of_both(one: HostChoice, other: HostChoice) -> None:
    both = one.narrowed_by(other)
    for server in "abc":
        for tool in "abc":
            strictest = stricter(one.tool_state(server, tool), other.tool_state(server, tool))
            assert both.tool_state(server, tool) is strictest
    assert both.tool_search is one.tool_search
