"""Whom a change concerns."""

from ostiary.gateway.roots.subscriptions import Subscriptions, Target, Watched


def file(path: str, entry: str = "") -> Target:
    return Target(path, entry or path, is_folder=False)


def folder(path: str, entry: str = "") -> Target:
    return Target(path, entry or path, is_folder=True)


def test_a_change_goes_to_its_subscribers_only() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "file:///r/a", file("/r/a"))
    subscriptions.add("two", "file:///r/b", file("/r/b"))
    assert subscriptions.affected(["/r/a"]) == {"one": ["file:///r/a"]}
    assert subscriptions.affected(["/r/c", "/r"]) == {}


def test_every_spelling_is_told_as_it_was_subscribed() -> None:
    subscriptions = Subscriptions[str]()
    spellings = ["file:///r/a%20b", "file:///r/a b", "file:///link/a%20b", "file://localhost/r/%61%20b"]
    for uri in spellings:
        subscriptions.add("one", uri, file("/r/a b"))
    assert sorted(subscriptions.affected(["/r/a b"])["one"]) == sorted(spellings)


def test_one_uri_is_told_once_whatever_changed_in_it() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "file:///r", folder("/r"))
    assert subscriptions.affected(["/r/a", "/r/b/c", "/r"]) == {"one": ["file:///r"]}


def test_a_change_deep_in_a_subscribed_folder_is_told_with_the_folders_own_uri() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "file:///r/", folder("/r"))
    subscriptions.add("two", "file:///r/a/b", file("/r/a/b"))
    assert subscriptions.affected(["/r/a/b"]) == {"one": ["file:///r/"], "two": ["file:///r/a/b"]}


def test_a_folder_that_only_begins_alike_is_not_concerned() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "file:///r/a", folder("/r/a"))
    assert subscriptions.affected(["/r/ab/c"]) == {}


def test_a_link_is_told_when_it_or_what_it_points_to_changes() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "file:///r/current", file("/r/v1", "/r/current"))
    assert subscriptions.affected(["/r/current"]) == {"one": ["file:///r/current"]}
    assert subscriptions.affected(["/r/v1"]) == {"one": ["file:///r/current"]}


def test_a_removed_subscription_is_not_told_and_not_watched() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "u", file("/r/a", "/r/link"))
    subscriptions.remove("one", "u")
    subscriptions.remove("one", "u")
    assert subscriptions.affected(["/r/a", "/r/link"]) == {}
    assert subscriptions.watched() == frozenset()


def test_dropping_a_subscriber_leaves_the_others() -> None:
    subscriptions = Subscriptions[str]()
    for subscriber in ("one", "two"):
        subscriptions.add(subscriber, "u", file("/r/a"))
        subscriptions.add(subscriber, "v", file("/r/b"))
    subscriptions.drop("one")
    assert subscriptions.affected(["/r/a", "/r/b"]) == {"two": ["u", "v"]}


def test_subscribing_again_takes_the_new_target() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "u", file("/r/a"))
    subscriptions.add("one", "u", file("/r/b"))
    assert subscriptions.affected(["/r/a"]) == {}
    assert subscriptions.affected(["/r/b"]) == {"one": ["u"]}


def test_a_file_is_watched_from_the_folder_around_it() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "u", file("/r/s/a", "/r/link"))
    assert subscriptions.watched() == {Watched("/r/s", False), Watched("/r", False)}


def test_a_folder_is_watched_with_all_below_and_nothing_in_it_apart() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "u", folder("/r/s"))
    subscriptions.add("one", "v", file("/r/s/a"))
    subscriptions.add("one", "w", file("/r/s/deep/a"))
    subscriptions.add("one", "x", file("/r/b"))
    assert subscriptions.watched() == {Watched("/r/s", True), Watched("/r", False)}


def test_a_linked_folder_is_watched_where_it_is_and_where_its_link_is() -> None:
    subscriptions = Subscriptions[str]()
    subscriptions.add("one", "u", folder("/r/v1", "/r/current"))
    assert subscriptions.watched() == {Watched("/r/v1", True), Watched("/r", False)}
