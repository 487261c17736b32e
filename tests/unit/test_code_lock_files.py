"""Manifests and lock files, one format after the other: the same small project in each."""

from collections.abc import Callable

import pytest

from ostiary_servers.code.dependencies import (
    bun_lock,
    cargo,
    go_mod,
    package_json,
    package_lock,
    pdm_lock,
    pipfile,
    pnpm_lock,
    poetry_lock,
    pylock,
    pyproject,
    requirements_txt,
    uv_lock,
    yarn_lock,
)
from ostiary_servers.code.dependencies.model import Ecosystem, FormatError, Lock, Scope
from ostiary_servers.code.dependencies.versions import satisfies
from tests.support.lock_files import (
    BUN,
    CARGO,
    PACKAGE_LOCK_1,
    PACKAGE_LOCK_3,
    PDM,
    PNPM_5,
    PNPM_6,
    PNPM_9,
    POETRY,
    PYLOCK,
    UV,
    YARN_1,
    YARN_BERRY,
)


def edges(lock: Lock) -> set[tuple[str, str]]:
    """Who asks for whom, by name; the project itself is app."""
    return {
        (package.name or "app", lock.packages[edge.target].name if edge.target else f"!{edge.name}")
        for package in lock.packages.values()
        for edge in package.edges
    }


LOCKS: dict[str, tuple[Callable[[str], Lock], str, set[tuple[str, str]]]] = {
    "uv": (
        uv_lock.parse_lock,
        UV,
        {
            ("app", "web-kit"),
            ("app", "click"),
            ("app", "pytest"),
            ("web-kit", "idna"),
            ("web-kit", "speedups"),
            ("pytest", "idna"),
        },
    ),
    "poetry": (
        poetry_lock.parse_lock,
        POETRY,
        {("web-kit", "idna"), ("web-kit", "speedups"), ("web-kit", "!other"), ("asks", "web-kit")},
    ),
    "pdm": (pdm_lock.parse_lock, PDM, {("web-kit", "idna"), ("web-kit", "speedups")}),
    "pylock": (pylock.parse_lock, PYLOCK, {("web-kit", "idna")}),
    "npm 3": (
        package_lock.parse_lock,
        PACKAGE_LOCK_3,
        {
            ("app", "a"),
            ("app", "real"),
            ("app", "w"),
            ("app", "d"),
            ("a", "b"),
            ("d", "b"),
            ("w", "b"),
            ("real", "!missing"),
        },
    ),
    "npm 1": (package_lock.parse_lock, PACKAGE_LOCK_1, {("a", "b"), ("real", "b")}),
    "yarn 1": (yarn_lock.parse_lock, YARN_1, {("a", "@s/b")}),
    "yarn berry": (yarn_lock.parse_lock, YARN_BERRY, {("a", "@s/b"), ("app", "a"), ("app", "real")}),
    "pnpm 9": (
        pnpm_lock.parse_lock,
        PNPM_9,
        {("app", "a"), ("app", "real"), ("app", "packages/w"), ("packages/w", "@s/b"), ("a", "@s/b")},
    ),
    "pnpm 6": (pnpm_lock.parse_lock, PNPM_6, {("app", "a"), ("a", "@s/b")}),
    "pnpm 5": (pnpm_lock.parse_lock, PNPM_5, {("app", "a"), ("a", "@s/b")}),
    "bun": (bun_lock.parse_lock, BUN, {("app", "a"), ("a", "@s/b"), ("a", "c"), ("@s/b", "c")}),
    "cargo": (cargo.parse_lock, CARGO, {("app", "a"), ("app", "b"), ("a", "b")}),
}


@pytest.mark.parametrize("name", LOCKS)
def test_edges_of_a_lock_file_are_those_it_records(name: str) -> None:
    parse, text, expected = LOCKS[name]
    assert edges(parse(text)) == expected


