"""A path is followed at once as the system follows it, and not at all where looking could take long."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.local_links import MOST_STEPS, MOUNTS, LocalLinks, far_places, follow

SAMPLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /home/me/My\\040Cloud rw,nosuid - fuse.cloud cloud rw
41 22 0:36 / /net rw - nfs4 server:/x rw
42 22 0:37 / /tmp rw master:2 - tmpfs tmpfs rw
43 22 0:38 / /misc rw - autofs systemd-1 rw
"""


def test_everything_that_may_be_elsewhere_is_far() -> None:
    assert far_places(SAMPLE) == {"/home/me/My Cloud", "/net", "/misc"}


def test_a_way_through_a_far_place_is_not_gone(tmp_path: Path) -> None:
    top = tmp_path.resolve()
    (top / "far").mkdir()
    (top / "link").symlink_to("far/file")
    far = frozenset([str(top / "far")])

    assert follow(f"{top}/far/file", far) is None
    assert follow(f"{top}/link", far) is None
    assert follow(f"{top}/near", far) == f"{top}/near"
    assert follow("/any", frozenset(["/"])) is None


def test_a_circle_and_an_endless_path_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")

    assert follow(str(tmp_path / "one"), frozenset()) is None
    assert follow("/a" * (MOST_STEPS + 1), frozenset()) is None


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders and links between them, up, down and out."""
    top = tmp_path_factory.mktemp("tree").resolve()
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "file").write_text("")
    (top / "up").symlink_to("a/b/..")
    (top / "a" / "b" / "down").symlink_to(top / "a")
    (top / "a" / "gone").symlink_to("nowhere/x")
    return top


names = st.sampled_from(["a", "b", "file", "up", "down", "gone", "..", ".", "", "none"])


@given(way=st.lists(names, max_size=8))
def test_a_near_path_leads_where_the_system_says(tree: Path, way: list[str]) -> None:
    path = f"{tree}/{'/'.join(way)}"

    assert follow(path, frozenset()) == os.path.realpath(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where its mounts are in this form")
def test_a_folder_that_is_far_by_the_system_s_own_list_is_not_looked_at(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("22 1 8:1 / /many rw - ext4 /dev/sda1 rw\n" * 3_000 + SAMPLE)
    links = LocalLinks(str(mounts))

    assert links.real_path("/net/host/share") is None
    assert links.real_path(str(tmp_path / "x")) == os.path.realpath(tmp_path / "x")
    assert links.real_path("C:\\x") is None
    links.close()
    assert links.real_path(str(tmp_path)) is None


def test_nothing_is_followed_where_nobody_tells_what_is_mounted(tmp_path: Path) -> None:
    assert LocalLinks(str(tmp_path / "none")).real_path(str(tmp_path)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this file")
def test_every_far_place_of_this_machine_is_known() -> None:
    links = LocalLinks()
    far = far_places(Path(MOUNTS).read_text())

    assert [place for place in far if links.real_path(place) is not None] == []
    assert links.real_path("/proc") == "/proc"
    links.close()
