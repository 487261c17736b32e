"""Dependency edges of real projects against ``uv tree`` and ``npm ls``: as recorded, and live where those are."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devtools.record_locks import NPM_LS, PLACEHOLDER, UV_TREE, tree_alone, without_addresses, without_downloads
from ostiary_servers.code.arguments import AnalyzeDependencyTree
from ostiary_servers.code.dependencies import package_lock, uv_lock
from ostiary_servers.code.dependencies.answers import DependencyTree
from ostiary_servers.code.dependencies.operation import analyze_dependency_tree
from tests.support.code_server import analysis_of, write
from tests.support.lock_oracles import find_uv, npm_edges, our_edges, recorded, recorded_names, uv_edges

UV_PROJECTS = recorded_names(".uv-lock.txt")
NPM_PROJECTS = recorded_names(".npm-lock.json")


def uv_project(folder: Path, name: str) -> Path:
    files = {"pyproject.toml": recorded(f"{name}.pyproject.txt"), "uv.lock": recorded(f"{name}.uv-lock.txt")}
    return write(folder, files)


def npm_project(folder: Path, name: str) -> Path:
    manifests: dict[str, Any] = json.loads(recorded(f"{name}.npm-manifests.json"))
    written = {path: json.dumps(manifest) for path, manifest in manifests.items()}
    return write(folder, {**written, "package-lock.json": recorded(f"{name}.npm-lock.json")})


def tree(root: Path) -> DependencyTree:
    with analysis_of(root) as analysis:
        answer = analyze_dependency_tree(analysis, AnalyzeDependencyTree(include_dev=True, depth=20))
    assert isinstance(answer.structured, DependencyTree)
    return answer.structured


def test_more_than_one_project_of_each_was_recorded() -> None:
    assert len(UV_PROJECTS) >= 2
    assert len(NPM_PROJECTS) >= 2


@pytest.mark.parametrize("name", UV_PROJECTS)
def test_edges_of_a_real_project_are_those_of_uv_tree(name: str) -> None:
    said = uv_edges(recorded(f"{name}.uv-tree.txt"))
    assert len(said) >= 30
    assert our_edges(uv_lock.parse_lock(recorded(f"{name}.uv-lock.txt"))) == said


@pytest.mark.parametrize("name", NPM_PROJECTS)
def test_edges_of_a_real_project_are_those_of_npm_ls(name: str) -> None:
    """npm has the members of a workspace as what its root asks for; here each is a project of its own."""
    manifests = json.loads(recorded(f"{name}.npm-manifests.json")).values()
    said = npm_edges(recorded(f"{name}.npm-ls.json"))
    members = {("", f"{manifest['name']}@{manifest['version']}") for manifest in manifests}
    assert len(said) >= 50
    assert our_edges(package_lock.parse_lock(recorded(f"{name}.npm-lock.json"))) == said - members


@pytest.mark.parametrize("name", UV_PROJECTS)
def test_the_tool_counts_every_package_that_uv_shows(tmp_path: Path, name: str) -> None:
    result = tree(uv_project(tmp_path, name))
    shown = {target for _, target in uv_edges(recorded(f"{name}.uv-tree.txt"))}
    direct = {f"{each.name}@{each.resolved}" for each in result.direct}
    assert len(direct) + result.transitive_count == len(shown)
    assert direct <= shown
    assert [each.lock_fresh for each in result.manifests] == [True]


@pytest.mark.parametrize("name", NPM_PROJECTS)
def test_a_real_lock_file_of_npm_is_in_step_with_its_manifests(tmp_path: Path, name: str) -> None:
    result = tree(npm_project(tmp_path, name))
    assert [each.lock_fresh for each in result.manifests] == [True] * len(result.manifests)
    assert {each.kind for each in result.conflicts} <= {"duplicate"}


@pytest.mark.skipif(find_uv() is None, reason="uv is not installed")
@pytest.mark.parametrize("name", UV_PROJECTS)
def test_uv_still_says_what_was_recorded(tmp_path: Path, name: str) -> None:
    command = [find_uv() or "", *UV_TREE]
    ended = subprocess.run(
        command, cwd=uv_project(tmp_path, name), capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert ended.returncode == 0, ended.stderr
    assert uv_edges(ended.stdout) == uv_edges(recorded(f"{name}.uv-tree.txt"))


@pytest.mark.node
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
@pytest.mark.parametrize("name", NPM_PROJECTS)
def test_npm_still_says_what_was_recorded(tmp_path: Path, name: str) -> None:
    command = ["npm", *NPM_LS]
    ended = subprocess.run(command, cwd=npm_project(tmp_path, name), capture_output=True, text=True, check=False)
    said = json.dumps(tree_alone(json.loads(ended.stdout)))
    assert npm_edges(said) == npm_edges(recorded(f"{name}.npm-ls.json"))


def test_what_is_recorded_names_no_registry() -> None:
    wheel = 'wheels = [\n    { url = "https://a.example/x.whl", hash = "sha256:0" },\n]\n'
    source = 'source = { registry = "https://a.example/simple" }\nsdist = { url = "https://a.example/x.tar.gz" }\n'
    kept = without_addresses(f'[[package]]\nname = "a"\n{source}dependencies = [\n    {{ name = "b" }},\n]\n{wheel}')
    assert "a.example" not in kept
    assert PLACEHOLDER in kept
    assert '{ name = "b" }' in kept
    entries = {
        "node_modules/a": {"version": "1.0.0", "resolved": "https://a.example/a.tgz", "integrity": "sha512-x"},
        "node_modules/w": {"resolved": "packages/w", "link": True},
    }
    assert without_downloads({"packages": entries})["packages"] == {
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/w": {"resolved": "packages/w", "link": True},
    }
