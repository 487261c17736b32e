"""Live permissions: given once, used, listed, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.approval import Grant
from ostiary.domain.call import DecidedBy
from ostiary.domain.errors import UsageError
from ostiary.domain.server import ServerOrigin
from ostiary.gateway.policy.denial import DenialCause, decided_by, denial_text
from ostiary.gateway.policy.grants import ALL, Grants
from ostiary.gateway.policy.rules import Call

CALL = Call(
    host="cursor",
    host_verified=True,
    session=1,
    server="files",
    server_identity="s1",
    origin=ServerOrigin.BUNDLED,
    tool="write_file",
    definition="d1",
)
EDIT = replace(CALL, tool="edit_file")
CLAIMED = replace(CALL, host_verified=False, session=2)


class Listener:
    def __init__(self) -> None:
        self.lists: list[tuple[Grant, ...]] = []
        self.now = 100.0
        self.grants = Grants(lambda: self.now, self.lists.append)


def test_giving_the_same_twice_makes_one_grant() -> None:
    heard = Listener()
    first = heard.grants.give(CALL)
    assert heard.grants.give(replace(CALL, arguments=b"other")) == first
    assert heard.lists == [(first,)]
    assert heard.grants.give(CLAIMED).id != first.id


def test_use_is_counted_with_its_time() -> None:
    heard = Listener()
    grant = heard.grants.give(CALL)
    heard.now = 160.0
    heard.grants.use(grant.id)
    heard.grants.use(grant.id)
    (used,) = heard.grants.list()
    assert (used.granted_at, used.used_at, used.uses) == (100.0, 160.0, 2)


def test_a_revoked_grant_permits_nothing() -> None:
    heard = Listener()
    first, second = heard.grants.give(CALL), heard.grants.give(EDIT)
    heard.grants.revoke(first.id)
    assert [permission.grant for permission in heard.grants.permissions()] == [second.id]
    assert [len(grants) for grants in heard.lists] == [1, 2, 1]
    with pytest.raises(UsageError):
        heard.grants.revoke(first.id)
    heard.grants.revoke(ALL)
    assert [len(grants) for grants in heard.lists] == [1, 2, 1, 0]
    assert heard.grants.permissions() == ()


def test_the_end_of_a_connection_ends_only_what_an_unverified_host_got_on_it() -> None:
    heard = Listener()
    kept, _ended = heard.grants.give(CALL), heard.grants.give(CLAIMED)
    heard.grants.end_session(1)
    assert len(heard.grants.list()) == 2
    heard.grants.end_session(2)
    assert heard.grants.list() == (kept,)


def test_setting_a_tool_anew_ends_its_grants_and_removing_a_server_all_of_them() -> None:
    heard = Listener()
    heard.grants.give(CALL)
    edit = heard.grants.give(EDIT)
    heard.grants.end_server("files", "write_file")
    assert heard.grants.list() == (edit,)
    heard.grants.end_server("other")
    assert heard.grants.list() == (edit,)
    heard.grants.end_server("files")
    assert heard.grants.list() == ()


@pytest.mark.parametrize("cause", DenialCause)
def test_an_agent_hears_which_tool_was_denied_and_never_a_way_around_it(cause: DenialCause) -> None:
    text = denial_text(cause, "files__write_file")
    assert "files__write_file" in text
    assert text.endswith(".")
    for word in ("--", "setting", "instead", "another tool", "restart", "ostiary"):
        assert word not in text.casefold()
    assert isinstance(decided_by(cause), DecidedBy)


def test_an_agent_can_tell_a_person_from_a_rule_and_from_nobody() -> None:
    assert "person" in denial_text(DenialCause.PERSON, "t")
    assert "a rule" in denial_text(DenialCause.DISABLED, "t")
    assert "nobody answered in time" in denial_text(DenialCause.UNANSWERED, "t")
    assert "may be asked again" in denial_text(DenialCause.UNANSWERED, "t")
