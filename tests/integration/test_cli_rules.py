"""`ostiary rules`: shows what lasts and takes it back; what denies is taken back by the person only."""

from __future__ import annotations

from ostiary.control.messages import AddRule
from ostiary.domain.approval import Decision, Duration, Scope
from tests.support.gateway_process import household, running_gateway


def rule(decision: Decision, tool: str, duration: Duration = Duration.UNTIL_QUIT) -> AddRule:
    return AddRule(decision=decision, scope=Scope.TOOL, duration=duration, host="", server="files", tool=tool)


def test_rules_are_listed_and_revoked_by_number() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        empty = gateway.run("rules")
        first = gateway.front.ask(rule(Decision.ALLOW, "write_file"))
        gateway.front.ask(rule(Decision.ALLOW, "edit_file"))
        listed = gateway.run("rules")
        ended = gateway.run("rules", "revoke", str(first.id))
        again = gateway.run("rules", "revoke", str(first.id))
        left = gateway.listed("rules")

    assert "No rule." in empty.out
    assert all(word in listed.out for word in ("write_file", "every host", "until quit"))
    assert (ended.code, ended.out) == (0, f"Rule {first.id} has ended.\n")
    assert again.code != 0
    assert [one["tool"] for one in left] == ["edit_file"]


def test_a_rule_that_denies_is_not_ended_by_a_command_alone() -> None:
    with household() as place:
        with running_gateway(place, front=True) as gateway:
            assert gateway.front is not None
            gateway.front.ask(rule(Decision.DENY, "write_file", Duration.ALWAYS))
        with running_gateway(place) as gateway:
            refused = gateway.run("rules", "revoke", "all")
            left = gateway.listed("rules")

    assert refused.code == 77
    assert [one["decision"] for one in left] == ["deny"]


def test_what_is_no_number_is_refused_before_anything_is_asked() -> None:
    with household() as place, running_gateway(place) as gateway:
        assert [gateway.run("rules", "revoke", text).code for text in ("0", "-1", "x", "²")] == [64] * 4
