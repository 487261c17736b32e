"""Every message means the same on both ends."""

from typing import get_args

import msgspec
import pytest

from ostiary.control import codec, messages
from ostiary.control.codec import Reply
from ostiary.control.messages import AddServer, AnyCommand, ApplyHostChange, Done, ListRoots, SetSecret
from ostiary.domain import errors
from ostiary.domain.approval import GateMode, QuestionEnd
from ostiary.domain.events import (
    AnyEvent,
    Calls,
    Ending,
    Event,
    Grants,
    Hosts,
    Missed,
    Mode,
    Noticed,
    QuestionClosed,
    QuestionOpened,
    RaiseWindow,
    Roots,
    Secrets,
    Servers,
    Sessions,
)
from ostiary.domain.host import HostAction, HostChange
from ostiary.domain.secret import KeyringState
from tests.support import fake_world

CHANGE = HostChange(host="h", action=HostAction.CONNECT, path="/p", before_exists=True, diff="-a\n+b", token="t")
COMMANDS: list[AnyCommand] = [
    AddServer(name="n", command=("p", "-x", ""), environment={"A": "${secret:T}"}),
    ApplyHostChange(change=CHANGE),
    SetSecret(name="T", value='quote " and \u202e and \n'),
    ListRoots(),
]
WORLD = fake_world.lived_in()
EVENTS: list[Event] = [
    Servers(servers=tuple(WORLD.servers)),
    Hosts(hosts=tuple(WORLD.hosts)),
    Sessions(sessions=tuple(WORLD.sessions)),
    Roots(roots=tuple(WORLD.roots)),
    Secrets(secrets=tuple(WORLD.secrets), keyring=KeyringState(problem="locked")),
    Grants(grants=tuple(WORLD.grants)),
    Mode(mode=GateMode.PAUSED, until=1.5),
    Calls(rows=tuple(WORLD.calls)),
    Missed(rows=3, first=2),
    QuestionOpened(question=fake_world.question(7)),
    QuestionClosed(id=7, end=QuestionEnd.WITHDRAWN),
    Noticed(notice=WORLD.notices[0]),
    Ending(),
    RaiseWindow(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_command_arrives_as_it_was_sent_in_one_line(command: AnyCommand) -> None:
    line = codec.encode_command(7, command)

    assert b"\n" not in line
    assert codec.decode_command(line) == codec.Asked(7, command)


def test_every_kind_of_event_is_tested() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(AnyEvent))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_never_taken_for_a_reply(event: Event) -> None:
    assert codec.decode_from_gateway(codec.encode_event(event)) == event


def test_every_command_says_what_comes_back() -> None:
    assert [kind.__name__ for kind in get_args(AnyCommand) if kind.result is None] == []


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
)
def test_an_error_arrives_as_what_it_is(kind: type[errors.OstiaryError]) -> None:
    reply = codec.decode_from_gateway(codec.encode_failure(1, kind("Title", "Detail.")))
    assert isinstance(reply, Reply)

    with pytest.raises(errors.OstiaryError) as raised:
        codec.result_of(ListRoots(), reply)
    assert (type(raised.value), raised.value.title, raised.value.detail) == (kind, "Title", "Detail.")


@pytest.mark.parametrize("kind", ["NoSuchError", "annotations", "__name__"])
def test_an_error_of_an_unknown_kind_is_still_an_error(kind: str) -> None:
    line = msgspec.json.encode({"id": 1, "error": {"kind": kind, "title": "Title"}})
    reply = codec.decode_from_gateway(line)
    assert isinstance(reply, Reply)

    with pytest.raises(errors.OstiaryError, match="Title"):
        codec.result_of(ListRoots(), reply)


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff", b'{"id":1,"command":{"do":"no.such"}}', b'{"id":1}', b"[]"])
def test_what_is_no_command_is_a_usage_error(line: bytes) -> None:
    with pytest.raises(errors.UsageError):
        codec.decode_command(line)


@pytest.mark.parametrize(
    ("line", "number"),
    [(b'{"id":7,"command":{"do":"no.such"}}', 7), (b'{"id":7}', 7), (b'{"id":"7"}', 0), (b"[]", 0), (b"\xff", 0)],
)
def test_what_is_no_command_still_tells_who_asked(line: bytes, number: int) -> None:
    assert codec.number_of(line) == number


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff", b'{"event":"no-such"}', b"[]"])
def test_what_is_neither_reply_nor_event_is_unreadable(line: bytes) -> None:
    with pytest.raises(errors.UnreachableError):
        codec.decode_from_gateway(line)


def test_a_result_comes_back_in_the_commands_own_type() -> None:
    reply = codec.decode_from_gateway(codec.encode_result(3, Done()))
    assert isinstance(reply, Reply)

    assert codec.result_of(messages.Quit(), reply) == Done()
