"""Folders through the whole gateway: hosts hear of exactly what they subscribed to, as long as it is approved."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from ostiary.control.messages import AddRoot, ListQuestions, ListRoots, RemoveRoot
from ostiary.domain.root import RootMode
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, Message, line_host
from tests.support.person import Person, person_at
from tests.support.shared_gateway import gateway as gateway

UPDATED = "notifications/resources/updated"
LIST_CHANGED = "notifications/resources/list_changed"
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    someone = person_at(gateway)
    someone.enable()
    return someone


@pytest.fixture
def root(gateway: GatewayProcess, person: Person) -> Iterator[Path]:
    """An approved folder, reached through a link as well: ``link`` beside it."""
    folder = gateway.household.person / "docs"
    person.approve(folder)
    link = folder.with_name("link")
    link.symlink_to(folder)
    yield folder
    link.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    for view in person.do(ListRoots()):
        person.do(RemoveRoot(path=view.path))


@pytest.fixture
def legacy(gateway: GatewayProcess, root: Path) -> Iterator[LineHost]:
    with line_host(gateway) as host:
        yield host


@pytest.fixture
def modern(gateway: GatewayProcess, root: Path) -> Iterator[LineHost]:
    with line_host(gateway, modern=True) as host:
        yield host


def listen(host: LineHost, *uris: str, **flags: bool) -> tuple[int, Message]:
    """Open a stream: its id, and what of it is honoured."""
    number = host.start("subscriptions/listen", {"notifications": {"resourceSubscriptions": list(uris), **flags}})
    acknowledged = host.told("notifications/subscriptions/acknowledged")
    assert acknowledged["_meta"] == {SUBSCRIPTION: number}
    honoured = acknowledged["notifications"]
    assert isinstance(honoured, dict)
    return number, honoured


def save(file: Path, words: str) -> None:
    """As editors do: a new file beside it takes its place."""
    beside = file.with_name(f"{file.name}.tmp~")
    beside.write_text(words)
    beside.replace(file)


def spelled(file: Path, link: Path) -> list[str]:
    """URIs that all name one file, in the ways hosts write them."""
    through_link = link / file.name
    return [
        file.as_uri(),
        through_link.as_uri(),
        "file://" + quote(str(file)).replace("n", "%6e"),
        "file://localhost" + quote(str(file)),
    ]


def test_each_host_hears_of_a_saved_file_by_the_uri_it_subscribed_with(
    root: Path, legacy: LineHost, modern: LineHost
) -> None:
    file, other = root / "naïve & new.txt", root / "other.txt"
    for one in (file, other):
        one.write_text("before")
    uris = spelled(file, root.with_name("link"))
    for uri in uris:
        legacy.result("resources/subscribe", {"uri": uri})
    number, honoured = listen(modern, *uris)

    other.write_text("nobody asked")
    save(file, "after")
    heard = [legacy.told(UPDATED) for _ in uris]
    streamed = [modern.told(UPDATED) for _ in uris]

    assert honoured["resourceSubscriptions"] == uris
    assert sorted(told["uri"] for told in heard) == sorted(uris)
    assert all("_meta" not in told for told in heard)
    assert sorted(told["uri"] for told in streamed) == sorted(uris)
    assert all(told["_meta"] == {SUBSCRIPTION: number} for told in streamed)
    assert UPDATED not in methods(legacy.meanwhile() + modern.meanwhile())
    read = modern.result("resources/read", {"uri": uris[1]})
    assert (read["contents"][0]["uri"], read["contents"][0]["text"]) == (uris[1], "after")


def methods(messages: list[Message]) -> list[object]:
    return [message.get("method") for message in messages]


def test_only_who_subscribed_hears_and_only_until_they_end_it(root: Path, legacy: LineHost, modern: LineHost) -> None:
    first, second = root / "first.txt", root / "second.txt"
    first.write_text("")
    second.write_text("")
    legacy.result("resources/subscribe", {"uri": first.as_uri()})
    legacy.result("resources/subscribe", {"uri": second.as_uri()})
    number, _ = listen(modern, first.as_uri())
    legacy.result("resources/unsubscribe", {"uri": first.as_uri()})
    modern.cancel(number)
    modern.tools()

    save(first, "1")
    save(second, "2")

    assert legacy.told(UPDATED) == {"uri": second.as_uri()}
    assert UPDATED not in methods(legacy.meanwhile() + modern.meanwhile())


def test_a_subscribed_folder_tells_of_what_changes_in_it(root: Path, legacy: LineHost) -> None:
    (root / "deep").mkdir(exist_ok=True)
    legacy.result("resources/subscribe", {"uri": root.as_uri()})
    (root / "deep" / "new.txt").write_text("x")

    assert legacy.told(UPDATED) == {"uri": root.as_uri()}


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "file:///", "file://elsewhere/x", "file:relative", "nobody://x"])
def test_what_is_not_approved_cannot_be_subscribed_to(legacy: LineHost, modern: LineHost, uri: str) -> None:
    refused = legacy.answer(legacy.start("resources/subscribe", {"uri": uri}))
    _, honoured = listen(modern, uri, toolsListChanged=True)

    assert refused["error"]["code"] == -32602
    assert honoured == {"resourceSubscriptions": [], "toolsListChanged": True}


def test_a_link_out_of_the_folder_is_neither_watched_nor_read(
    gateway: GatewayProcess, root: Path, legacy: LineHost
) -> None:
    outside = gateway.household.person / "outside.txt"
    outside.write_text("secret")
    (root / "out").symlink_to(outside)
    uri = (root / "out").as_uri()

    assert "error" in legacy.answer(legacy.start("resources/subscribe", {"uri": uri}))
    assert "secret" not in str(legacy.answer(legacy.start("resources/read", {"uri": uri})))


def test_a_root_that_is_withdrawn_while_watched_is_no_longer_told_of_or_read(
    gateway: GatewayProcess, root: Path, person: Person, legacy: LineHost, modern: LineHost
) -> None:
    file = root / "kept.txt"
    file.write_text("text")
    legacy.result("resources/subscribe", {"uri": file.as_uri()})
    listen(modern, file.as_uri(), resourcesListChanged=True)
    kept = gateway.household.person / "kept"
    person.approve(kept)
    legacy.result("resources/subscribe", {"uri": kept.as_uri()})
    person.do(RemoveRoot(path=str(root)))
    save(file, "changed")
    (kept / "later.txt").write_text("x")

    modern.told(LIST_CHANGED)
    assert legacy.told(UPDATED) == {"uri": kept.as_uri()}, "nothing about the folder that was withdrawn, or before it"
    assert LIST_CHANGED in methods(legacy.meanwhile())
    read = legacy.ended("read_text_file", path=str(file))
    resource = modern.answer(modern.start("resources/read", {"uri": file.as_uri()}))
    assert read[0]
    assert "changed" not in str(resource)
    assert "error" in resource
    assert UPDATED not in methods(legacy.meanwhile() + modern.meanwhile())


def test_a_root_that_is_deleted_while_watched_harms_nothing(root: Path, person: Person, legacy: LineHost) -> None:
    file = root / "gone.txt"
    file.write_text("text")
    legacy.result("resources/subscribe", {"uri": file.as_uri()})
    shutil.rmtree(root)

    assert legacy.told(UPDATED) == {"uri": file.as_uri()}
    read = legacy.ended("read_text_file", path=str(file))
    (view,) = person.do(ListRoots())
    assert read[0]
    assert f"“{root.name}” itself is not there" in read[1]
    assert view.problem
    root.mkdir()
    file.write_text("back")
    assert legacy.ended("read_text_file", path=str(file)) == (False, "back")


def test_changes_of_the_approved_folders_reach_all_who_want_to_know(
    gateway: GatewayProcess, person: Person, root: Path, legacy: LineHost, modern: LineHost
) -> None:
    listen(modern, resourcesListChanged=True)
    another = gateway.household.person / "another"
    another.mkdir(exist_ok=True)
    person.do(AddRoot(path=str(another), mode=RootMode.READ_ONLY))
    legacy.told(LIST_CHANGED)
    modern.told(LIST_CHANGED)
    listed = legacy.ended("list_allowed_directories")[1]

    assert str(another) in listed


def test_a_read_only_root_cannot_be_written_even_with_a_yes(
    gateway: GatewayProcess, person: Person, legacy: LineHost
) -> None:
    folder = gateway.household.person / "still"
    person.approve(folder, RootMode.READ_ONLY)
    is_error, words = legacy.ended("write_file", path=str(folder / "new.txt"), content="x")

    assert is_error
    assert "read" in words
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", [".mcp.json", ".vscode/mcp.json", "site/.cursor/mcp.json"])
def test_a_hosts_file_in_an_approved_project_is_not_written_and_nobody_is_asked(
    root: Path, person: Person, legacy: LineHost, name: str
) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}")
    tried = [
        legacy.ended("write_file", path=str(file), content="x"),
        legacy.ended("edit_file", path=str(file), edits=[{"oldText": "{}", "newText": "x"}]),
    ]

    assert [is_error and "never written" in words for is_error, words in tried] == [True, True]
    assert person.do(ListQuestions()) == ()
    assert file.read_text() == "{}"


def test_servers_are_told_never_to_write_in_ostiarys_own_folders(gateway: GatewayProcess, person: Person) -> None:
    (told,) = gateway.household.ostiary.rglob("roots.json")
    denied = [Path(place) for place in json.loads(told.read_bytes())["denied"]]
    files = [path for path in gateway.household.ostiary.rglob("*") if not path.is_dir() and path.name != "stderr"]

    assert [file for file in files if not any(file.is_relative_to(place) for place in denied)] == []
    assert {"gateway.sock", "roots.json"} <= {file.name for file in files}


def test_a_root_that_cannot_be_read_is_told_and_the_others_are_served(
    gateway: GatewayProcess, root: Path, person: Person, legacy: LineHost
) -> None:
    """A link that leads to itself is unreadable to everybody, to the administrator too."""
    fine = gateway.household.person / "fine"
    person.approve(fine)
    root.rmdir()
    root.symlink_to(root)
    problems = {view.path: bool(view.problem) for view in person.do(ListRoots())}
    read, other = (legacy.ended("list_directory", path=str(folder)) for folder in (root, fine))
    root.unlink()

    assert problems == {str(root): True, str(fine): False}
    assert (read[0], other[0]) == (True, False)
