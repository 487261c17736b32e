"""``analyze_dependency_tree`` over whole projects, and its edges against those of npm and uv."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.code.arguments import AnalyzeDependencyTree
from ostiary_servers.code.dependencies import package_lock, uv_lock
from ostiary_servers.code.dependencies.answers import DependencyTree
from ostiary_servers.code.dependencies.files import MANIFEST_LIMIT_BYTES, SMALL_LOCK_BYTES, read_lock
from ostiary_servers.code.dependencies.formats import lock_format
from ostiary_servers.code.dependencies.model import FormatError
from ostiary_servers.code.dependencies.operation import analyze_dependency_tree
from ostiary_servers.code.repositories import scope_of
from ostiary_servers.code.resources import RESOURCE_BUDGET_BYTES, read_uri
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from tests.support.code_server import analysis_of, write
from tests.support.lock_files import CARGO, PACKAGE_LOCK_3, UV
from tests.support.lock_oracles import find_uv, npm_edges, our_edges, uv_edges

PYPROJECT = (
    '[project]\nname = "app"\nversion = "0.1"\ndependencies = ["web-kit[fast]>=1"]\n'
    '[project.optional-dependencies]\ncli = ["click"]\n[dependency-groups]\ndev = ["pytest"]\n'
)
PACKAGE_JSON = (
    '{"name": "app", "dependencies": {"a": "^1.0.0", "al": "npm:real@^2.0.0", "w": "*"}, "devDependencies": {"d": "1"}}'
)


def tree(root: Path, **arguments: Any) -> DependencyTree:
    with analysis_of(root) as analysis:
        answer = analyze_dependency_tree(analysis, AnalyzeDependencyTree(**arguments))
    assert isinstance(answer.structured, DependencyTree)
    assert len(answer.text.encode()) <= RESULT_BUDGET_BYTES
    return answer.structured


def conflicts(result: DependencyTree) -> set[tuple[str, str]]:
    return {(each.kind, each.name) for each in result.conflicts}


def test_direct_and_transitive_dependencies_come_from_manifest_and_lock_file(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "uv.lock": UV})
    result = tree(tmp_path)
    assert [(each.name, each.spec, each.resolved, each.scope, each.line) for each in result.direct] == [
        ("web-kit", ">=1", "1.2", "runtime", 4),
        ("click", "", "8", "optional", 6),
    ]
    assert [(line.depth, line.name, line.version) for line in result.tree] == [
        (0, "web-kit", "1.2"),
        (1, "idna", "3.0"),
        (1, "speedups", "1"),
        (0, "click", "8"),
    ]
    assert (result.transitive_count, result.manifests[0].lock_fresh) == (2, True)


def test_what_only_development_needs_is_shown_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "uv.lock": UV})
    assert "pytest" not in {each.name for each in tree(tmp_path).direct}
    result = tree(tmp_path, include_dev=True)
    assert "pytest" in {each.name for each in result.direct}
    assert conflicts(result) == {("duplicate", "idna")}


def test_what_a_manifest_includes_is_read_in_a_folder_of_any_name(tmp_path: Path) -> None:
    write(tmp_path, {"firefox/requirements.txt": "-r base.txt\n-r .env\na==1\n", "firefox/base.txt": "b==1\n"})
    write(tmp_path, {"firefox/.env": "token==1\n"})
    assert {each.name for each in tree(tmp_path).direct} == {"a", "b"}


def test_requirements_of_what_runs_are_told_apart_from_those_of_development_by_whole_words(tmp_path: Path) -> None:
    development = ("dev", "dev3", "devtools", "ci", "docs", "documentation", "doctest", "unittests", "linters")
    for name in ("docker", "specific", "production", *development):
        write(tmp_path, {f"requirements-{name}.txt": f"for-{name}==1\n"})
    assert {each.name for each in tree(tmp_path).direct} == {"for-docker", "for-specific", "for-production"}


def test_what_an_included_file_asks_for_stands_where_it_is_included(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "#\n#\n#\na==1\n", "requirements-extra.txt": "b==1\n-r requirements.txt\n"})
    lines = {(Path(each.manifest).stem, each.name): each.line for each in tree(tmp_path).direct}
    assert lines == {("requirements", "a"): 4, ("requirements-extra", "b"): 1, ("requirements-extra", "a"): 2}


def test_what_only_development_needs_is_hinted_at_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"requirements-dev.txt": "requests==2.30.0\n"})
    assert tree(tmp_path).vulnerabilities == []
    assert [each.package for each in tree(tmp_path, include_dev=True).vulnerabilities] == ["requests"]


def test_why_a_package_is_here_is_answered_with_the_way_to_it(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "uv.lock": UV})
    assert tree(tmp_path, package="Speedups").why == [["pyproject.toml", "web-kit 1.2", "speedups 1"]]
    assert tree(tmp_path, package="nothing").why == []


def test_versions_with_known_advisories_are_hinted_at_with_the_date_of_the_list(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.txt": "requests==2.30.0\nPyYAML==6.0\n",
            "go.mod": "module x\nrequire golang.org/x/net v0.20.0\n",
        },
    )
    result = tree(tmp_path)
    assert [(each.package, each.version, each.id, each.fixed) for each in result.vulnerabilities] == [
        ("golang.org/x/net", "v0.20.0", "GO-2024-2687", "0.23.0"),
        ("requests", "2.30.0", "CVE-2023-32681", "2.31.0"),
    ]
    (source,) = result.advisories
    assert any("no audit" in note and source.as_of in note for note in result.notes)


def test_workspaces_aliases_and_peers_of_npm_are_told(tmp_path: Path) -> None:
    files = {
        "package.json": PACKAGE_JSON,
        "package-lock.json": PACKAGE_LOCK_3,
        "packages/w/package.json": '{"name": "w", "dependencies": {"b": "2"}}',
    }
    result = tree(write(tmp_path, files))
    assert [each.lock_path is not None for each in result.manifests] == [True, True]
    assert ("al = real", "2.1.0") in {(line.name, line.version) for line in result.tree}
    assert conflicts(result) == {("duplicate", "b"), ("peer", "missing")}


def test_a_lock_file_further_up_counts_only_for_the_projects_it_is_for(tmp_path: Path) -> None:
    site = '{"name": "site", "dependencies": {"react": "^18.0.0"}}'
    files = {"package.json": PACKAGE_JSON, "package-lock.json": PACKAGE_LOCK_3, "site/package.json": site}
    result = tree(write(tmp_path, files))
    assert {each.path: each.lock_fresh for each in result.manifests}[f"{tmp_path}/site/package.json"] is None
    assert ("lock_drift", "react") not in conflicts(result)
    assert not result.transitive_known


def test_a_lock_file_of_poetry_counts_for_its_own_folder_only(tmp_path: Path) -> None:
    poetry = '[tool.poetry]\nname = "{}"\n[tool.poetry.dependencies]\n{} = "^1"\n'
    locked = '[[package]]\nname = "a"\nversion = "1.2"\n'
    files = {"pyproject.toml": poetry.format("x", "a"), "poetry.lock": locked}
    result = tree(write(tmp_path, files | {"tools/pyproject.toml": poetry.format("y", "b")}))
    fresh = {str(Path(each.path).relative_to(tmp_path)): each.lock_fresh for each in result.manifests}
    assert fresh == {"pyproject.toml": True, "tools/pyproject.toml": None}
    assert conflicts(result) == set()


def test_a_lock_file_that_lags_behind_is_told(tmp_path: Path) -> None:
    changed = (
        PYPROJECT.replace("web-kit[fast]>=1", "web-kit>=2")
        .replace('"click"', '"typer"')
        .replace('"pytest"', '"pytest", "new"')
    )
    result = tree(write(tmp_path, {"pyproject.toml": changed, "uv.lock": UV}), include_dev=True)
    assert result.manifests[0].lock_fresh is False
    assert {name for kind, name in conflicts(result) if kind == "lock_drift"} == {"web-kit", "click", "new"}


def test_the_scopes_of_cargo_come_from_its_manifest(tmp_path: Path) -> None:
    manifest = '[package]\nname = "app"\n[dependencies]\na = "1"\nb = "2"\n[dev-dependencies]\n'
    result = tree(write(tmp_path, {"Cargo.toml": manifest, "Cargo.lock": CARGO}))
    assert {(each.name, each.resolved) for each in result.direct} == {("a", "1.0.0"), ("b", "2.0.0"), ("b", "1.0.0")}


def test_go_modules_are_listed_with_their_versions(tmp_path: Path) -> None:
    files = {
        "go.mod": "module x\nrequire (\n\ty/a v1.0.0\n\ty/b v1.1.0 // indirect\n)\n",
        "go.sum": "y/a v1.0.0 h1:x=\n",
    }
    result = tree(write(tmp_path, files))
    assert [(each.name, each.resolved) for each in result.direct] == [("y/a", "v1.0.0")]
    assert [(each.name, each.version, each.scope) for each in result.tree] == [
        ("y/a", "v1.0.0", "runtime"),
        ("y/b", "v1.1.0", "indirect"),
    ]
    assert (result.transitive_count, result.transitive_known) == (1, True)
    assert [each.lock_fresh for each in result.manifests] == [True]


def test_what_no_lock_file_tells_is_not_said_to_be_none(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT})
    with analysis_of(tmp_path) as analysis:
        answer = analyze_dependency_tree(analysis, AnalyzeDependencyTree(package="idna"))
    assert isinstance(answer.structured, DependencyTree)
    assert not answer.structured.transitive_known
    assert "2 direct and 0 transitive dependencies, and more that no lock file tells of." in answer.text
    assert (
        "idna is not asked for here. Whether something that is asked for needs it, no lock file tells." in answer.text
    )
    assert next((each.name, each.version) for each in tree(tmp_path).tree) == ("web-kit", ">=1")


def test_half_a_character_in_a_lock_file_is_shown_as_one_that_is_not_known(tmp_path: Path) -> None:
    half = r'{"packages": {"": {"dependencies": {"b": "*"}}, "node_modules/b": {"version": "1\ud800"}}}'
    write(tmp_path, {"package.json": r'{"dependencies": {"b": "*", "\ud83d\ude00": "1"}}', "package-lock.json": half})
    assert tree(tmp_path, package="b").why == [["package.json", "b 1?"]]
    assert {each.name for each in tree(tmp_path).conflicts} == {"\U0001f600"}


def test_more_edges_than_a_resource_holds_are_counted_in_json_that_can_be_read(tmp_path: Path) -> None:
    names = [f"package-{number}" for number in range(6_000)]
    locked = {f"node_modules/{name}": {"version": "1.0.0"} for name in names}
    asked = {"dependencies": dict.fromkeys(names, "^1.0.0")}
    write(
        tmp_path,
        {"package.json": json.dumps(asked), "package-lock.json": json.dumps({"packages": locked | {"": asked}})},
    )
    with analysis_of(tmp_path) as analysis:
        text = read_uri(analysis, f"code://dependencies{tmp_path}").text
    assert len(text.encode()) <= RESOURCE_BUDGET_BYTES
    *edges, rest = json.loads(text)
    assert len(edges) + rest["left_out"] == len(names)


def test_cycles_end(tmp_path: Path) -> None:
    lock = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1"\nsource = "r"\ndependencies = ["{other}"]\n'
        for name, other in ("ab", "bc", "ca")
    )
    app = '[[package]]\nname = "app"\nversion = "1"\ndependencies = ["a"]\n'
    result = tree(
        write(tmp_path, {"Cargo.toml": '[package]\nname = "app"\n[dependencies]\na = "1"\n', "Cargo.lock": app + lock}),
        depth=20,
    )
    assert [(line.depth, line.name) for line in result.tree] == [(0, "a"), (1, "b"), (2, "c"), (3, "a")]


def test_what_cannot_be_read_is_told_beside_what_can(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pyproject.toml": PYPROJECT,
        "uv.lock": "<<<<<<< HEAD\n",
        "package.json": b"\0\xff",
        "sub/Cargo.toml": "[package]\nname = 'ok'\n",
    }
    result = tree(write(tmp_path, files))
    assert {Path(each.path).name: each.reason for each in result.unread} == {
        "uv.lock": "It is not valid TOML.",
        "package.json": "It is not text.",
    }
    assert len(result.manifests) == 2


def test_manifests_of_tests_are_counted_and_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": PACKAGE_JSON, "tests/fixtures/package.json": PACKAGE_JSON})
    result = tree(tmp_path)
    assert (len(result.manifests), result.manifests_left_out) == (1, 1)
    assert len(tree(tmp_path, path=str(tmp_path / "tests")).manifests) == 1


def test_an_include_does_not_lead_out_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"secret.txt": "secret==1\n", "app/requirements.txt": "-r ../secret.txt\n-r /etc/passwd\na==1\n"})
    assert [each.name for each in tree(tmp_path / "app").direct] == ["a"]


def test_nothing_found_is_no_error(tmp_path: Path) -> None:
    result = tree(tmp_path)
    assert (result.manifests, result.direct) == ([], [])


NPM_LOCK = {
    "": {
        "name": "app",
        "version": "1.0.0",
        "dependencies": {"a": "^1.0.0", "al": "npm:real@^2.0.0"},
        "devDependencies": {"d": "^1.0.0"},
    },
    "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "^1.0.0"}},
    "node_modules/a/node_modules/b": {"version": "1.5.0", "dependencies": {"c": "*"}},
    "node_modules/al": {
        "name": "real",
        "version": "2.1.0",
        "dependencies": {"b": "^2.0.0"},
        "peerDependencies": {"c": "*"},
    },
    "node_modules/b": {"version": "2.0.0", "dependencies": {"c": "*"}},
    "node_modules/c": {"version": "3.0.0"},
    "node_modules/d": {"version": "1.0.0", "dev": True, "dependencies": {"a": "^1.0.0"}},
}


@pytest.mark.node
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_edges_are_those_of_npm_ls(tmp_path: Path) -> None:
    lock = json.dumps({"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": NPM_LOCK})
    write(tmp_path, {"package.json": json.dumps(NPM_LOCK[""]), "package-lock.json": lock})
    command = ["npm", "ls", "--package-lock-only", "--all", "--json", "--offline"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    said = npm_edges(ended.stdout)
    assert len(said) >= 7
    assert our_edges(package_lock.parse_lock(lock)) == said


@pytest.mark.skipif(find_uv() is None, reason="uv is not installed")
def test_edges_are_those_of_uv_tree(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "uv.lock": f"requires-python = '>=3.11'\n{UV}"})
    command = [find_uv() or "", "tree", "--frozen", "--offline", "--universal", "--all-groups", "--no-dedupe"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert ended.returncode == 0, ended.stderr
    assert our_edges(uv_lock.parse_lock(UV)) == uv_edges(ended.stdout)


def long_pnpm_lock(packages: int) -> str:
    asked = "    dependencies:\n      p1:\n        specifier: ^1.0.0\n        version: 1.0.1\n"
    entry = "  p{0}@1.0.{0}:\n    resolution: {{integrity: sha512-{0:088d}}}\n"
    chosen = "".join(entry.format(number) for number in range(packages))
    return f"lockfileVersion: '9.0'\nimporters:\n  .:\n{asked}packages:\n{chosen}snapshots:\n  p1@1.0.1: {{}}\n"


def test_a_long_lock_file_is_read_as_a_short_one_is(tmp_path: Path) -> None:
    manifest = '{"name": "app", "dependencies": {"p1": "^1.0.0"}}'
    for folder, packages in (("short", 2), ("long", 3_000)):
        write(tmp_path / folder, {"package.json": manifest, "pnpm-lock.yaml": long_pnpm_lock(packages)})
    assert (tmp_path / "long" / "pnpm-lock.yaml").stat().st_size > SMALL_LOCK_BYTES
    short, long = tree(tmp_path / "short"), tree(tmp_path / "long")
    assert [(each.name, each.resolved) for each in long.direct] == [("p1", "1.0.1")]
    assert (long.tree, long.unread, long.conflicts) == (short.tree, [], short.conflicts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{" * SMALL_LOCK_BYTES, "It is nested too deeply."),
        ("a" * SMALL_LOCK_BYTES + ": [", "It is not valid YAML."),
        ("\0" * SMALL_LOCK_BYTES + "\n", "It is not text."),
        ("a: &a {" + "b: 1, " * SMALL_LOCK_BYTES + "}\nc: *a\n", "It refers to parts of itself."),
        ("a: &a {b: 1}\nc: [*a, *a]\n", "It refers to parts of itself."),
    ],
    ids=["deep", "broken", "no text", "long alias", "alias"],
)
def test_a_lock_file_that_cannot_be_read_is_told_whichever_process_read_it(
    tmp_path: Path, text: str, said: str
) -> None:
    write(tmp_path, {"package.json": PACKAGE_JSON, "pnpm-lock.yaml": text})
    assert [each.reason for each in tree(tmp_path).unread] == [said]


def test_a_lock_file_that_takes_too_long_is_given_up_and_said_so(tmp_path: Path) -> None:
    write(tmp_path, {"pnpm-lock.yaml": long_pnpm_lock(3_000)})
    with analysis_of(tmp_path) as analysis:
        repository = scope_of(analysis.gate, str(tmp_path)).repository
        form = lock_format("pnpm-lock.yaml")
        assert form is not None
        with pytest.raises(FormatError, match=r"takes longer than 0\.01 s"):
            read_lock(repository, "pnpm-lock.yaml", form, timeout_s=0.01)


def test_a_manifest_beyond_what_people_write_is_not_read_and_said_so(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "a==1\n" * (MANIFEST_LIMIT_BYTES // 5 + 1)})
    (unread,) = tree(tmp_path).unread
    assert f"larger than {MANIFEST_LIMIT_BYTES} bytes" in unread.reason
