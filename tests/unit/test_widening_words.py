"""What a person reads of a command that widens, before they answer."""

import pytest

from ostiary.control.messages import ApplyImport, RestartHost, SetMode
from ostiary.domain.approval import GateMode
from ostiary.domain.host_import import ImportRequest
from ostiary.gateway.widening import sentence


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        (ImportRequest(hosts=("cursor", "zed"), names=("git",)), "the servers git from cursor, zed"),
        (ImportRequest(pasted="{}"), "all servers from a pasted block"),
        (ImportRequest(file="/x/weather.mcpb", answers={"key": "s3cret"}), "all servers from /x/weather.mcpb"),
        (ImportRequest(), "all servers from the hosts on this machine"),
    ],
)
def test_an_import_is_asked_about_with_its_place_and_without_what_was_typed(
    request_: ImportRequest, place: str
) -> None:
    asked = ApplyImport(request=request_, token="t")
    assert sentence(asked) == f"add {place}"
    assert "s3cret" not in repr(asked)


def test_a_mode_that_ends_by_itself_is_asked_about_with_its_end() -> None:
    asked = sentence(SetMode(mode=GateMode.BLOCK_ALL, minutes=1))
    assert asked == "block everything, and end that after 1 min"
    assert sentence(SetMode(mode=GateMode.BLOCK_ALL)) == "block everything"


def test_a_restart_is_asked_about_by_its_host() -> None:
    assert sentence(RestartHost(host="devin")) == "end the host “devin” and start it again"