def test_an_edge_leads_to_the_version_that_was_chosen_for_it() -> None:
    lock = package_lock.parse_lock(PACKAGE_LOCK_3)
    assert [edge.target for edge in lock.packages["node_modules/a"].edges] == ["node_modules/a/node_modules/b"]
    assert [edge.target for edge in bun_lock.parse_lock(BUN).packages["a"].edges] == ["a/@s/b", "c"]
    uv = uv_lock.parse_lock(UV)
    assert [edge.target for edge in uv.packages["web-kit@1.2"].edges] == ["idna@3.0", "speedups@1"]
    assert {edge.name: edge.scope for edge in uv.packages["app@0.1"].edges} == {
        "web-kit": Scope.RUNTIME,
        "click": Scope.OPTIONAL,
        "pytest": Scope.DEV,
    }


def test_versions_and_aliases_are_read_from_every_form_of_key() -> None:
    assert {each.name: each.version for each in pnpm_lock.parse_lock(PNPM_5).packages.values() if each.version} == {
        "a": "1.0.1",
        "@s/b": "2.0.0",
    }
    real = yarn_lock.parse_lock(YARN_1).packages["al@npm:real@^2.0.0"]
    assert (real.name, real.alias, real.version) == ("real", "al", "2.1.0")


def test_pipenv_s_lock_file_has_versions_and_no_edges() -> None:
    lock = pipfile.parse_lock('{"default": {"A_b": {"version": "==1.0"}}, "develop": {"c": {"version": "==2"}}}')
    assert lock.flat
    assert {each.name: each.version for each in lock.packages.values()} == {"a-b": "1.0", "c": "2"}


def test_requirements_follow_includes_and_constraints() -> None:
    files = {
        "more/base.txt": "-r ../base2.txt\nrequests[socks] >= 2 ; python_version > '3' --hash=sha256:x\n",
        "base2.txt": "-r more/base.txt\nidna == \\\n  3.0\n",
        "limits.txt": "requests < 3\nunused == 1\n",
    }
    text = (
        "# comment\n-r more/base.txt\n--constraint limits.txt\n-e git+https://x/y#egg=Mine\n"
        "https://x/z.whl\n--no-index\n"
    )
    manifest = requirements_txt.parse(text, files.get)
    assert [(each.name, each.spec) for each in manifest.requirements] == [
        ("idna", "==3.0"),
        ("requests", ">=2,<3"),
        ("mine", "(editable)"),
    ]
    assert not manifest.pinned


def test_pyproject_is_read_with_its_groups_and_its_tools() -> None:
    manifest = pyproject.parse(
        '[project]\nname = "My_App"\ndependencies = ["a>=1"]\n[project.optional-dependencies]\nx = ["b"]\n'
        '[dependency-groups]\ndev = ["c", {include-group = "x"}]\n[build-system]\nrequires = ["d"]\n'
        '[tool.poetry.dependencies]\npython = "^3"\ne = {version = "^1", optional = true}\n'
        '[tool.poetry.group.test.dependencies]\nf = "*"\n[tool.uv]\ndev-dependencies = ["g"]\n'
    )
    assert manifest.name == "my-app"
    assert {each.name: (each.scope.value, each.line) for each in manifest.requirements} == {
        "a": ("runtime", 3),
        "b": ("optional", 5),
        "c": ("dev", 7),
        "d": ("build", 9),
        "e": ("optional", 12),
        "f": ("dev", 14),
        "g": ("dev", 16),
    }


def test_package_json_gives_each_name_once() -> None:
    manifest = package_json.parse(
        '{"name": "app", "dependencies": {"a": "1", "o": "1"}, "optionalDependencies": {"o": "2"},'
        '"devDependencies": {"a": "3", "d": "1"}, "peerDependencies": {"p": "1"}}'
    )
    assert {each.name: (each.spec, each.scope.value) for each in manifest.requirements} == {
        "a": ("1", "runtime"),
        "o": ("2", "optional"),
        "d": ("1", "dev"),
        "p": ("1", "peer"),
    }


