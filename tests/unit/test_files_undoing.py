"""Planning, applying and undoing any change is the same as not having made it."""

import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary_servers.common import trash_system
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Change, Journal
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.plan import Expected, Op
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.answers import WriteOutcome
from ostiary_servers.files.writing_tools import writing_tools

NAMES = ["a", "b", "c", "c/d", "c/e", "new", "new/d", "c/new", "x/y/z"]
Picture = dict[str, tuple[int, bytes | str | None]]

names = st.sampled_from(NAMES)
texts = st.sampled_from([b"one\r\ntwo", "ü one\n".encode("latin-1"), "\ufeffone".encode("utf-16-le")])
contents = st.one_of(st.binary(max_size=20), texts)
edits = st.sampled_from([[{"oldText": "one", "newText": "1\n1"}], [{"oldText": "one", "newText": ""}]])
calls = st.one_of(
    st.tuples(st.just("write_file"), st.fixed_dictionaries({"path": names, "content": st.text(max_size=10)})),
    st.tuples(st.just("edit_file"), st.fixed_dictionaries({"path": names, "edits": edits})),
    st.tuples(st.just("create_directory"), st.fixed_dictionaries({"path": names})),
    st.tuples(st.just("trash_path"), st.fixed_dictionaries({"path": names})),
    st.tuples(
        st.sampled_from(["move_file", "copy_path"]), st.fixed_dictionaries({"source": names, "destination": names})
    ),
)


class Workshop:
    """The writing tools over a folder, with a trash and a journal of their own."""

    def __init__(self, top: Path) -> None:
        self.root = top / "root"
        (self.root / "c").mkdir(parents=True)
        journal = Journal(top / "journal")
        self._tools = {tool.name: tool for tool in writing_tools(PathGate(fixed_roots([str(self.root)], [])), journal)}

    def run(self, tool: str, **call: Any) -> WriteOutcome:
        outcome = self.tell(tool, **call).structured
        assert isinstance(outcome, WriteOutcome)
        return outcome

    def tell(self, tool: str, **call: Any) -> Answer:
        """With the words for a model."""
        chosen = self._tools[tool]
        return chosen.operation(chosen.arguments.parse(call), Expected())

    def picture(self) -> Picture:
        return {str(path.relative_to(self.root)): seen(path) for path in self.root.rglob("*")}


def seen(path: Path) -> tuple[int, bytes | str | None]:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return mode, str(path.readlink())
    return mode, path.read_bytes() if stat.S_ISREG(mode) else None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dictionaries(st.sampled_from(["a", "b", "c/d", "c/e"]), contents), changes=st.lists(calls, max_size=4))
def test_undoing_changes_from_the_last_to_the_first_restores_everything(
    tmp_path_factory: pytest.TempPathFactory, start: dict[str, bytes], changes: list[tuple[str, dict[str, Any]]]
) -> None:
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    for name, content in start.items():
        (workshop.root / name).write_bytes(content)
    pictures: list[tuple[str, Picture]] = []
    for tool, call in changes:
        before = workshop.picture()
        places = {key: str(workshop.root / value) for key, value in call.items() if isinstance(value, str)}
        placed = call | {key: place for key, place in places.items() if key != "content"}
        try:
            planned = workshop.run(tool, **placed, dryRun=True)
            assert workshop.picture() == before
            outcome = workshop.run(tool, **placed)
        except ToolError:
            assert workshop.picture() == before
            continue
        assert outcome.plan.id == planned.plan.id
        assert outcome.applied == (outcome.change_id is not None) == bool(outcome.plan.items)
        if outcome.change_id:
            pictures.append((outcome.change_id, before))
    for change_id, before in reversed(pictures):
        workshop.run("undo_change", changeId=change_id)
        assert workshop.picture() == before


