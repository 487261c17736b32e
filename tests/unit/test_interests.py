"""One host's table of what it wants to be told of."""

from ostiary.gateway.interests import Interests, Listen


def listen(key: str | int, *uris: str, flags: frozenset[str] = frozenset()) -> Listen:
    return Listen(key, b'"%s"' % key.encode() if isinstance(key, str) else b"%d" % key, flags, uris)


def test_a_listen_is_told_of_what_it_asked_for_and_of_nothing_else() -> None:
    interests = Interests()
    tools = listen(1, "a://x", flags=frozenset({"toolsListChanged"}))
    interests.add_listen(1, tools)

    assert interests.listens_for("toolsListChanged") == (tools,)
    assert interests.listens_for("promptsListChanged") == ()
    assert interests.listens_to("a://x") == (tools,)
    assert interests.listens_to("a://x/") == ()


def test_ids_of_two_types_are_two_listens() -> None:
    interests = Interests()
    interests.add_listen(1, listen(1, "a://x"))
    interests.add_listen("1", listen("1", "a://x"))

    ended = interests.end_listen("1")

    assert ended is not None
    assert ended.raw_id == b'"1"'
    assert interests.has_listen(1)
    assert not interests.has_listen("1")


def test_a_resource_is_wanted_until_the_last_that_asked_has_ended() -> None:
    interests = Interests(legacy_uris={"a://x"})
    interests.add_listen(1, listen(1, "a://x"))

    interests.legacy_uris.discard("a://x")
    assert interests.wants("a://x")
    interests.end_listen(1)
    assert not interests.wants("a://x")


def test_ending_a_listen_that_is_not_there_does_nothing() -> None:
    assert Interests().end_listen(5) is None


def test_at_the_end_every_listen_is_given_back_once() -> None:
    interests = Interests(legacy_uris={"a://x"})
    interests.add_listen(1, listen(1))
    interests.add_listen(2, listen(2))

    assert [ended.id for ended in interests.end_all()] == [1, 2]
    assert interests.end_all() == ()
    assert not interests.wants("a://x")
