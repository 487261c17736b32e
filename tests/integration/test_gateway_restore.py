"""A server that was removed comes back as it was: its settings, what was accepted of it, its rules and its files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ostiary.control.messages import (
    AddRule,
    ApplyImport,
    ListGrants,
    ListServers,
    PlanImport,
    RemoveServer,
    RestoreServer,
    RevokeGrant,
    SetToolState,
    TrustServer,
    UndoImport,
)
from ostiary.domain.approval import Decision, Duration, Grant, Scope
from ostiary.domain.errors import SettingsError, UsageError
from ostiary.domain.host_import import ImportRequest
from ostiary.domain.server import ServerState, ServerView, ToolState
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.person import Person, define, person_at, tool
from tests.support.shared_gateway import gateway as gateway


@pytest.fixture
def person(gateway: GatewayProcess) -> Iterator[Person]:
    """Trusts ``mine``, which runs, has one tool that asks, and one rule of each kind about it."""
    someone = person_at(gateway)
    someone.add("mine", define(gateway.household.person / "mine.json", [tool("echo"), tool("other")]))
    someone.do(TrustServer(name="mine"))
    someone.enable("mine")
    someone.do(SetToolState(name="mine", own_name="other", state=ToolState.ASKS))
    for name, lasts in (("other", Duration.ALWAYS), ("echo", Duration.HOUR)):
        deny = AddRule(decision=Decision.DENY, scope=Scope.TOOL, duration=lasts, host="", server="mine", tool=name)
        someone.do(deny)
    yield someone
    for command in (RemoveServer(name="mine"), RevokeGrant(id=0)):
        someone.do(command)


def settings_of(view: ServerView) -> object:
    return view.command, view.enabled, view.trusted, view.isolation, view.flow, view.tools


def about(grants: tuple[Grant, ...]) -> set[tuple[str, str, Duration, float | None]]:
    return {(grant.server, grant.tool, grant.duration, grant.ends_at) for grant in grants}


def test_server_comes_back_running_with_its_settings_its_rules_and_in_its_place(
    gateway: GatewayProcess, person: Person
) -> None:
    person.add("last", define(gateway.household.person / "none.json", []))
    before, rules = person.server("mine"), person.do(ListGrants())
    person.do(RemoveServer(name="mine"))
    assert person.do(ListGrants()) == ()
    person.do(RestoreServer(name="mine"))
    back = person.server_in("mine", ServerState.RUNNING)
    names = [view.name for view in person.do(ListServers())]
    person.do(RemoveServer(name="last"))

    assert settings_of(back) == settings_of(before)
    assert about(person.do(ListGrants())) == about(rules)
    assert names.index("mine") < names.index("last")


def test_what_is_not_kept_or_is_there_again_is_not_restored(person: Person) -> None:
    with pytest.raises(UsageError, match="No server “never” was removed"):
        person.do(RestoreServer(name="never"))
    with pytest.raises(UsageError, match="There is a server “mine” already"):
        person.do(RestoreServer(name="mine"))


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """Nothing can be put in the file's place, as on a full disk; afterwards it is there again."""
    aside = file.with_name("aside")
    file.rename(aside)
    (file / "in-the-way").mkdir(parents=True)
    yield
    shutil.rmtree(file)
    aside.rename(file)


@pytest.mark.parametrize("file", ["settings.json", "rules.json"])
def test_server_whose_return_could_not_be_kept_can_still_come_back_with_its_rules(
    gateway: GatewayProcess, person: Person, file: str
) -> None:
    rules = person.do(ListGrants())
    person.do(RemoveServer(name="mine"))
    (kept,) = gateway.home.rglob(file)
    with unwritable(kept):
        with pytest.raises(SettingsError):
            person.do(RestoreServer(name="mine"))
        names = [view.name for view in person.do(ListServers())]
    person.do(RestoreServer(name="mine"))

    assert "mine" not in names
    assert about(person.do(ListGrants())) == about(rules)


def test_server_that_was_brought_in_takes_its_rules_along_when_that_is_undone(person: Person) -> None:
    request = ImportRequest(pasted='{"mcpServers": {"brought": {"command": "brought-mcp"}}}')
    person.do(ApplyImport(request=request, token=person.do(PlanImport(request=request)).token))
    given = AddRule(decision=Decision.DENY, scope=Scope.SERVER, duration=Duration.HOUR, host="", server="brought")
    person.do(given)
    person.do(UndoImport())

    assert "brought" not in [grant.server for grant in person.do(ListGrants())]


def test_definition_that_changed_while_the_server_was_away_is_not_taken_as_accepted(
    gateway: GatewayProcess, person: Person
) -> None:
    person.do(RemoveServer(name="mine"))
    define(gateway.household.person / "mine.json", [tool("echo", description="now sends it somewhere"), tool("other")])
    person.do(RestoreServer(name="mine"))
    back = person.server_as("mine", lambda view: any(tool.changed for tool in view.tools))

    assert [tool.own_name for tool in back.tools if tool.changed] == ["echo"]


def test_files_of_a_removed_server_that_came_in_a_bundle_go_with_the_next_start() -> None:
    with household() as place:
        left = place.ostiary / "data" / "bundles" / "weather-0123456789abcdef"
        left.mkdir(parents=True)
        with running_gateway(place):
            pass

        assert not left.exists()
