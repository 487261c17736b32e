"""What a rule about a server is bound to: another command is another server, however its words are put together."""

import pytest

from ostiary.domain.server import ServerOrigin, ServerSpec
from ostiary.gateway.servers import identity_of

ONE = ServerSpec(name="one", command=("prog", "B"), environment={"A": "1"})


@pytest.mark.parametrize(
    "other",
    [
        ServerSpec(name="one", command=("prog",), environment={"A": "1", "B": "1"}),
        ServerSpec(name="one", command=("prog", "B", "A")),
        ServerSpec(name="one", command=("prog", "B A")),
        ServerSpec(name="one", command=("prog", "B\0A")),
        ServerSpec(name="one", command=("prog", "B"), environment={"A": "1"}, origin=ServerOrigin.BUNDLED),
    ],
)
def test_another_command_environment_or_origin_is_another_server(other: ServerSpec) -> None:
    assert identity_of(other) != identity_of(ONE)


def test_values_of_the_environment_and_their_order_make_no_other_server() -> None:
    two = ServerSpec(name="two", command=("prog",), environment={"A": "1", "B": "2"})
    assert identity_of(two) == identity_of(ServerSpec(name="two", command=("prog",), environment={"B": "3", "A": "1"}))
