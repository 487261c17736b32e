"""``search_for_function_definition`` as a client meets it, and as an operation over real files."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.arguments import SearchForFunctionDefinition
from ostiary_servers.code.index.store import FILE_NAME, Kept, OutlineStore, Stamp
from ostiary_servers.code.repositories import Repository
from ostiary_servers.code.resources import read_uri
from ostiary_servers.code.search.answers import FoundDefinitions
from ostiary_servers.code.search.operation import search_for_function_definition
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.common.errors import ToolError
from tests.support.code_server import analysis_of, new_repository, write
from tests.support.code_server import code as code
from tests.support.server_client import ServerClient, text_of

pytestmark = pytest.mark.anyio

FILES: dict[str, str | bytes] = {
    "src/store.py": '"""Keeps things."""\n\n\nclass Store:\n    # reads one\n'
    "    @cached\n    def get(self, key):\n        return key\n\n"
    "    def get_all(self):\n        return []\n",
    "src/other.py": "def get(): pass\n\nstore.get()\n",
    "pkg/runner/run.go": "package runner\n\n// Run runs.\nfunc Run() {\n}\n",
    "tests/test_store.py": "def get(): pass\n",
    "desk/Printer.cs": "class Printer : IJob<int> {\n  void IJob<int>.Start()\n  {}\n"
    "  T[] My.IStop.Halt<T>() {\n  }\n}\n",
    "main.zig": "fn get() void {}\n",
    "translations/app.ts": "<?xml version='1.0'?>\n<TS>get</TS>\n",
    "deep.py": b"def get(): pass\n" + b"(" * 200_000,
    "wide.c": b"int get(void) { return 0; }\n" + b"x" * 3_000_000,
    "utf16.py": "def get_utf16():\n    return 'ä'\n".encode("utf-16"),
    ".gitignore": "hidden.py\n",
    "hidden.py": "def get(): pass\n",
    "long.py": "def long_one():\n" + "    x = 1\n" * 600,
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(new_repository(tmp_path_factory.mktemp("code") / "app"), FILES)


@pytest.fixture
def analysis(repository: Path) -> Iterator[Analysis]:
    with analysis_of(repository) as ready:
        yield ready


def found(analysis: Analysis, name: str, **more: Any) -> FoundDefinitions:
    answer = search_for_function_definition(analysis, SearchForFunctionDefinition(function_name=name, **more))
    assert isinstance(answer.structured, FoundDefinitions)
    return answer.structured


def names(result: FoundDefinitions) -> list[str]:
    return [definition.qualified for definition in result.definitions]


async def test_a_method_comes_with_its_whole_block(code: ServerClient, repository: Path) -> None:
    result = await code.call("search_for_function_definition", function_name="Store.get")
    assert result.structured_content is not None
    (definition,) = result.structured_content["definitions"]
    assert definition["path"] == str(repository / "src/store.py")
    assert (definition["start_line"], definition["end_line"], definition["kind"]) == (5, 8, "method")
    assert definition["code"] == "    # reads one\n    @cached\n    def get(self, key):\n        return key"
    assert definition["code"] in text_of(result)


async def test_a_long_block_is_a_link(code: ServerClient) -> None:
    result = await code.call("search_for_function_definition", function_name="long_one")
    assert result.structured_content is not None
    (definition,) = result.structured_content["definitions"]
    assert definition["code"] is None
    assert [block.type for block in result.content] == ["text", "resource_link"]


async def test_the_tool_says_that_it_only_reads(code: ServerClient) -> None:
    for tool in (await code.client.list_tools()).tools:
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.output_schema is not None


def test_what_was_not_looked_at_is_not_called_not_found(analysis: Analysis, repository: Path) -> None:
    result = found(analysis, "get")
    assert names(result) == ["get", "Store.get", "get"]
    assert {(Path(each.path).name, each.reason) for each in result.files_skipped} == {
        ("deep.py", "minified"),
        ("wide.c", "too_large"),
    }
    assert [(each.language, each.files) for each in result.languages_skipped] == [("zig", 1)]
    assert not result.complete
    assert found(analysis, "no_such_name").complete


def test_tests_come_last_and_ignored_files_not_at_all(analysis: Analysis, repository: Path) -> None:
    paths = [definition.path for definition in found(analysis, "get").definitions]
    assert paths[-1] == str(repository / "tests/test_store.py")
    assert str(repository / "hidden.py") not in paths


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Store.get", ["Store.get"]),
        ("store.Store.get", ["Store.get"]),
        ("Store::get_*", ["Store.get_all"]),
        ("runner.Run", ["Run"]),
        ("run.Run", ["Run"]),
        ("S*.get", ["Store.get"]),
        ("get_utf16", ["get_utf16"]),
        ("Other.get", []),
        ("Printer.Start", ["Printer.Start"]),
        ("IJob.Start", ["Printer.Start"]),
        ("My.IStop.Halt", ["Printer.Halt"]),
        ("IJob.Halt", []),
        ("get()", ["get", "Store.get", "get"]),
        ("def get(self, key):", ["get", "Store.get", "get"]),
        ("async def Store.get", ["Store.get"]),
        ("func Run", ["Run"]),
        (".", []),
        ("[", []),
        ("-x", []),
    ],
)
def test_names_mean_the_end_of_the_chain_they_lie_in(analysis: Analysis, asked: str, expected: list[str]) -> None:
    assert names(found(analysis, asked)) == expected


def test_pages_join_into_the_whole(analysis: Analysis) -> None:
    seen, cursor = [], None
    for _ in range(20):
        page = found(analysis, "*", limit=2, cursor=cursor)
        seen += names(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == names(found(analysis, "*", limit=100))
    assert len(seen) == 11


def test_many_definitions_on_one_line_are_paged_without_repetition(tmp_path: Path) -> None:
    write(tmp_path, {"a.js": "".join(f"function f{number}() {{}} " for number in range(30))})
    with analysis_of(tmp_path) as analysis:
        first = found(analysis, "f*", limit=20)
        second = found(analysis, "f*", limit=20, cursor=first.next_cursor)
    assert len({*names(first), *names(second)}) == 30


def test_an_answer_stays_within_the_budget(tmp_path: Path) -> None:
    body = "    x = '" + "y" * 90 + "'\n"
    write(tmp_path, {f"m{number}.py": "def wide():\n" + body * 100 for number in range(20)})
    with analysis_of(tmp_path) as analysis:
        answer = search_for_function_definition(analysis, SearchForFunctionDefinition(function_name="wide", limit=100))
    assert len(answer.text.encode()) <= RESULT_BUDGET_BYTES
    assert "call again with cursor" in answer.note


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("asked", ["größe", "Maß.größe", "gr*ße"])
def test_a_name_beyond_ascii_is_found_in_any_encoding(tmp_path: Path, encoding: str, asked: str) -> None:
    source = "class Maß {\n  int größe() { return 1; }\n}\n"
    with analysis_of(write(tmp_path, {"A.java": source.encode(encoding)})) as analysis:
        assert names(found(analysis, asked)) == ["Maß.größe"]


async def test_a_name_that_no_text_can_hold_is_refused_in_words(code: ServerClient) -> None:
    error = await code.fail("search_for_function_definition", function_name="a\0b")
    assert error["code"] == "invalid_arguments"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_stray_carriage_return_moves_no_line(tmp_path: Path, ending: bytes) -> None:
    lines = (b"X = 'a\rb'", b"def first():", b"    return 1", b"", b"def second():", b"    return 2", b"")
    with analysis_of(write(tmp_path, {"a.py": ending.join(lines)})) as analysis:
        (second,) = found(analysis, "second").definitions
        assert (second.start_line, second.end_line) == (5, 6)
        assert second.code == ending.join(lines[4:6]).decode()
        assert read_uri(analysis, second.code_uri).text == second.code


def test_a_file_that_changed_is_never_answered_from_the_index(tmp_path: Path) -> None:
    repository, index = write(tmp_path / "app", {"a.py": "def f(): pass\n"}), tmp_path / "index"
    index.mkdir()
    with analysis_of(repository, index=index) as analysis:
        assert found(analysis, "f").definitions[0].start_line == 1
        write(repository, {"a.py": "\n\ndef f(): pass\n"})
        assert found(analysis, "f").definitions[0].start_line == 3
        write(repository, {"a.py": "\n\ndef g(): pass\n"})
        assert names(found(analysis, "f")) == []


def test_a_broken_index_is_made_anew(tmp_path: Path) -> None:
    repository, index = write(tmp_path / "app", {"a.py": "def f(): pass\n"}), tmp_path / "index"
    write(index, {FILE_NAME: b"garbage" * 1000})
    with analysis_of(repository, index=index) as analysis:
        assert names(found(analysis, "f")) == ["f"]
        assert names(found(analysis, "f")) == ["f"]
    connection = sqlite3.connect(index / FILE_NAME)
    assert connection.execute("SELECT count(*) FROM outlines").fetchone() == (1,)
    connection.close()


def test_an_outline_that_was_damaged_in_the_index_is_made_anew(tmp_path: Path) -> None:
    repository, index = write(tmp_path / "app", {"a.py": "def f(): pass\n"}), tmp_path / "index"
    index.mkdir()
    for _ in range(2):
        with analysis_of(repository, index=index) as analysis:
            assert names(found(analysis, "f")) == ["f"]
        with closing(sqlite3.connect(index / FILE_NAME, isolation_level=None)) as other:
            assert other.execute("UPDATE outlines SET outline = zeroblob(100)").rowcount == 1


def test_a_file_of_a_time_to_come_is_looked_at_as_any_other(tmp_path: Path) -> None:
    repository = write(tmp_path / "app", {"a.py": "def f(): pass\n"})
    os.utime(repository / "a.py", ns=(10**19, 10**19))  # the year 2286
    with analysis_of(repository, index=tmp_path) as analysis:
        assert names(found(analysis, "f")) == ["f"]


def test_the_index_tells_of_files_that_are_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(): pass\n", "b.py": "def f(): pass\n", "f": "f\n"})
    with analysis_of(tmp_path) as analysis:
        assert len(names(found(analysis, "f"))) == 2
        (tmp_path / "b.py").unlink()
        state = json.loads(read_uri(analysis, f"code://index{tmp_path}").text)
    assert state == {"source_files": 1, "indexed": 1}


def test_an_inode_of_64_bits_is_kept_as_any_other(tmp_path: Path) -> None:
    times = {"st_mtime_ns": 0, "st_ctime_ns": 0}
    stat = os.stat_result((0o100644, 2**64 - 1, 1, 1, 0, 0, 10, 0, 0, 0), times)
    kept = Kept(Stamp.of(stat), "", "binary", None, sure=False)
    with closing(OutlineStore(tmp_path)) as store:
        store.put("/app", "a", kept)
        again = store.get("/app", "a")
    assert again is not None
    assert again.stamp == kept.stamp


def test_an_index_that_another_server_is_writing_is_left_alone(tmp_path: Path) -> None:
    repository, index = write(tmp_path / "app", {"a.py": "def f(): pass\n"}), tmp_path / "index"
    index.mkdir()
    with analysis_of(repository, index=index) as analysis:
        assert names(found(analysis, "f")) == ["f"]
    with closing(sqlite3.connect(index / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        write(repository, {"b.py": "def g(): pass\n"})
        with analysis_of(repository, index=index) as analysis:
            assert names(found(analysis, "g")) == ["g"]
        other.execute("COMMIT")
        assert other.execute("SELECT count(*) FROM outlines").fetchone() == (1,)
    assert (index / FILE_NAME).exists()


def test_two_servers_share_an_index(tmp_path: Path) -> None:
    repository, index = write(tmp_path / "app", {"a.py": "def f(): pass\n", "b.py": "def g(): pass\n"}), tmp_path / "i"
    index.mkdir()
    with analysis_of(repository, index=index) as one, analysis_of(repository, index=index) as two:
        assert (names(found(one, "f")), names(found(two, "g"))) == (["f"], ["g"])
        assert (names(found(two, "f")), names(found(one, "g"))) == (["f"], ["g"])
        assert one.outlines.kept(Repository(one.gate.locate(str(repository)))) == 2


@pytest.mark.parametrize("place", ["missing", "a file"])
def test_without_a_place_for_the_index_everything_is_found(tmp_path: Path, place: str) -> None:
    repository = write(tmp_path / "app", {"a.py": "def f(): pass\n"})
    (tmp_path / "a file").touch()
    with analysis_of(repository, index=tmp_path / place) as analysis:
        assert [names(found(analysis, "f")) for _ in range(2)] == [["f"], ["f"]]


def test_with_several_repositories_the_error_names_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(new_repository(tmp_path / name), {"a.py": f"def {name}(): pass\n"})
    with analysis_of(tmp_path) as analysis:
        with pytest.raises(ToolError) as error:
            found(analysis, "one")
        assert error.value.code == "ambiguous_match"
        assert str(tmp_path / "one") in error.value.message
        assert str(tmp_path / "two") in error.value.message
        assert names(found(analysis, "one", path=str(tmp_path / "one"))) == ["one"]
        assert names(found(analysis, "one", path=str(tmp_path / "two"))) == []
        with pytest.raises(ToolError) as error:
            found(analysis, "one", path=str(tmp_path.parent))
        assert error.value.code == "outside_roots"


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret.py": "def secret(): pass\n", "app/a.py": "x = 1\n"})
    (tmp_path / "app" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "app" / "b.py").symlink_to(tmp_path / "outside" / "secret.py")
    with analysis_of(tmp_path / "app") as analysis:
        assert names(found(analysis, "secret")) == []


def test_names_that_are_no_utf_8_are_shown_as_they_can_be(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    Path(str(tmp_path / "app" / "caf\udce9.py")).write_text("def coffee(): pass\n")
    with analysis_of(tmp_path / "app") as analysis:
        (definition,) = found(analysis, "coffee").definitions
    assert definition.path.endswith("caf\ufffd.py")
