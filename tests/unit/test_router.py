"""The names under which hosts see tools: acceptable to every host, unique, and stable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.router import GONE_KEPT, NAME_LIMIT, Routes, Target, assign

ACCEPTABLE = re.compile(rf"[A-Za-z0-9_-]{{1,{NAME_LIMIT}}}")

names = st.one_of(st.sampled_from(["read", "write", "a.b", "a_b", "x" * 60, ""]), st.text(max_size=50))
servers = st.dictionaries(st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True), st.lists(names, max_size=8), max_size=5)


def assign_all(offers: dict[str, list[str]], reserved: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for server, own_names in offers.items():
        known[server] = assign(known, server, own_names, reserved)
    return known


@given(servers)
def test_every_name_is_acceptable_and_leads_to_exactly_one_thing(offers: dict[str, list[str]]) -> None:
    known = assign_all(offers, reserved=("read",))
    routes = Routes(known, offers)

    seen = [name for theirs in known.values() for name in theirs.values()]
    assert all(ACCEPTABLE.fullmatch(name) for name in seen)
    assert len(set(seen)) == len(seen)
    for server, own_names in offers.items():
        for own_name in own_names:
            assert routes.find(known[server][own_name]) == Target(server, own_name)


@given(servers, st.lists(names, max_size=5))
def test_what_was_assigned_once_stays(offers: dict[str, list[str]], more: list[str]) -> None:
    known = assign_all(offers)

    for server in offers:
        again = assign(known, server, more, reserved=more)
        assert again.items() >= known[server].items()


def test_a_tool_keeps_its_own_name_while_nobody_else_has_it() -> None:
    known = assign_all({"one": ["read"], "two": ["read", "write"]})

    assert known == {"one": {"read": "read"}, "two": {"read": "two__read", "write": "write"}}


def test_a_name_that_is_reserved_is_not_given_to_others() -> None:
    assert assign({}, "evil", ["read_text_file"], ["read_text_file"]) == {"read_text_file": "evil__read_text_file"}


def test_a_server_that_renames_its_tools_for_ever_fills_no_memory() -> None:
    """Of what is gone the newest names are kept."""
    known: dict[str, dict[str, str]] = {"other": {"first": "first"}}
    for number in range(GONE_KEPT + 10):
        known["one"] = assign(known, "one", ["stays", f"t{number}"], ())

    assert len(known["one"]) == GONE_KEPT + 2
    assert {"stays", "t9", f"t{GONE_KEPT + 9}"} <= known["one"].keys()
    assert "t8" not in known["one"]


def test_the_name_of_a_tool_that_is_gone_for_now_is_kept_for_it() -> None:
    known = assign_all({"one": ["read"]})

    assert assign({**known, "two": {}}, "two", ["read"], ()) == {"read": "two__read"}
    assert assign(known, "one", [], ()) == {"read": "read"}


@pytest.mark.parametrize("own_name", ["files.read", "lire un fichier", "é", "x" * 41])
def test_a_name_hosts_would_refuse_gets_underscores_and_a_hash(own_name: str) -> None:
    name = assign({}, "srv", [own_name], ())[own_name]

    start = ("srv__" + re.sub(r"[^A-Za-z0-9_-]", "_", own_name))[: NAME_LIMIT - 7]
    assert re.fullmatch(re.escape(start) + "_[0-9a-f]{6}", name)


def test_names_that_differ_only_in_what_hosts_refuse_stay_two() -> None:
    assigned = assign({}, "srv", ["a.b", "a:b", "a_b"], ())

    assert len(set(assigned.values())) == 3
    assert assigned["a_b"] == "a_b"


def test_a_servers_tool_cannot_take_the_prefixed_name_of_anothers() -> None:
    known = assign_all({"first": ["read", "two__read"], "two": ["read"]})

    assert known["first"] == {"read": "read", "two__read": "two__read"}
    assert known["two"]["read"] not in known["first"].values()


def test_only_the_servers_of_the_host_are_found() -> None:
    known = assign_all({"one": ["a"], "two": ["b"]})

    assert Routes(known, ("two",)).find("a") is None
    assert Routes(known, ("two", "gone")).find("b") == Target("two", "b")


def test_a_servers_own_name_counts_while_only_one_server_has_it() -> None:
    known = {"one": {"a.b": "a_b_123456"}, "two": {"c": "c"}}
    assert Routes(known, known).find("a.b") == Target("one", "a.b")
    known["two"]["a.b"] = "two__a_b"
    assert Routes(known, known).find("a.b") is None


def test_a_servers_own_name_is_not_taken_for_that_of_another() -> None:
    known = {"one": {"read": "one__read"}, "two": {"read": "read"}}
    assert Routes(known, ["one"]).find("read") is None
    del known["two"]
    assert Routes(known, ["one"]).find("read") == Target("one", "read")
    assert Routes(known, ["one"], reserved=["read"]).find("read") is None
