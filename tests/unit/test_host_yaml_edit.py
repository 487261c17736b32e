"""The bytes of a host's YAML file before and after an edit."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance
from ostiary.gateway.hosts.yaml_edit import YamlEditor

ENTRY = {"name": "ostiary", "args": ["--host", "x"]}
MAP = YamlEditor("extensions", "ostiary", STRICT, is_list=False)
LIST = YamlEditor("mcpServers", "ostiary", STRICT, is_list=True)
LINES = '  ostiary:\n    name: "ostiary"\n    args: ["--host", "x"]\n'
ITEM = '- name: "ostiary"\n  args: ["--host", "x"]\n'


def add(text: str, editor: YamlEditor = MAP) -> str:
    return editor.set(text.encode(), ENTRY).decode()


def drop(text: str, editor: YamlEditor = MAP, *, drop_empty: bool = False) -> str:
    return editor.remove(text.encode(), drop_empty=drop_empty).decode()


@pytest.mark.parametrize(
    ("editor", "before", "piece", "after"),
    [
        pytest.param(MAP, "", f"extensions:\n{LINES}", "", id="empty"),
        pytest.param(MAP, "a: 1\n", f"extensions:\n{LINES}", "", id="no section"),
        pytest.param(MAP, "a: 1", f"\nextensions:\n{LINES}"[:-1], "", id="no line end"),
        pytest.param(MAP, "extensions: # none\n", LINES, "z: 1\n", id="nothing in it"),
        pytest.param(MAP, "extensions:\n  git: {a: 1} # g\n", LINES, "\n# z\nz: 1\n", id="after a comment"),
        pytest.param(MAP, "extensions:\n  git:\n    t: |\n      x\n\n", LINES, "z: 1\n", id="after a block of text"),
        pytest.param(MAP, "# a\n---\nextensions:\n  g: 'x\n\n    y'\n", LINES, "", id="after a text of many lines"),
        pytest.param(LIST, "mcpServers:\n- name: git\n", ITEM, "z: 1\n", id="dashes under the key"),
        pytest.param(
            LIST, "mcpServers: # none\n", "  - " + ITEM[2:].replace("\n ", "\n   "), "z: 1\n", id="empty list"
        ),
        pytest.param(
            MAP,
            "extensions:\r\n  git: 1\r\n",
            LINES.replace("\n", "\r\n"),
            "z: 1\r\n",
            id="CRLF",
        ),
    ],
)
def test_an_entry_is_whole_lines_like_its_siblings_and_leaves_without_a_trace(
    editor: YamlEditor, before: str, piece: str, after: str
) -> None:
    assert add(before + after, editor) == before + piece + after
    had_section = editor.has_section((before + after).encode())
    assert drop(before + piece + after, editor, drop_empty=not had_section) == before + after


def test_an_entry_among_others_leaves_them_alone() -> None:
    assert (
        drop(f"extensions:\n  a: 1 # a\n{LINES}  # about b\n  b: 2\n")
        == "extensions:\n  a: 1 # a\n  # about b\n  b: 2\n"
    )
    assert drop(f"mcpServers:\n- name: a\n{ITEM}- name: b\n", LIST) == "mcpServers:\n- name: a\n- name: b\n"


def test_the_entry_is_found_by_its_meaning_not_its_spelling() -> None:
    assert MAP.get(b"extensions:\n  'ostiary': {cmd: x, 'args': []}\n") == {"cmd": "x", "args": []}
    assert LIST.get(b'mcpServers:\n  - {args: [], "name": "\\u006fstiary"}\n') == {"args": [], "name": "ostiary"}
    assert MAP.get(b"ostiary: 1\nextensions:\n  a:\n    ostiary: 1\n") is None
    assert MAP.get(b"") is None


@pytest.mark.parametrize(
    ("editor", "text", "reason"),
    [
        (MAP, "extensions: {}\n", "stands in brackets"),
        (MAP, "extensions: {git: 1}\n", "stands in brackets"),
        (LIST, "mcpServers: []\n", "stands in brackets"),
        (MAP, "extensions: 1\n", "Line 1: .* is not a mapping"),
        (MAP, "a: 1\nextensions:\n- x\n", "Line 3: .* is not a mapping"),
        (LIST, "mcpServers:\n  git: 1\n", "is not a list"),
        (MAP, "extensions:\n  a: 1\nextensions:\n  b: 1\n", 'Line 3: the key "extensions" is there twice'),
        (MAP, "extensions:\n  ostiary: 1\n  ostiary: 2\n", "is there twice"),
        (LIST, "mcpServers:\n- name: ostiary\n- name: ostiary\n", "is there twice"),
        (MAP, "a: 1\n---\nb: 1\n", "more than one document"),
        (MAP, "a: 1\n...\n", "an end mark"),
        (MAP, "- a\n", "not a mapping"),
        (MAP, "{a: 1}\n", "not a mapping"),
        (MAP, "a:\n\tb: 1\n", "Line 2"),
        (MAP, "a: [", "does not parse"),
        (MAP, "a: |\n  x", "could not be verified"),
        (MAP, "\ufeffa: 1\n", "byte order mark"),
        (LIST, "mcpServers:\n  -\n    name: ostiary\n", "could not be verified|shares its line"),
    ],
)
def test_a_file_that_is_not_safe_to_edit_is_refused(editor: YamlEditor, text: str, reason: str) -> None:
    with pytest.raises(HostFileError, match=reason):
        add(text, editor)


def test_an_entry_that_refers_to_another_place_is_not_followed() -> None:
    with pytest.raises(HostFileError, match="refers to another place"):
        MAP.get(b"a: &a {b: 1}\nextensions:\n  ostiary: *a\n")
    many = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert drop(add(many), drop_empty=True) == many, "aliases are compared, never followed"


VALUES = [
    ("2024-01-01", "2024-01-01"),
    ("2024-13-45", "2024-13-45"),
    ("no", "no"),
    ("12:30", "12:30"),
    ("0x_", "0x_"),
    ("!secret x", "x"),
    ("!!timestamp x", "x"),
    ("'300'", "300"),
    ("300", 300),
    ("-0o17", "-0o17"),
    ("0o17", 15),
    ("0x1F", 31),
    ("010", 10),
    ("1.5e3", 1500.0),
    ("1234567890123456789", 1234567890123456789),
    ("9" * 5000, "9" * 5000),
    ("True", True),
    ("~", None),
    ("", None),
    ("{1: [x, null]}", {"1": ["x", None]}),
]


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_every_value_reads_as_yaml_1_2_has_it(written: str, value: object) -> None:
    assert MAP.get(f"extensions:\n  ostiary:\n    a: {written}\n    b: 1\n".encode()) == {"a": value, "b": 1}


@pytest.mark.parametrize("written", ["{[a]: 1}", "[" * 3000 + "]" * 3000])
def test_what_has_no_plain_form_is_told(written: str) -> None:
    with pytest.raises(HostFileError):
        MAP.get(f"extensions:\n  ostiary:\n    a: {written}\n".encode())


@pytest.mark.parametrize("above", ["", "a: &k 0\n"], ids=["nothing left to refer to", "another is left"])
def test_an_entry_that_another_place_refers_to_is_not_taken_out(above: str) -> None:
    before = f"{above}mcpServers:\n- name: ostiary\n  env: {{K: &k v}}\n- name: b\nz: *k\n"
    line = before.count("\n")
    with pytest.raises(HostFileError, match=f"Line {line} refers to what would go: "):
        drop(before, LIST)
    assert yaml.safe_load(drop(before.replace("*k", "1"), LIST))["mcpServers"] == [{"name": "b"}]


@pytest.mark.parametrize("section", ["extensions: &k", "&k extensions:"], ids=["its value", "its key"])
def test_a_section_that_another_place_refers_to_does_not_go_with_its_last_entry(section: str) -> None:
    with pytest.raises(HostFileError, match="Line 4 refers to what would go: "):
        drop(f"{section}\n  ostiary:\n    a: b\nz: *k\n", drop_empty=True)


def test_a_byte_order_mark_is_kept_where_the_host_reads_it() -> None:
    editor = YamlEditor("extensions", "ostiary", Tolerance(bom=True), is_list=False)
    assert add("\ufeffa: 1\n", editor) == f"\ufeffa: 1\nextensions:\n{LINES}"


@pytest.mark.parametrize("path", ["/opt/é \U0001f6aa", "C:\\x\\y: #z", "'\"{}[]&*!|>%@`", "\t"])
def test_any_ordinary_path_comes_back(path: str) -> None:
    assert MAP.get(MAP.set(b"", {"cmd": path})) == {"cmd": path}


@pytest.mark.parametrize("path", ["/opt/\udcff", "/opt/\x85x", "/opt/\x7fx"])
def test_a_path_that_yaml_would_change_is_refused(path: str) -> None:
    with pytest.raises(HostFileError):
        MAP.set(b"", {"cmd": path})


SCALARS = st.sampled_from(
    [
        "1",
        "'x: y'",
        '"q # r"',
        "~",
        "yes",
        "|\n{i}  text\n{i}  more",
        "|+\n{i}  kept\n\n",
        ">-\n{i}  folded",
        "[a, {{b: 1}}]",
        "",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A mapping with or without ``extensions``, in several styles; comments and blank lines between."""
    step = draw(st.sampled_from([1, 2, 4]))
    text = ""
    names = draw(st.lists(st.sampled_from(["a", "b", "extensions", "'c d'", "é"]), unique=True, max_size=4))
    for name in names:
        text += draw(st.sampled_from(["", "# about it\n", "\n"]))
        if name != "extensions":
            text += f"{name}: {draw(SCALARS).format(i='')}\n"
            continue
        text += "extensions:" + draw(st.sampled_from(["", " # mine"])) + "\n"
        for member in draw(st.lists(st.sampled_from(["x", "y", "'z z'"]), unique=True, max_size=3)):
            indent = " " * step
            text += draw(st.sampled_from(["", f"{indent}# about a server\n", "\n"]))
            text += f"{indent}{member}: {draw(SCALARS).format(i=indent)}\n"
    new_line = draw(st.sampled_from(["\n", "\r\n"]))
    ends_in_block = any(mark in text.rpartition(":")[2] for mark in "|>")  # without its line end it is another text
    whole = text if ends_in_block or draw(st.booleans()) else text.removesuffix("\n")
    return draw(st.sampled_from(["", "# top\n", "---\n"])).replace("\n", new_line) + whole.replace("\n", new_line)


@settings(max_examples=400, deadline=None)
@given(documents())
def test_adding_is_one_insertion_and_removing_gives_the_bytes_back(before: str) -> None:
    after = add(before)
    was = yaml.safe_load(before) or {}
    assert yaml.safe_load(after) == {**was, "extensions": {**(was.get("extensions") or {}), "ostiary": ENTRY}}
    start = next((i for i, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), len(before))
    assert before[start:] == after[start + len(after) - len(before) :]
    assert drop(after, drop_empty="extensions" not in was) == before
