"""How a host's file is read and replaced, on real files."""

import os
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from types import FrameType

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts import write
from ostiary.gateway.hosts.file_system import Disk
from ostiary.gateway.hosts.lock import only_writer
from tests.support.faulty_files import BROKEN, NO_SPACE, REFUSED, FaultyFiles, Step

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")

OLD, NEW = b'{"old": true}\n', b'{"new": true}\n'


def replace(path: Path, content: bytes) -> None:
    write.replace(write.read(path), content, Disk())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "host" / "config.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o644])
def test_the_mode_of_the_file_is_kept(path: Path, bits: int) -> None:
    path.chmod(bits)
    replace(path, NEW)
    assert (path.read_bytes(), mode(path)) == (NEW, bits)


def test_a_file_that_somebody_made_read_only_stays_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(HostFileError, match="is read-only"):
        replace(path, b"new")
    with pytest.raises(HostFileError, match="is read-only"):
        write.remove(write.read(path), Disk())
    assert (path.read_bytes(), mode(path)) == (before, 0o444)
    assert list(path.parent.iterdir()) == [path]


def test_a_new_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".cursor" / "mcp.json"
    replace(path, NEW)
    assert (path.read_bytes(), mode(path), mode(path.parent)) == (NEW, 0o600, 0o700)


def test_no_folder_above_the_hosts_own_is_made(tmp_path: Path) -> None:
    with pytest.raises(HostFileError, match="cannot be written"):
        replace(tmp_path / "no" / "such" / "config.json", NEW)
    assert list(tmp_path.iterdir()) == []


