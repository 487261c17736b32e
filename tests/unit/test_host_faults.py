"""Whatever fails, and whenever: a host's file is the old one or the new one, whole. For every format and action."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.domain.host import HostAction, HostChange
from ostiary.gateway.hosts.connect import HostConnections
from tests.support.crashing_files import CRASHED, CrashingFiles, RacingFiles
from tests.support.faulty_files import BROKEN, NO_SPACE, REFUSED, FaultyFiles, Step
from tests.support.host_machine import Machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine in these tests is a POSIX one")

BEFORE = {
    "cursor": b'{"mcpServers": {"git": {"command": "git"}}}\n',
    "vscode": b'{\n  // mine\n  "servers": {"git": {"command": "git"},},\n}\n',
    "codex": b'# mine\n[mcp_servers.git]\ncommand = "git"\n',
    "goose": b"extensions:\n  git: # mine\n    cmd: git\n",
    "continue": b"mcpServers:\n- name: git # mine\n  command: git\n",
}
ACTIONS = (HostAction.CONNECT, HostAction.DISCONNECT, HostAction.REPAIR)
EACH = pytest.mark.parametrize("host", BEFORE)
STEPS: tuple[Step, ...] = ("make_folder", "write_beside", "replace", "remove", "sync_folder")


class Site:
    """One host's file, ready for an action, and the two contents that it may have afterwards."""

    def __init__(self, home: Path, host: str, action: HostAction) -> None:
        self.machine = Machine(home)
        self.host, self.action = host, action
        path = self.machine.view(host).config_path
        assert path is not None
        self.file = Path(path)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(BEFORE[host])
        if action is not HostAction.CONNECT:
            self.machine.make(HostAction.CONNECT, host)
        if action is HostAction.REPAIR:
            self.file.write_bytes(b"{ broken : [")
        self.old = self.file.read_bytes()

    def plan(self) -> HostChange:
        return self.machine.hosts.plan(self.host, self.action)

    def new(self) -> bytes:
        """What the action makes of the file, done on nothing but this site and taken back by hand."""
        kept = self.machine.hosts
        kept.apply(self.plan())
        made = self.file.read_bytes()
        self.file.write_bytes(self.old)
        return made

    def whole(self, new: bytes) -> bool:
        return self.file.read_bytes() in (self.old, new)


@pytest.fixture(params=ACTIONS)
def site(request: pytest.FixtureRequest, tmp_path: Path, host: str) -> Site:
    action: HostAction = request.param
    return Site(tmp_path, host, action)


@EACH
@pytest.mark.parametrize("code", [NO_SPACE, REFUSED, BROKEN])
def test_a_disk_that_fails_at_any_step_leaves_the_old_file_or_the_new_one(site: Site, code: int) -> None:
    new = site.new()
    for step in STEPS:
        for below in (site.file.parent, site.machine.backups):
            site.file.write_bytes(site.old)
            failing = replace(site.machine.hosts, files=FaultyFiles(step, code, below))
            told = refusal(failing, site.plan())
            assert told is None or os.strerror(code) in told
            assert site.whole(new)
            assert [path.name for path in site.file.parent.iterdir() if path.is_file()] == [site.file.name]


def refusal(hosts: HostConnections, change: HostChange) -> str | None:
    try:
        hosts.apply(change)
    except HostFileError as error:
        return str(error)
    return None


@EACH
@pytest.mark.parametrize("halves", [False, True])
def test_a_crash_between_any_two_steps_leaves_the_old_file_or_the_new_one_and_no_lock(site: Site, halves: bool) -> None:
    new = site.new()
    seen = set()
    for moment in range(100):
        site.file.write_bytes(site.old)
        crashing = replace(site.machine.hosts, files=CrashingFiles(moment, halves))
        ended = apply_in_a_process(crashing, site.plan())
        assert site.whole(new)
        seen.add(site.file.read_bytes())
        if ended == 0:
            break
    assert ended == 0, "there are fewer than a hundred moments"
    assert seen == {site.old, new}
    site.file.write_bytes(site.old)
    site.machine.hosts.apply(site.plan())
    assert site.file.read_bytes() == new


def apply_in_a_process(hosts: HostConnections, change: HostChange) -> int:
    """Applies a change in a process of its own, which may end anywhere, and gives how it ended."""
    child = os.fork()
    if child == 0:
        try:
            hosts.apply(change)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in (0, CRASHED)
    return ended


@EACH
@pytest.mark.parametrize("step", ["write_beside", "replace", "sync_folder"])
def test_another_writer_is_never_mixed_with_us_and_a_change_that_we_can_see_wins(site: Site, step: str) -> None:
    new, theirs = site.new(), BEFORE[site.host] + b"\n"
    racing = replace(site.machine.hosts, files=RacingFiles(site.file, theirs, step))
    change = site.plan()
    if step == "replace":  # between our last look and the rename nothing can be seen
        racing.apply(change)
        assert site.file.read_bytes() == new
        return
    with pytest.raises(HostFileError, match=r"has changed since|another program"):
        racing.apply(change)
    assert site.file.read_bytes() == theirs
