"""Who subscribed to what of which server: the server hears of the first and of the last only."""

from ostiary.gateway.watchers import Watchers


def test_a_server_is_released_when_the_last_session_leaves() -> None:
    watchers = Watchers()
    watchers.add(1, "s", "a://x")
    watchers.add(2, "s", "a://x")
    watchers.add(2, "s", "a://x")

    assert watchers.remove(1, "a://x") == ()
    assert watchers.has("s", "a://x")
    assert watchers.remove(2, "a://x") == (("s", "a://x"),)
    assert not watchers.has("s", "a://x")


def test_the_end_of_a_session_releases_only_what_nobody_else_wants() -> None:
    watchers = Watchers()
    watchers.add(1, "s", "a://x")
    watchers.add(1, "t", "a://y")
    watchers.add(2, "t", "a://y")

    assert watchers.drop(1) == (("s", "a://x"),)
    assert watchers.drop(1) == ()
    assert watchers.uris_of("t") == ("a://y",)


def test_a_change_reaches_who_subscribed_to_it_or_to_what_it_is_part_of() -> None:
    watchers = Watchers()
    watchers.add(1, "s", "a://dir")
    watchers.add(2, "s", "a://dir/file")
    watchers.add(3, "s", "a://dir/")
    watchers.add(4, "s", "a://dirt")
    watchers.add(5, "other", "a://dir/file")

    assert set(watchers.affected("s", "a://dir/file")) == {(1, "a://dir"), (2, "a://dir/file"), (3, "a://dir/")}


def test_each_session_is_told_with_the_uri_as_it_subscribed() -> None:
    watchers = Watchers()
    watchers.add(1, "s", "a://d%20x")

    assert watchers.affected("s", "a://d%20x") == ((1, "a://d%20x"),)
    assert watchers.affected("s", "a://d x") == ()
