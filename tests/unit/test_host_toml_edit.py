"""The bytes of a host's TOML file before and after an edit."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.tolerance import STRICT, Tolerance
from ostiary.gateway.hosts.toml_edit import TomlEditor, is_same

ENTRY = {"command": "/opt/ostiary-connect", "args": ["--host", "codex"]}
BLOCK = '[mcp_servers.ostiary]\ncommand = "/opt/ostiary-connect"\nargs = ["--host", "codex"]'
EDITOR = TomlEditor("mcp_servers", "ostiary", Tolerance(bom=True))


def add(text: str) -> str:
    return EDITOR.set(text.encode(), ENTRY).decode()


def drop(text: str) -> str:
    return EDITOR.remove(text.encode()).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{BLOCK}\n"),
        ("a = 1\n", f"a = 1\n\n{BLOCK}\n"),
        ("a = 1", f"a = 1\n\n{BLOCK}"),
        ("a = 1\r\n", "a = 1\r\n\r\n" + BLOCK.replace("\n", "\r\n") + "\r\n"),
        ("[mcp_servers]\ngit = {command = 'g'}\n", f"[mcp_servers]\ngit = {{command = 'g'}}\n\n{BLOCK}\n"),
    ],
)
def test_our_table_is_a_block_at_the_end_and_leaves_without_a_trace(before: str, after: str) -> None:
    assert add(before) == after
    assert drop(after) == before


def test_what_was_added_behind_our_table_stays_when_it_leaves() -> None:
    assert drop(f"a = 1\n\n{BLOCK}\n\n# about b\n[b]\nc = 1\n") == "a = 1\n\n# about b\n[b]\nc = 1\n"
    assert drop(f"{BLOCK}\n[mcp_servers.ostiary.env]\nA = 'b'\n# mine\n") == "# mine\n"


@pytest.mark.parametrize("text", ["mcp_servers = {}\n", "mcp_servers.git.command = 'g'\n", "mcp_servers = {git={}}"])
def test_servers_that_no_table_can_be_added_to_are_refused(text: str) -> None:
    with pytest.raises(HostFileError, match="not in tables of their own"):
        add(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = '''\n[mcp_servers.ostiary]\n'''\n[mcp_servers.ostiary]\ncommand = 'x'\n",
        "[mcp_servers.ostiary]\ncommand = 'x'\n[b]\n[mcp_servers.ostiary.env]\nA = 'b'\n",
        "[mcp_servers]\nostiary = {command = 'x'}\n",
    ],
)
def test_an_entry_that_is_not_one_block_is_left_alone(text: str) -> None:
    for edit in (add, drop):
        with pytest.raises(HostFileError):
            edit(text)


@pytest.mark.parametrize("name", ["/home/me/c#", "/home/me/[id]", "a.b", "it's", 'a\\"]b'])
def test_a_table_with_any_name_behind_ours_stays_as_it_is(name: str) -> None:
    theirs = f'\n[projects."{name}"]\ntrust_level = "trusted"\n'
    assert drop(f"a = 1\n\n{BLOCK}\n{theirs}") == f"a = 1\n{theirs}"
    for edit in (add, drop):
        with pytest.raises(HostFileError, match="one block"):
            edit(f"{BLOCK}\n{theirs}\n[mcp_servers.ostiary.env]\nA = 'b'\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("above", ["# about ours\n", "[a]\nb = 1\n", "\n", "a = 1\n# x\n\n# about ours\n"])
@pytest.mark.parametrize("below", ["# a note\n", "# a note\n[z]\n", "[z]\ny = 1\n", ""])
def test_lines_that_touch_our_table_stay_lines_of_their_own(above: str, below: str, end: str) -> None:
    text = f"{above}{BLOCK}\n{below}".replace("\n", end)
    assert drop(text) == f"{above}{below}".replace("\n", end)


@pytest.mark.parametrize("name", ['"ostiary.x"', "'ostiary.x'"])
def test_a_dot_in_a_name_makes_no_table_ours(name: str) -> None:
    theirs = f'\n[mcp_servers.{name}]\ncommand = "x"\n'
    assert drop(f"{BLOCK}\n{theirs}") == theirs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("true", "1"),
        ("[[{d = false}]]", "[[{d = 0}]]"),
        ("1979-05-27T07:32:00Z", "1979-05-27T08:32:00+01:00"),
        ("0.0", "-0.0"),
        ("1", "1.0"),
    ],
)
def test_a_value_and_its_like_are_not_the_same(before: str, after: str) -> None:
    read = [tomllib.loads(f"c = {text}", parse_float=lambda number: ("float", number)) for text in (before, after)]
    assert not is_same(*read)
    assert is_same(read[0], read[0])


def test_what_json_has_no_form_for_is_given_as_text() -> None:
    entry = EDITOR.get(b"[mcp_servers.ostiary]\nd = 2026-11-20\nt = [08:30:00]\nf = {n = 1.5}\ni = 7\nb = true\n")
    assert entry == {"d": "2026-11-20", "t": ["08:30:00"], "f": {"n": 1.5}, "i": 7, "b": True}


def test_a_number_with_thousands_of_digits_is_told() -> None:
    with pytest.raises(HostFileError, match="does not parse"):
        EDITOR.servers(b"a = " + b"9" * 5000)


@pytest.mark.parametrize("text", ["a = 1\na = 2\n", "[a]\n[a]\n", "a = \n", "mcp_servers = 1\n"])
def test_a_file_that_is_not_safe_to_edit_is_refused(text: str) -> None:
    with pytest.raises(HostFileError):
        add(text)


def test_a_byte_order_mark_is_kept_or_refused_as_the_host_does() -> None:
    assert add("\ufeffa = 1\n") == f"\ufeffa = 1\n\n{BLOCK}\n"
    with pytest.raises(HostFileError, match="byte order mark"):
        TomlEditor("mcp_servers", "ostiary", STRICT).set(b"\xef\xbb\xbfa = 1", ENTRY)


def test_values_that_are_not_equal_to_themselves_do_not_stop_an_edit() -> None:
    assert drop(add("a = nan\n")) == "a = nan\n"


def test_every_character_of_a_path_comes_back() -> None:
    path = "".join(map(chr, range(1, 0x180))) + "\u2028\U0001f6aa"
    assert tomllib.loads(EDITOR.set(b"", {"command": path}).decode()) == {"mcp_servers": {"ostiary": {"command": path}}}
    with pytest.raises(HostFileError, match="not valid Unicode"):
        EDITOR.set(b"", {"command": "/opt/\udcff"})


KEYS = st.sampled_from(["a", "b", '"c d"', "model", "'mcp_servers.x'"])
VALUES = st.sampled_from(["1", "'x # [y]'", '"""\n[z]\n"""', "[1, # c\n 2]", "nan", "2026-11-20", "{q = 1}", "0x1F"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    new_line = draw(st.sampled_from(["\n", "\r\n"]))
    names = draw(st.lists(st.sampled_from(["t", "mcp_servers.git", "mcp_servers.'x y'", "u.v"]), unique=True))
    lines = []
    for name in ["", *names]:
        if name:
            lines += ["", "# about it", f"[{name}]"][draw(st.integers(0, 2)) :]
        keys = draw(st.lists(KEYS, unique=True, max_size=3))
        lines += [f"{key} = {draw(VALUES)}{draw(st.sampled_from(['', ' # c']))}" for key in keys]
    lines += draw(st.sampled_from([[], [""], ["", "# end"]]))
    text = "\n".join(lines).replace("\n", new_line)
    return text + draw(st.sampled_from(["", new_line])) if text else text


@settings(max_examples=300, deadline=None)
@given(documents())
def test_adding_changes_nothing_else_and_removing_gives_the_bytes_back(before: str) -> None:
    after = add(before)
    assert after.startswith(before)
    was = tomllib.loads(before, parse_float=str)
    assert tomllib.loads(after, parse_float=str) == {
        **was,
        "mcp_servers": {**was.get("mcp_servers", {}), "ostiary": ENTRY},
    }
    assert drop(after) == before
