"""What hosts see of all servers: merged, named, kept over a restart, and never worse than yesterday's disk."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp_types import methods as official
from msgspec import Raw

from ostiary.domain.errors import SettingsError
from ostiary.gateway.catalogue import Catalogue, Changed
from ostiary.gateway.lists import ServerLists, read_prompts, read_resources, read_tools
from ostiary.gateway.router import Target
from ostiary.gateway.wire import methods

ALL_METHODS = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")


def raws(*items: Any) -> list[Raw]:
    return [Raw(json.dumps(item).encode()) for item in items]


def tool(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "inputSchema": {"type": "object"}, **more}


def offering(*tools: Any, prompts: Any = (), resources: Any = (), templates: Any = ()) -> ServerLists:
    return ServerLists(
        tools=read_tools(raws(*tools)),
        prompts=read_prompts(raws(*prompts)),
        resources=read_resources(raws(*resources)),
        templates=read_resources(raws(*templates)),
    )


def everything(_server: str, _tool: str) -> bool:
    return True


def page(catalogue: Catalogue, method: str, *servers: str, modern: bool = False) -> Any:
    return json.loads(catalogue.page(method, servers, everything, modern=modern))


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.json", reserved_tools=("read_text_file",))


def reopened(tmp_path: Path) -> Catalogue:
    again = Catalogue(tmp_path / "catalogue.json")
    again.load()
    return again


def test_lists_and_names_survive_a_restart_to_the_letter(catalogue: Catalogue, tmp_path: Path) -> None:
    odd = tool("dotted.name", **{"x-vendor": {"big": 2**70, "null": None, "float": 1.0}})
    catalogue.update("one", offering(odd), bundled=False)

    again = reopened(tmp_path)

    assert again.page("tools/list", ("one",), everything, modern=True) == catalogue.page(
        "tools/list", ("one",), everything, modern=True
    )
    assert again.tool_name("one", "dotted.name") == catalogue.tool_name("one", "dotted.name") != "dotted.name"
    assert again.lists("one") == catalogue.lists("one")


def test_a_name_survives_switching_off_and_not_removal(catalogue: Catalogue) -> None:
    catalogue.update("one", offering(tool("read")), bundled=False)
    catalogue.update("two", offering(tool("read")), bundled=False)
    catalogue.update("one", offering(), bundled=False)

    catalogue.update("one", offering(tool("read")), bundled=False)
    assert (catalogue.tool_name("one", "read"), catalogue.tool_name("two", "read")) == ("read", "two__read")

    catalogue.forget("one")
    catalogue.update("three", offering(tool("read")), bundled=False)
    assert catalogue.tool_name("three", "read") == "read"
    assert catalogue.lists("one") is None


def test_names_of_bundled_servers_are_kept_free_for_them(catalogue: Catalogue) -> None:
    catalogue.update("evil", offering(tool("read_text_file")), bundled=False)
    catalogue.update("files", offering(tool("read_text_file")), bundled=True)

    assert catalogue.find_tool("read_text_file", ("evil", "files")) == Target("files", "read_text_file")


def test_tools_are_listed_in_the_order_of_the_servers_under_the_names_they_are_found_by(catalogue: Catalogue) -> None:
    catalogue.update("two", offering(tool("b"), tool("a")), bundled=False)
    catalogue.update("one", offering(tool("a")), bundled=False)

    listed = [item["name"] for item in page(catalogue, "tools/list", "one", "two")["tools"]]

    assert listed == ["one__a", "b", "a"]
    found = [catalogue.find_tool(name, ("one", "two")) for name in listed]
    assert found == [Target("one", "a"), Target("two", "b"), Target("two", "a")]


@pytest.mark.parametrize("method", ALL_METHODS)
@pytest.mark.parametrize("modern", [False, True])
def test_every_page_is_valid_in_its_generation(catalogue: Catalogue, method: str, modern: bool) -> None:
    lists = offering(
        tool("t", outputSchema={"type": "array"}),
        {"name": "bad", "inputSchema": False},
        {"name": "bare"},
        prompts=[{"name": "p"}],
        resources=[{"name": "r", "uri": "a://r"}],
        templates=[{"name": "r", "uriTemplate": "a://{x}"}],
    )
    catalogue.update("one", lists, bundled=False)

    result = page(catalogue, method, "one", modern=modern)

    official.validate_server_result(method, methods.MODERN if modern else methods.LEGACY[0], result)
    assert len(result[methods.LISTS[method]]) == (2 if method == "tools/list" else 1)
    assert ("ttlMs" in result) is modern


@pytest.mark.parametrize("method", ALL_METHODS)
def test_a_host_without_servers_gets_empty_lists(catalogue: Catalogue, method: str) -> None:
    assert page(catalogue, method, "unknown") == {methods.LISTS[method]: []}


def test_a_tool_that_is_switched_off_disappears_at_the_next_refresh(catalogue: Catalogue) -> None:
    catalogue.update("one", offering(tool("a"), tool("b")), bundled=False)
    assert len(page(catalogue, "tools/list", "one")["tools"]) == 2

    catalogue.refresh()
    result = json.loads(catalogue.page("tools/list", ("one",), lambda _server, name: name != "a", modern=False))

    assert [item["name"] for item in result["tools"]] == ["b"]


def test_of_two_servers_with_one_uri_the_first_is_listed(catalogue: Catalogue) -> None:
    catalogue.update("one", offering(resources=[{"name": "of one", "uri": "a://x"}]), bundled=False)
    catalogue.update("two", offering(resources=[{"name": "of two", "uri": "a://x"}]), bundled=False)

    assert [item["name"] for item in page(catalogue, "resources/list", "two", "one")["resources"]] == ["of two"]


def test_the_owner_of_a_uri_is_who_listed_it_then_by_template_then_by_scheme(catalogue: Catalogue) -> None:
    catalogue.update("tools", offering(tool("t")), bundled=False)
    catalogue.update("other", offering(resources=[{"uri": "b://x"}]), bundled=False)
    catalogue.update("scheme", offering(resources=[{"uri": "a://other"}]), bundled=False)
    catalogue.update("template", offering(templates=[{"uriTemplate": "a://{id}"}]), bundled=False)
    catalogue.update("listed", offering(resources=[{"uri": "a://x"}]), bundled=False)
    servers = ("tools", "other", "scheme", "template", "listed")

    assert catalogue.owners("a://x", servers) == ("listed", "template", "scheme", "other")
    assert catalogue.template_owners("a://{id}", servers) == ("template",)


@pytest.mark.parametrize(
    ("lists", "changed"),
    [
        (offering(tool("a")), Changed()),
        (offering(tool("a", description="new")), Changed(tools=True)),
        (offering(tool("a"), prompts=[{"name": "p"}]), Changed(prompts=True)),
        (offering(tool("a"), resources=[{"uri": "a://x"}]), Changed(resources=True)),
        (offering(tool("a"), templates=[{"uriTemplate": "a://{x}"}]), Changed(resources=True)),
        (offering(), Changed(tools=True)),
    ],
)
def test_an_update_tells_which_lists_are_different(catalogue: Catalogue, lists: ServerLists, changed: Changed) -> None:
    catalogue.update("one", offering(tool("a")), bundled=False)

    assert catalogue.update("one", lists, bundled=False) == changed


def test_the_notifications_of_a_change_are_those_of_the_protocol() -> None:
    assert Changed(tools=True, prompts=True).methods() == (
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
    )


def test_a_server_that_offers_nothing_is_known_all_the_same(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.update("quiet", ServerLists(), bundled=False)

    assert catalogue.lists("quiet") == ServerLists()
    assert reopened(tmp_path).lists("quiet") == ServerLists()


def test_hints_that_are_null_are_hints_that_were_not_given() -> None:
    claims = {"title": None, "readOnlyHint": True, "destructiveHint": None, "openWorldHint": False}

    (read,) = read_tools(raws(tool("t", annotations=claims)))

    assert (read.hints.read_only, read.hints.destructive, read.hints.open_world) == (True, True, False)


def test_an_item_that_is_no_tool_is_left_out_and_the_first_of_equal_names_counts() -> None:
    read = read_tools(raws(5, None, {}, {"name": 1}, tool("t", title="first"), tool("t", title="second")))

    assert [(each.own_name, each.title) for each in read] == [("t", "first")]


def test_a_file_of_a_newer_version_is_refused_and_left_untouched(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    file.write_bytes(b'{"version": 2, "servers": 5}')

    with pytest.raises(SettingsError, match="newer"):
        Catalogue(file).load()

    assert file.read_bytes() == b'{"version": 2, "servers": 5}'


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"version":"x"}', b'{"servers":[]}', b"[" * 100_000]
)
def test_a_file_that_cannot_be_read_means_that_nothing_is_known(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.json").write_bytes(content)

    again = reopened(tmp_path)

    assert again.lists("one") is None
    again.update("one", offering(tool("a")), bundled=False)
    assert reopened(tmp_path).find_tool("a", ("one",)) == Target("one", "a")


def test_the_file_is_the_persons_alone(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.update("one", offering(tool("a")), bundled=False)

    assert (tmp_path / "catalogue.json").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def no_place(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a file can never be: it is a file itself."""
    place = tmp_path / "file"
    place.write_bytes(b"")
    yield place / "catalogue.json"
    assert place.read_bytes() == b""


def test_a_disk_that_takes_nothing_costs_only_what_would_be_kept(
    no_place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue(no_place)
    catalogue.load()

    changed = catalogue.update("one", offering(tool("a")), bundled=False)

    assert changed == Changed(tools=True)
    assert [item["name"] for item in page(catalogue, "tools/list", "one")["tools"]] == ["a"]
    assert "not kept" in caplog.text
