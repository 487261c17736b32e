"""What is left to a program that may be one of several hosts: what all of them see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.host import HostOffer
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


@pytest.mark.parametrize(
    ("offer", "suggested"),
    [
        (HostOffer(tools=40, tokens=10_000, most_tools=40), False),
        (HostOffer(tools=41, tokens=100, most_tools=40), True),
        (HostOffer(tools=5, tokens=10_001, most_tools=40), True),
        (HostOffer(tools=500, tokens=10_000), False),
        (HostOffer(tools=500, tokens=10_001), True),
    ],
)
def test_tool_search_is_suggested_beyond_the_hosts_limit_or_ten_thousand_tokens(
    offer: HostOffer, suggested: bool
) -> None:
    assert offer.suggests_search is suggested