def test_cargo_toml_is_read_with_renames_targets_and_the_workspace() -> None:
    manifest = cargo.parse(
        '[package]\nname = "app"\n[dependencies]\na = "1"\nb = { version = "2", optional = true }\n'
        'c = { package = "real", version = "3" }\nshared = { workspace = true }\n'
        '[workspace.dependencies]\nshared = "4"\n'
        '[dev-dependencies]\nd = "5"\n[target."cfg(unix)".dependencies]\nu = "6"\n'
    )
    assert {each.name: (each.spec, each.scope.value) for each in manifest.requirements} == {
        "a": ("1", "runtime"),
        "b": ("2", "optional"),
        "real": ("3", "runtime"),
        "shared": ("4", "runtime"),
        "d": ("5", "dev"),
        "u": ("6", "runtime"),
    }


def test_go_mod_is_read_with_blocks_replacements_and_indirect_ones() -> None:
    manifest = go_mod.parse(
        "module example.org/app\n\ngo 1.22\n\nrequire example.org/a v1.0.0\n"
        "require (\n\texample.org/b v1.2.3 // indirect\n)\n"
        "replace example.org/a => example.org/fork v1.0.1\nexclude example.org/c v1.0.0\n"
    )
    assert [(each.name, each.spec, each.scope) for each in manifest.requirements] == [
        ("example.org/a", "v1.0.1", "runtime"),
        ("example.org/b", "v1.2.3", "indirect"),
    ]
    lock = go_mod.parse_lock(
        "example.org/a v1.0.0 h1:x=\nexample.org/a v1.0.0/go.mod h1:y=\nexample.org/z v2.0.0/go.mod h1:y=\n"
    )
    assert list(lock.packages) == ["example.org/a@v1.0.0"]


PARSERS = {name: parse for name, (parse, *_) in LOCKS.items()} | {
    "pipfile.lock": pipfile.parse_lock,
    "go.sum": go_mod.parse_lock,
}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\n{\n=======\n",
        "{" * 100_000,
        "[" * 100_000,
        "\0\1\2",
        "a: [",
        '"\ud800"',
        "[[package]]\nname = 1\n",
        "&a [*a]",
    ],
)
def test_a_broken_lock_file_is_an_error_in_words_or_holds_nothing(name: str, text: str) -> None:
    try:
        lock = PARSERS[name](text)
    except FormatError as error:
        assert str(error).startswith("It ")  # noqa: PT017
    else:
        assert len(lock.packages) <= 2


@pytest.mark.parametrize(
    ("ecosystem", "spec", "version", "expected"),
    [
        (Ecosystem.PYTHON, ">=1,<2", "1.5", True),
        (Ecosystem.PYTHON, ">=1,<2", "2.0", False),
        (Ecosystem.PYTHON, "^1.2", "1.9", True),
        (Ecosystem.PYTHON, "@ https://x", "1", None),
        (Ecosystem.JAVASCRIPT, "^1.2.0 || 3", "3.1.0", True),
        (Ecosystem.JAVASCRIPT, "~1.2.0", "1.3.0", False),
        (Ecosystem.JAVASCRIPT, "workspace:*", "1.0.0", None),
        (Ecosystem.JAVASCRIPT, "latest", "1.0.0", None),
        (Ecosystem.RUST, "0.4", "0.4.9", True),
        (Ecosystem.RUST, "0.4", "0.5.0", False),
        (Ecosystem.RUST, ">=1, <3", "2.0.0", True),
        (Ecosystem.GO, "v1.0.0", "v1.0.1", None),
    ],
)
def test_a_version_is_held_against_a_range_by_its_ecosystem_s_rules(
    ecosystem: Ecosystem, spec: str, version: str, expected: bool | None
) -> None:
    assert satisfies(ecosystem, spec, version) is expected
