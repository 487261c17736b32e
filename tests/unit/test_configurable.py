"""Which servers can be configured: what no system could start is refused before it is kept."""

import pytest
from msgspec.structs import replace

from ostiary.domain.errors import UsageError
from ostiary.domain.flow import Flow
from ostiary.domain.server import ServerSpec
from ostiary.gateway import configurable

SOUND = ServerSpec(name="one", command=("prog", ""), environment={"A": "${secret:A}", "b c": ""})


def test_a_server_that_can_be_started_is_accepted() -> None:
    configurable.check(SOUND)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (replace(SOUND, name="One"), "cannot be a server's name"),
        (replace(SOUND, command=()), "needs a command"),
        (replace(SOUND, command=("", "x")), "needs a command"),
        (replace(SOUND, command=("prog", "a\0b")), "zero byte"),
        (replace(SOUND, environment={"A": "a\0b"}), "zero byte"),
        (replace(SOUND, environment={"A\0": "a"}), "zero byte"),
        (replace(SOUND, environment={"": "a"}), "cannot be a variable's name"),
        (replace(SOUND, environment={"A=B": "a"}), "cannot be a variable's name"),
        (replace(SOUND, environment={"A": "${secret:A"}), "has no end"),
        (replace(SOUND, flow=Flow(running=0)), "cannot run"),
    ],
)
def test_what_no_server_can_have_is_refused_with_the_reason(spec: ServerSpec, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        configurable.check(spec)
