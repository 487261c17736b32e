"""What holds for every host that has a data file: adding a host is adding a file, and its entry in the fixtures."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath

import pytest
import yaml

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.formats import Editor, Format, editor_for
from ostiary.gateway.hosts.json_spans import without_comments, without_trailing_commas
from ostiary.gateway.hosts.registry import (
    HostSpec,
    Place,
    Platform,
    config_path,
    entry_for,
    installed_paths,
    is_program_of,
    known_hosts,
)
from tests.support.host_fixtures import COMMAND, ENTRIES, OTHER_CONTENTS, entry_of, json_contents

HOSTS = {spec.name: spec for spec in known_hosts()}
EACH = pytest.mark.parametrize("spec", HOSTS.values(), ids=HOSTS)
HOMES: Mapping[Platform, str] = {"linux": "/home/zoë", "darwin": "/Users/zoë", "win32": r"C:\Users\Zoë"}
WINDOWS = {"APPDATA": r"C:\Users\Zoë\AppData\Roaming", "LOCALAPPDATA": r"C:\Users\Zoë\AppData\Local"}


def editor(spec: HostSpec) -> Editor:
    return editor_for(spec.format, spec.key_path, "ostiary", spec.tolerance)


def entry(spec: HostSpec) -> dict[str, object]:
    return entry_for(spec, COMMAND, ("--host", spec.name))


def contents(spec: HostSpec) -> Mapping[str, bytes]:
    if spec.format is not Format.JSON:
        return OTHER_CONTENTS[spec.format]
    flags = {"bom": spec.tolerance.bom, "comments": spec.tolerance.comments}
    accepts = frozenset(name for name, on in flags.items() if on)
    return json_contents(
        spec.key_path[0], accepts | (frozenset(["trailing-commas"]) if spec.tolerance.trailing_commas else frozenset())
    )


CASES = [
    pytest.param(spec, raw, id=f"{spec.name}, {name}")
    for spec in HOSTS.values()
    for name, raw in contents(spec).items()
]


def independent(spec: HostSpec, raw: bytes) -> dict[str, object]:
    """The file's meaning, from a parser that has no part in the writing."""
    text = raw.decode("utf-8-sig")
    match spec.format:
        case Format.JSON:
            found = json.loads(without_trailing_commas(without_comments(text)))
        case Format.TOML:
            found = tomllib.loads(text, parse_float=str)
        case Format.YAML | Format.YAML_LIST:
            found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def with_entry(spec: HostSpec, before: dict[str, object]) -> dict[str, object]:
    (key,) = spec.key_path
    old = before.get(key)
    if spec.format is Format.YAML_LIST:
        return {**before, key: [*(old if isinstance(old, list) else ()), entry(spec)]}
    return {**before, key: {**(old if isinstance(old, dict) else {}), "ostiary": entry(spec)}}


@EACH
def test_the_entry_has_the_shape_that_the_host_reads(spec: HostSpec) -> None:
    assert entry(spec) == entry_of(spec.name)


def test_every_shape_belongs_to_a_host() -> None:
    assert set(ENTRIES) == set(HOSTS)


@pytest.mark.parametrize(("spec", "before"), CASES)
def test_adding_is_one_insertion_and_removing_gives_the_bytes_back(spec: HostSpec, before: bytes) -> None:
    after = editor(spec).set(before, entry(spec))
    grown = len(after) - len(before)
    start = next((i for i, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), len(before))
    assert before[start:] == after[start + grown :]
    assert editor(spec).get(after) == entry(spec)
    assert editor(spec).remove(after, drop_empty=not editor(spec).has_section(before)) == before


@pytest.mark.parametrize(("spec", "before"), CASES)
def test_the_file_reads_as_before_plus_the_entry(spec: HostSpec, before: bytes) -> None:
    after = editor(spec).set(before, entry(spec))
    assert independent(spec, after) == with_entry(spec, independent(spec, before))


@pytest.mark.parametrize(("spec", "before"), CASES)
def test_an_entry_of_ours_that_differs_is_replaced_and_the_others_stay(spec: HostSpec, before: bytes) -> None:
    older = editor(spec).set(before, entry_for(spec, "/old/ostiary-connect", ()))
    after = editor(spec).set(older, entry(spec))
    assert independent(spec, after) == with_entry(spec, independent(spec, before))


@EACH
def test_a_file_that_we_make_holds_the_entry_and_closes_with_a_line_end(spec: HostSpec) -> None:
    made = editor(spec).set(spec.new_file, entry(spec))
    assert independent(spec, made) == with_entry(spec, independent(spec, spec.new_file) if spec.new_file else {})
    assert made.endswith(b"}\n" if spec.format is Format.JSON else b"\n")


@EACH
@pytest.mark.parametrize("broken", [b"{", b"\xff\xfe{", b"a: [", b'"', b"x = \n: : ["])
def test_a_file_that_does_not_parse_is_left_alone(spec: HostSpec, broken: bytes) -> None:
    with pytest.raises(HostFileError):
        editor(spec).set(broken, entry(spec))


@EACH
def test_a_byte_order_mark_is_refused_where_the_host_does_not_read_it(spec: HostSpec) -> None:
    marked = b"\xef\xbb\xbf" + next(iter(contents(spec).values()))
    if spec.tolerance.bom:
        assert editor(spec).set(marked, entry(spec)).startswith(b"\xef\xbb\xbf")
    else:
        with pytest.raises(HostFileError, match="byte order mark"):
            editor(spec).set(marked, entry(spec))


@EACH
@pytest.mark.parametrize("platform", HOMES)
def test_every_platform_has_a_file_and_a_sign_of_the_host(spec: HostSpec, platform: Platform) -> None:
    env = WINDOWS if platform == "win32" else {}
    place = Place(platform, env, HOMES[platform], lambda _: [], lambda _: False)
    path = config_path(spec, place)
    assert path is not None
    pure = PureWindowsPath(path) if platform == "win32" else PurePosixPath(path)
    assert pure.is_absolute()
    assert ("/" in path) == (platform != "win32")
    assert "${" not in path
    assert "%" not in path
    assert installed_paths(spec, place)


@pytest.mark.parametrize("platform", HOMES)
def test_no_program_of_one_application_is_taken_for_another(platform: Platform) -> None:
    programs = {
        "linux": {"/usr/share/code/code": {"vscode", "cline"}, "/usr/bin/codex": {"codex"}, "/usr/bin/node": set()},
        "darwin": {
            "/Applications/Claude.app/Contents/MacOS/Claude": {"claude-desktop"},
            "/Applications/Visual Studio Code - Insiders.app/Contents/MacOS/Electron": {"vscode-insiders"},
            "/opt/homebrew/bin/claude": {"claude-code"},
        },
        "win32": {
            r"C:\Users\z\.local\bin\claude.exe": {"claude-code"},
            r"C:\Users\z\AppData\Local\AnthropicClaude\app-1\claude.exe": {"claude-desktop"},
        },
    }[platform]
    for program, hosts in programs.items():
        assert {spec.name for spec in HOSTS.values() if is_program_of(spec, program, platform)} == hosts


@EACH
def test_what_a_person_reads_is_whole_sentences(spec: HostSpec) -> None:
    for sentence in (spec.restart_hint, *spec.uncertain):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
