"""Files written to hold the ``code`` server up: what it looks for in them takes the length of a file, not its square.

No time is measured: each of these took minutes to hours where that was not so.
"""

import json
from pathlib import Path
from typing import Literal

import pytest

from ostiary_servers.code.arguments import AnalyzeDependencyTree, SummarizeFilePurpose
from ostiary_servers.code.dependencies.answers import DependencyTree
from ostiary_servers.code.dependencies.files import SMALL_LOCK_BYTES
from ostiary_servers.code.dependencies.operation import analyze_dependency_tree
from ostiary_servers.code.purpose.operation import summarize_file_purpose
from tests.support.code_server import analysis_of, write

MANY = 12_000
LONG_RANGE = " || ".join(f"1.0.{number}" for number in range(60_000))


def tree(root: Path, ecosystem: Literal["javascript", "rust"] = "javascript") -> DependencyTree:
    with analysis_of(root) as analysis:
        answer = analyze_dependency_tree(analysis, AnalyzeDependencyTree(ecosystem=ecosystem))
    assert isinstance(answer.structured, DependencyTree)
    return answer.structured


def test_a_header_of_nothing_but_line_ends_has_a_language(tmp_path: Path) -> None:
    with analysis_of(write(tmp_path, {"blank.h": b"\n" * 1_400_000})) as analysis:
        about = summarize_file_purpose(analysis, SummarizeFilePurpose(file_path="blank.h"))
    assert about.structured.to_wire()["language"] == "c"


@pytest.mark.parametrize(("begun", "repeated"), [("", "/*"), ('"', '\\"')])
def test_what_is_never_closed_in_a_lock_file_is_broken_json(tmp_path: Path, begun: str, repeated: str) -> None:
    lock = f"{{{begun}{repeated * (SMALL_LOCK_BYTES // len(repeated) - 2)}"
    found = tree(write(tmp_path, {"package.json": "{}", "bun.lock": lock}))
    assert [each.reason for each in found.unread] == ["It is not valid JSON."]


@pytest.mark.parametrize("name", ["a", '"a b"', "'a.b'", '"\\""'])
def test_a_key_of_names_without_end_is_too_deep(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"Cargo.toml": f"{name} . " * 1_000 + "a = 1"})
    assert [each.reason for each in tree(tmp_path, "rust").unread] == ["It is nested too deeply."]


def test_every_one_of_many_dependencies_has_its_line(tmp_path: Path) -> None:
    asked = {f"package-{number}": "1.0.0" for number in range(MANY)}
    locked = {f"node_modules/{name}": {"version": "1.0.0"} for name in asked}
    files = {
        "package.json": json.dumps({"dependencies": asked}, indent=0),
        "package-lock.json": json.dumps({"packages": locked}),
    }
    found = tree(write(tmp_path, files))
    assert found.direct_total == MANY
    assert {each.name: each.line for each in found.direct}[f"package-{MANY - 1}"] == MANY + 2
    assert {each.resolved for each in found.direct} == {"1.0.0"}


def test_a_range_that_nobody_would_write_is_none_that_is_understood(tmp_path: Path) -> None:
    locked = {"": {"dependencies": {"a": LONG_RANGE}}, "node_modules/a": {"version": "2.0.0"}}
    files = {
        "package.json": json.dumps({"dependencies": {"a": LONG_RANGE}}),
        "package-lock.json": json.dumps({"packages": locked}),
    }
    found = tree(write(tmp_path, files))
    assert (found.direct[0].resolved, found.conflicts) == ("2.0.0", [])


def test_a_path_that_no_file_can_have_is_left_out(tmp_path: Path) -> None:
    asked = {f"p{number}": "*" for number in range(8_000)}
    locked = {"": {"dependencies": {"p1": "*"}}, "a/" * 40_000: {"dependencies": asked}, "node_modules/p1": {}}
    files = {"package.json": '{"dependencies": {"p1": "*"}}', "package-lock.json": json.dumps({"packages": locked})}
    found = tree(write(tmp_path, files))
    assert [each.name for each in found.direct] == ["p1"]
