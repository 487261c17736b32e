"""What the person chose about the gate and the log counts at once and later; a spoilt file lets nothing in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import ChangeHouseRules, GetCall, GetHouseRules, GetStatus
from ostiary.domain.call import Outcome
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.house_rules import HouseRules, Writes
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import line_host
from tests.support.person import Person, person_at
from tests.support.shared_gateway import place as place

CHOSEN = HouseRules(writes=Writes.ALLOW, answer_within_s=15, keep_bodies=False, log_days=7, log_size_mb=16)


def set_up(gateway: GatewayProcess, rules: HouseRules) -> Person:
    """A person who has approved a folder, switched the file server on, and chosen these."""
    person = person_at(gateway)
    person.approve(gateway.household.person / "docs")
    person.enable()
    person.do(ChangeHouseRules(rules=rules))
    return person


def write_alone(place: Household, *options: str) -> tuple[bool, str]:
    """What a host hears that writes while nobody is there."""
    with running_gateway(place, *options) as gateway, line_host(gateway) as host:
        return host.ended("write_file", path=str(place.person / "docs" / "new.txt"), content="x")


def test_choices_are_there_after_a_restart(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        set_up(gateway, CHOSEN)
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        assert gateway.front.ask(GetHouseRules()) == CHOSEN


def test_countdown_begins_with_what_the_person_wants_and_bodies_are_not_kept(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        person = set_up(gateway, CHOSEN)
        with line_host(gateway) as host:
            host.call("write_file", path=str(place.person / "docs" / "new.txt"), content="not for the log")
            question = person.question()
            assert question.deadline - question.asked_at <= CHOSEN.answer_within_s
            person.deny(question)
            detail = person.do(GetCall(id=person.row(Outcome.DENIED).id))
    assert detail.arguments == ""


def test_write_without_a_tray_is_treated_as_chosen_unless_the_start_says_otherwise(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        person = set_up(gateway, HouseRules(writes=Writes.ALLOW))
        assert person.do(GetStatus()).writes == "allow"

    failed, said = write_alone(place, "--writes", "deny")
    assert failed, said
    assert not (place.person / "docs" / "new.txt").exists()
    failed, said = write_alone(place)
    assert not failed, said
    assert (place.person / "docs" / "new.txt").read_text() == "x"


def test_command_cannot_loosen_what_the_person_chose_but_can_tighten_it(place: Household) -> None:
    with running_gateway(place) as gateway, connect(str(gateway.home)) as client:
        with pytest.raises(RefusedError):
            client.ask(ChangeHouseRules(rules=HouseRules(risky_always=True)))
        with pytest.raises(RefusedError):
            client.ask(ChangeHouseRules(rules=HouseRules(writes=Writes.ELICIT)))
        client.ask(ChangeHouseRules(rules=HouseRules(keep_bodies=False)))
        assert client.ask(GetHouseRules()) == HouseRules(keep_bodies=False)


def test_choice_out_of_its_limits_is_refused_and_changes_nothing(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        for rules in (HouseRules(answer_within_s=0), HouseRules(log_days=0), HouseRules(log_size_mb=1 << 40)):
            with pytest.raises(UsageError):
                gateway.front.ask(ChangeHouseRules(rules=rules))
        assert gateway.front.ask(GetHouseRules()) == HouseRules()


# A settings file that makes no sense


def settings_file(place: Household) -> Path:
    return place.ostiary / "config" / "settings.json"


def test_spoilt_settings_are_kept_aside_and_told_and_nothing_is_on(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        set_up(gateway, CHOSEN)
    good = settings_file(place).read_bytes()
    spoilt = good[: len(good) // 2]
    settings_file(place).write_bytes(spoilt)

    with running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        rules = someone.do(GetHouseRules())

    (aside,) = settings_file(place).parent.glob("settings.json.corrupt-*")
    assert aside.read_bytes() == spoilt
    assert [notice for notice in someone.seen.notices if str(aside) in notice.detail]
    assert not [server for server in someone.seen.servers if server.enabled]
    assert someone.seen.roots == ()
    assert rules == HouseRules(keep_bodies=False)


def test_settings_of_a_newer_version_are_refused_and_left_untouched(place: Household) -> None:
    newer = json.dumps({"version": 99, "servers": 5}).encode()
    settings_file(place).parent.mkdir()
    settings_file(place).write_bytes(newer)
    with pytest.raises(AssertionError, match="newer Ostiary"), running_gateway(place):
        pass
    assert settings_file(place).read_bytes() == newer
