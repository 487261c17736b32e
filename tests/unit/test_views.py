"""What is looked at anew though nobody told of a change."""

from __future__ import annotations

from ostiary.gateway.views import HOSTS_BEATS, Topic, due


def test_use_of_servers_is_looked_at_with_every_beat() -> None:
    assert all(Topic.SERVERS in due(beat) for beat in range(1, 2 * HOSTS_BEATS + 1))


def test_files_of_hosts_are_read_at_one_beat_of_several() -> None:
    beats = [beat for beat in range(1, 2 * HOSTS_BEATS + 1) if Topic.HOSTS in due(beat)]
    assert beats == [HOSTS_BEATS, 2 * HOSTS_BEATS]
