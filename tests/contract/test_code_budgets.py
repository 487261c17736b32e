"""Answers of the ``code`` server about what is long without end: names, paths, versions and ways stay in the budget."""

import json
from pathlib import Path

from ostiary_servers.code.arguments import (
    AnalyzeDependencyTree,
    GetRecentCommitActivity,
    SearchForFunctionDefinition,
)
from ostiary_servers.code.dependencies.operation import analyze_dependency_tree
from ostiary_servers.code.git.activity import get_recent_commit_activity
from ostiary_servers.code.search.operation import search_for_function_definition
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from tests.support.code_server import analysis_of, git, new_repository, write


def in_budget(answer: Answer) -> Answer:
    """The text is in the budget, and the structure no more than twice as long."""
    assert len(answer.text.encode()) <= RESULT_BUDGET_BYTES
    assert len(json.dumps(answer.structured.to_wire())) <= 2 * RESULT_BUDGET_BYTES
    return answer


def test_a_function_in_hundreds_of_others_is_told_with_the_innermost_of_them(tmp_path: Path) -> None:
    names = [f"f{number}_{'x' * 140}" for number in range(400)]
    source = "".join(f"function {name}() {{\n" for name in names) + "}" * len(names)
    with analysis_of(write(tmp_path, {"a.js": source}), budget_s=10) as analysis:
        call = SearchForFunctionDefinition(function_name=".".join(names[-2:]))
        (found,) = in_budget(search_for_function_definition(analysis, call)).structured.to_wire()["definitions"]
    assert found["qualified"].endswith(".".join(names[-3:]))


def test_definitions_in_files_of_long_paths_fill_their_pages_sooner(tmp_path: Path) -> None:
    path = "/".join(["folder" * 40] * 12)
    with analysis_of(write(tmp_path, {f"{path}/a.py": "def f(): pass\n" * 40})) as analysis:
        call = SearchForFunctionDefinition(function_name="f", limit=100)
        answer = in_budget(search_for_function_definition(analysis, call))
    assert "call again with cursor" in answer.note


def test_thousands_of_versions_and_a_way_without_end_are_cut_and_counted(tmp_path: Path) -> None:
    asked = {f"p{number}": "*" for number in range(2_000)}
    locked: dict[str, object] = {"": {"dependencies": asked}}
    for number, name in enumerate(asked):
        needs = {"a": "*", f"p{number + 1}": "*"}
        locked[f"node_modules/{name}"] = {"version": "1.0.0", "dependencies": needs if number else needs | {"q0": "*"}}
        locked[f"node_modules/{name}/node_modules/a"] = {"version": f"1.0.{number}"}
    for number in range(2_000):
        needs = {f"q{number + 1}": "*"} if number < 1_999 else {}
        locked[f"node_modules/q{number}"] = {"version": "9" * 200, "dependencies": needs}
    write(
        tmp_path,
        {
            "package.json": json.dumps({"dependencies": asked}),
            "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": locked}),
        },
    )
    with analysis_of(tmp_path) as analysis:
        answer = in_budget(analyze_dependency_tree(analysis, AnalyzeDependencyTree(package="q1999")))
    found = answer.structured.to_wire()
    assert "… and 1980 more" in next(each["versions"] for each in found["conflicts"] if each["name"] == "a")
    (way,) = found["why"]
    assert "… 1971 more …" in way


def test_a_tree_of_git_with_a_name_that_no_file_can_have_is_told_without_it(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "app")
    (tmp_path / "content").write_text("1\n")
    blob = git(repository, "hash-object", "-w", str(tmp_path / "content")).strip()
    for name in ("n" * 100_000, "short"):
        git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    sha = git(repository, "commit-tree", "-m", "one", git(repository, "write-tree").strip()).strip()
    git(repository, "update-ref", "refs/heads/main", sha)
    with analysis_of(repository) as analysis:
        found = in_budget(get_recent_commit_activity(analysis, GetRecentCommitActivity())).structured.to_wire()
    assert ([Path(each["path"]).name for each in found["files"]], found["files_total"]) == (["short"], 2)