def test_links_stay_and_what_they_lead_to_is_replaced(path: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    second = tmp_path / "dotfiles" / "second.json"
    second.symlink_to(Path("..") / "host" / "config.json")
    first = tmp_path / "first.json"
    first.symlink_to(second)
    replace(first, NEW)
    assert first.is_symlink()
    assert second.is_symlink()
    assert path.read_bytes() == NEW
    assert [entry.name for entry in second.parent.iterdir()] == ["second.json"]


def test_a_link_to_nothing_gets_its_target(tmp_path: Path) -> None:
    link, target = tmp_path / "link.json", tmp_path / "target.json"
    link.symlink_to(target)
    replace(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(HostFileError, match="Too many levels of symbolic links"):
        write.read(tmp_path / "a")


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", Path("/dev/null")):
        with pytest.raises(HostFileError, match="not an ordinary file"):
            write.read(path)


def test_a_file_beyond_the_limit_is_refused(path: Path) -> None:
    os.truncate(path, write.MAX_SIZE_BYTES + 1)
    with pytest.raises(HostFileError, match="larger than"):
        write.read(path)


@pytest.mark.parametrize("now", [b"changed", b"", None])
def test_a_change_made_since_the_file_was_read_wins(path: Path, now: bytes | None) -> None:
    seen = write.read(path)
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    with pytest.raises(HostFileError, match="has changed since it was read"):
        write.replace(seen, NEW, Disk())
    assert (path.read_bytes() if path.exists() else None) == now
    assert [entry.name for entry in path.parent.iterdir()] == ([path.name] if now is not None else [])


def test_a_link_turned_elsewhere_since_the_file_was_read_wins(path: Path, tmp_path: Path) -> None:
    link, other = tmp_path / "link.json", tmp_path / "other.json"
    other.write_bytes(OLD)
    link.symlink_to(path)
    seen = write.read(link)
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(HostFileError, match="has changed since it was read"):
        write.replace(seen, NEW, Disk())
    assert (path.read_bytes(), other.read_bytes()) == (OLD, OLD)


@pytest.mark.parametrize("code", [NO_SPACE, REFUSED, BROKEN])
@pytest.mark.parametrize("step", ["write_beside", "replace"])
def test_a_disk_that_fails_before_the_rename_leaves_the_old_file_alone(path: Path, step: Step, code: int) -> None:
    with pytest.raises(HostFileError, match=os.strerror(code)):
        write.replace(write.read(path), NEW, FaultyFiles(step, code, path.parent))
    assert path.read_bytes() == OLD
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_disk_that_fails_after_the_rename_leaves_the_new_file_whole_and_says_so(path: Path) -> None:
    with pytest.raises(HostFileError, match="may not be after a power cut"):
        write.replace(write.read(path), NEW, FaultyFiles("sync_folder", BROKEN, path.parent))
    assert path.read_bytes() == NEW


class OvertakenFiles(Disk):
    """A disk on which another program writes right after us."""

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        target.write_bytes(b"theirs")


def test_a_file_that_another_program_writes_right_after_us_is_told(path: Path) -> None:
    with pytest.raises(HostFileError, match="was changed by another program"):
        write.replace(write.read(path), NEW, OvertakenFiles())


def in_a_process(path: Path, content_size: int, *, user: int | None = None, file_size_limit: int | None = None) -> str:
    """Replaces the file in a process of its own and gives the error that it met."""
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from ostiary.domain.errors import HostFileError
        from ostiary.gateway.hosts import write
        from ostiary.gateway.hosts.file_system import Disk
        if int(sys.argv[3]) >= 0:
            import os
            os.setgroups([])
            os.setuid(int(sys.argv[3]))
        try:
            write.replace(write.read(Path(sys.argv[1])), b"x" * int(sys.argv[2]), Disk())
        except HostFileError as error:
            print(error)
    """)

    def limit() -> None:
        import resource  # POSIX only

        if file_size_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size_limit, file_size_limit))

    command = [sys.executable, "-c", program, str(path), str(content_size), str(-1 if user is None else user)]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_a_write_that_the_system_really_cuts_short_leaves_the_old_file_whole(path: Path) -> None:
    assert "File too large" in in_a_process(path, 100_000, file_size_limit=50_000)
    assert path.read_bytes() == OLD
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_folder_that_may_not_be_written_keeps_its_file_as_it_is() -> None:
    nobody = 65534 if os.geteuid() == 0 else None  # the superuser may write everywhere
    with tempfile.TemporaryDirectory() as folder:  # not below tmp_path, which nobody else may enter
        path = Path(folder) / "config.json"
        path.write_bytes(OLD)
        path.chmod(0o666)
        path.parent.chmod(0o555)
        assert "config.json cannot be written. Permission denied" in in_a_process(path, 10, user=nobody)
        assert path.read_bytes() == OLD
        path.parent.chmod(0o700)


def test_removing_takes_the_file_and_leaves_the_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(path)
    write.remove(write.read(link), Disk())
    assert link.is_symlink()
    assert not path.exists()


def test_a_file_that_changed_is_not_removed(path: Path) -> None:
    seen = write.read(path)
    path.write_bytes(NEW)
    with pytest.raises(HostFileError, match="has changed"):
        write.remove(seen, Disk())
    assert path.read_bytes() == NEW


def test_the_owner_is_kept_when_the_superuser_writes(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the superuser can give a file away")
    os.chown(path, 65534, 65534)
    replace(path, NEW)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_a_second_writer_is_turned_away_until_the_first_is_done(tmp_path: Path) -> None:
    with only_writer(tmp_path / "backups"), pytest.raises(HostFileError, match="Another Ostiary"):
        only_writer(tmp_path / "backups").__enter__()
    with only_writer(tmp_path / "backups"):
        pass
    assert mode(tmp_path / "backups" / ".lock") == 0o600


def test_the_bytes_are_on_the_disk_before_they_get_the_name_and_the_name_is_after(path: Path) -> None:
    steps = list[str]()

    def note(_frame: FrameType | None, event: str, called: object) -> None:
        if event == "c_call" and called in (os.fsync, os.replace):
            steps.append(getattr(called, "__name__", ""))

    seen = write.read(path)
    sys.setprofile(note)
    try:
        write.replace(seen, NEW, Disk())
    finally:
        sys.setprofile(None)
    assert steps == ["fsync", "replace", "fsync"]


def test_who_has_the_old_file_open_goes_on_reading_the_old_file(path: Path) -> None:
    with path.open("rb") as reader:
        replace(path, NEW)
        assert reader.read() == OLD, "the new file takes the name; nothing is written into the old one"