def test_a_large_copied_folder_is_undone_once_what_was_changed_in_it_is_undone(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    for number in range(1_100):
        (workshop.root / "c" / f"{number}.txt").write_text("one\n")
    (workshop.root / "c" / "long").write_bytes(b"x" * 20 * 1024 * 1024)
    before = workshop.picture()
    copied = workshop.run("copy_path", source=str(workshop.root / "c"), destination=str(workshop.root / "copy"))
    note = workshop.root / "copy" / "7.txt"
    edited = workshop.run("write_file", path=str(note), content="two\n")
    os.utime(note, ns=(0, 0))
    with pytest.raises(ToolError) as refused:
        workshop.run("undo_change", changeId=copied.change_id)
    assert refused.value.code is ErrorCode.CHANGED_SINCE
    workshop.run("undo_change", changeId=edited.change_id)
    workshop.run("undo_change", changeId=copied.change_id)
    assert workshop.picture() == before


@pytest.fixture(autouse=True)
def own_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_the_journal_lets_go_of_the_oldest_when_it_is_full(tmp_path: Path) -> None:
    limit_bytes = 100_000
    journal = Journal(tmp_path / "journal", limit_bytes)
    kept = []
    for number in range(5):
        kept.append(keep(journal, str(number), os.urandom(limit_bytes // 4)))
        for path in (tmp_path / "journal").glob(f"{kept[-1]}.*"):
            os.utime(path, (time.time() - 60 + number,) * 2)  # a coarse clock gives several the same time
    with pytest.raises(ToolError) as error:
        journal.find(kept[0])
    assert error.value.code is ErrorCode.NOT_FOUND
    assert journal.find(kept[-1]).title == "4"
    assert sum(path.stat().st_size for path in (tmp_path / "journal").iterdir()) <= limit_bytes


def test_the_newest_change_stays_however_large_it_is_and_whatever_the_clock_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", size_limit_bytes=1)
    keep(journal, "before the clock was put back", b"x")
    for path in (tmp_path / "journal").iterdir():
        os.utime(path, (time.time() + 3600,) * 2)
    newest = keep(journal, "newest", b"y")
    assert journal.before(newest) == b"y"


def test_the_journal_lets_go_of_what_is_too_old(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    old = keep(journal, "old", b"x")
    (tmp_path / "journal" / "cut-off.before.tmp").write_bytes(b"x")
    for path in (tmp_path / "journal").iterdir():
        os.utime(path, (0, 0))
    keep(journal, "new", b"y")
    assert [change.title for _, change in journal.recent(10)] == ["new"]
    assert not list((tmp_path / "journal").glob("*.tmp"))
    with pytest.raises(ToolError):
        journal.before(old)


def keep(journal: Journal, title: str, before: bytes) -> str:
    return journal.keep(Change(tool="write_file", title=title, op=Op.OVERWRITE, path="/a", after=None), before)


def test_where_the_trash_tells_no_place_an_undo_is_refused_and_says_who_can(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    gone = Change(tool="trash_path", title="", op=Op.TRASH, path=str(workshop.root / "a.txt"), after=None, trashed=None)
    change_id = Journal(tmp_path / "journal").keep(gone)
    with pytest.raises(ToolError) as refused:
        workshop.run("undo_change", changeId=change_id)
    assert refused.value.code is ErrorCode.UNSUPPORTED
    assert "Ask the person to open the" in refused.value.hint
    assert "Only you can take it back" in trash_system.WARNING


def test_a_change_that_was_made_is_told_as_made_though_it_cannot_be_written_down(tmp_path: Path) -> None:
    workshop, source = Workshop(tmp_path), tmp_path / "root" / "a"
    source.write_bytes(b"x")
    (tmp_path / "journal").write_bytes(b"in the way")
    made = [
        workshop.tell("move_file", source=str(source), destination=str(workshop.root / "b")),
        workshop.tell("copy_path", source=str(workshop.root / "b"), destination=str(workshop.root / "copy")),
        workshop.tell("write_file", path=str(workshop.root / "new"), content="new"),
        workshop.tell("create_directory", path=str(workshop.root / "d")),
        workshop.tell("trash_path", path=str(workshop.root / "copy")),
    ]

    assert {path.name for path in workshop.root.iterdir()} == {"b", "c", "d", "new"}
    for answer in made:
        assert isinstance(answer.structured, WriteOutcome)
        assert answer.structured.applied
        assert answer.structured.change_id is None
        assert "cannot be taken back" in answer.note


def test_nothing_is_overwritten_while_what_was_there_cannot_be_kept(tmp_path: Path) -> None:
    workshop, file = Workshop(tmp_path), tmp_path / "root" / "a"
    file.write_bytes(b"old")
    (tmp_path / "journal").write_bytes(b"in the way")

    with pytest.raises(ToolError, match="nothing was written") as refused:
        workshop.run("write_file", path=str(file), content="new")

    assert refused.value.code is ErrorCode.IO_ERROR
    assert file.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a name be any bytes")
def test_a_change_below_a_folder_whose_name_is_no_utf_8_is_made_and_taken_back(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    folder = workshop.root / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (workshop.root / "way").symlink_to(folder)
    (folder / "a").write_bytes(b"x")

    made = workshop.run("trash_path", path=str(workshop.root / "way" / "a"))
    assert not (folder / "a").exists()
    assert made.change_id is not None
    workshop.run("undo_change", changeId=made.change_id)

    assert (folder / "a").read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders there")
def test_a_named_pipe_is_not_copied_and_the_plan_says_so(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    os.mkfifo(workshop.root / "pipe")
    for dry_run in (True, False):
        with pytest.raises(ToolError) as refused:
            workshop.run(
                "copy_path",
                source=str(workshop.root / "pipe"),
                destination=str(workshop.root / "copy"),
                dryRun=dry_run,
            )
        assert refused.value.code is ErrorCode.NOT_REGULAR_FILE
