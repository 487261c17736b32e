"""The bytes of a host's file before and after an edit."""

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.edit import get_entry, remove_entry, set_entry
from ostiary.gateway.hosts.tolerance import JSONC, STRICT, Tolerance
from tests.support.json_documents import documents

PATH = ("mcpServers",)
ENTRY = {"command": "/opt/ostiary/ostiary-connect", "args": ["--host", "cursor"]}
INLINE = '{"command": "/opt/ostiary/ostiary-connect", "args": ["--host", "cursor"]}'


def add(text: str, tolerance: Tolerance = JSONC) -> str:
    return set_entry(text.encode(), PATH, "ostiary", ENTRY, tolerance).decode()


def drop(text: str, *, drop_empty: bool = False) -> str:
    return remove_entry(text.encode(), PATH, "ostiary", JSONC, drop_empty=drop_empty).decode()


def block(indent: str, step: str = "  ", new_line: str = "\n") -> str:
    """Gives our member, on lines of its own, without the indentation of its first line."""
    return '"ostiary": ' + json.dumps(ENTRY, indent=step).replace("\n", new_line + indent)


@pytest.mark.parametrize("empty", ["", "\n", "  \r\n\t"])
def test_an_empty_file_becomes_a_document_of_two_spaces(empty: str) -> None:
    assert add(empty) == '{\n  "mcpServers": {\n    ' + block("    ") + "\n  }\n}\n"


MINIFIED = INLINE.replace(": ", ":").replace(", ", ",")


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        pytest.param("{", '\n  "mcpServers": {\n    ' + block("    ") + "\n  }\n", "}", id="empty root"),
        pytest.param('{"a":1', ',"mcpServers":{"ostiary":' + MINIFIED + "}", "}", id="minified"),
        pytest.param('{"a": 1', ', "mcpServers": {"ostiary": ' + INLINE + "}", "}\n", id="one line"),
        pytest.param('{"mcpServers": {', '"ostiary": ' + INLINE, "}}", id="one line, empty"),
        pytest.param('{\n  "mcpServers": {', "\n    " + block("    ") + "\n  ", "}\n}\n", id="empty"),
        pytest.param(
            '{\r\n\t"mcpServers": {\r\n\t\t"a": 1',
            ",\r\n\t\t" + block("\t\t", "\t", "\r\n"),
            "\r\n\t}\r\n}",
            id="tabs and CRLF",
        ),
        pytest.param(
            '{\n    "mcpServers": {\n        "a": 1,',
            "\n        " + block(" " * 8, "    ") + ",",
            "\n    },\n}",
            id="trailing comma",
        ),
        pytest.param(
            '{\n  "mcpServers": {\n    "a": 1, // why',
            "\n    " + block("    ") + ",",
            "\n  }\n}",
            id="comment after a trailing comma",
        ),
        pytest.param(
            '{\n  "mcpServers": {\n    "a": 1 // why',
            "\n    , " + block("    "),
            "\n  }\n}",
            id="comment without a comma",
        ),
        pytest.param(
            '{\n  "mcpServers": {\n    // none yet',
            "\n    " + block("    "),
            "\n  }\n}",
            id="nothing but a comment",
        ),
    ],
)
def test_an_entry_is_one_piece_in_the_style_around_it_and_leaves_without_a_trace(
    before: str, piece: str, after: str
) -> None:
    assert add(before + after) == before + piece + after
    assert drop(before + piece + after, drop_empty="mcpServers" not in before) == before + after


NASTY = (
    '\ufeff{\r\n\t// servers "quoted" {\r\n\t"mcpServers": {\r\n'
    '\t\t"win": {"command": "C:\\\\x\\\\y.exe", "args": ["// no", "/* no */"],},\r\n'
    '\t\t/* door */ "\\u00e9\U0001f6aa": [12345678901234567890, 1E+5, -0, 1.0,], // last\r\n'
    '\t},\r\n\t"dup": 1, "dup": 2,\r\n}\r\n'
)


def test_a_nasty_file_gets_one_insertion_and_its_bytes_back() -> None:
    after = add(NASTY)
    at = NASTY.index("// last") + len("// last")
    assert after == NASTY[:at] + "\r\n\t\t" + block("\t\t", "\t", "\r\n") + "," + NASTY[at:]
    assert drop(after) == NASTY


def test_a_member_before_others_leaves_without_a_trace() -> None:
    assert drop('{"mcpServers": {"ostiary": 1, "b": 2}}') == '{"mcpServers": {"b": 2}}'
    assert drop('{"mcpServers": {"a": 0, "ostiary": 1, "b": 2}}') == '{"mcpServers": {"a": 0, "b": 2}}'


def test_comments_of_others_stay_when_our_entry_leaves() -> None:
    text = '{"mcpServers": {\n  "a": 0, // about a\n  // about the door\n  "ostiary": 1\n}}'
    assert drop(text) == '{"mcpServers": {\n  "a": 0 // about a\n  // about the door\n}}'


def test_an_entry_that_differs_is_replaced_and_nothing_else() -> None:
    text = '{\n  "mcpServers": {\n    "ostiary": {"command": "old"},\n    "b": {}\n  }\n}'
    assert add(text) == '{\n  "mcpServers": {\n    ' + block("    ") + ',\n    "b": {}\n  }\n}'


def test_the_entry_is_found_by_its_meaning_not_its_spelling() -> None:
    text = '{"mcp\\u0053ervers": {"osti\\u0061ry": {"command": "x", "args": [],}}}'
    assert get_entry(text.encode(), PATH, "ostiary", JSONC) == {"command": "x", "args": []}
    assert get_entry(b'{"ostiary": 1, "mcpServers": {"a": {"ostiary": 1}}}', PATH, "ostiary") is None
    assert get_entry(b"", PATH, "ostiary") is None


def test_a_number_of_thousands_of_digits_stays_as_it_is() -> None:
    others = '{"mcpServers": {"a": {"args": [N, 7]}}, "n": -N}'.replace("N", "9" * 5000)
    assert drop(add(others)) == others
    assert get_entry(others.encode(), PATH, "a") == {"args": [float("inf"), 7]}


def test_an_object_of_blanks_closes_up_when_our_entry_leaves_it() -> None:
    assert drop(add('{"mcpServers": {\n}}')) == '{"mcpServers": {}}'


def test_an_object_that_holds_others_stays_though_we_made_it() -> None:
    text = '{"mcpServers": {"ostiary": 1, "b": 2}}'
    assert drop(text, drop_empty=True) == '{"mcpServers": {"b": 2}}'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"mcpServers": {"a": 1}', "Line 1, column 24"),
        ('{\n  "a": 1\n  "b": 2\n}', "Line 3, column 3"),
        ("[]", "Line 1, column 1: the file is not an object"),
        ('\n "text"', "Line 2, column 2: the file is not an object"),
        ('{\n "mcpServers": []}', 'Line 2, column 16: "mcpServers" is not an object'),
        ('{"mcpServers": null}', '"mcpServers" is not an object'),
        ('{"mcpServers": {},\n "mcpServers": {}}', 'Line 2, column 2: the key "mcpServers" is there twice'),
        ('{"mcpServers": {"ostiary": 1,\n  "ostiary": 2}}', 'Line 2, column 3: the key "ostiary" is there twice'),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": 1} x', "Line 1, column 10"),
        ('{"a": "\n"}', "Line 1, column 8"),
        ("{,}", "Line 1, column 2"),
        ('{"a": [1,,]}', "Line 1"),
        ('{"a": "/* }', "Line 1, column 7"),
        ("// only a comment", "Line 1"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_safe_to_edit_is_refused_with_the_place(text: str, where: str) -> None:
    for edit in (add, drop):
        with pytest.raises(HostFileError, match=re.escape(where)):
            edit(text)


def test_deep_but_valid_nesting_is_edited_or_refused_never_a_crash() -> None:
    for depth in range(100, 1500, 50):
        text = '{"a":' + '{"a":' * depth + "1" + "}" * depth + "}"
        try:
            after = add(text)
        except HostFileError:
            continue
        assert after.startswith(text[:-1])


def test_a_file_that_is_not_utf8_is_refused_with_the_line() -> None:
    with pytest.raises(HostFileError, match="Line 2: it is not UTF-8"):
        set_entry('{\n"ä": 1}'.encode("latin-1"), PATH, "ostiary", ENTRY)


@pytest.mark.parametrize(
    "text", ['{\n  // note\n  "a": 1\n}', '{\n  /* note */ "a": 1}', '{\n  "a": 1,}', '{\n  "a": [1,]}']
)
def test_a_strict_host_refuses_what_only_jsonc_allows(text: str) -> None:
    with pytest.raises(HostFileError, match=r"Line 2, column \d+: a comment or a trailing comma"):
        add(text, STRICT)


def test_a_byte_order_mark_is_kept_or_refused_as_the_host_does() -> None:
    marked = b'\xef\xbb\xbf{"a": 1}'
    assert set_entry(marked, PATH, "ostiary", ENTRY, Tolerance(bom=True)).startswith(b'\xef\xbb\xbf{"a": 1, ')
    assert not set_entry(b"", PATH, "ostiary", ENTRY, Tolerance(bom=True)).startswith(b"\xef\xbb\xbf")
    with pytest.raises(HostFileError, match="byte order mark"):
        set_entry(marked, PATH, "ostiary", ENTRY, STRICT)


def test_a_path_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(HostFileError, match="not valid Unicode"):
        set_entry(b"{}", PATH, "ostiary", {"command": "/opt/\udcff"})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.booleans().flatmap(lambda jsonc: documents(jsonc=jsonc)))
def test_adding_is_one_insertion_and_removing_gives_the_bytes_back(before: bytes) -> None:
    had_servers = b'"mcpServers"' in before
    after = set_entry(before, PATH, "ostiary", ENTRY, JSONC)
    assert is_one_insertion(before, after)
    assert get_entry(after, PATH, "ostiary", JSONC) == ENTRY
    assert set_entry(after, PATH, "ostiary", ENTRY, JSONC).count(b'"ostiary"') == 1
    assert remove_entry(after, PATH, "ostiary", JSONC, drop_empty=not had_servers) == before


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_a_strict_file_reads_as_before_plus_the_entry(before: bytes) -> None:
    expected = json.loads(before.decode("utf-8-sig"))
    expected.setdefault("mcpServers", {})["ostiary"] = ENTRY
    after = set_entry(before, PATH, "ostiary", ENTRY, Tolerance(bom=True))
    assert json.loads(after.decode("utf-8-sig")) == expected


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(jsonc=True), st.data())
def test_a_damaged_file_is_refused_or_still_holds_all_its_bytes(before: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(before) - 1))
    damaged = before[:at] + data.draw(st.sampled_from([b"", b'"', b"{", b"}", b",", b"/*", b"\xff"])) + before[at + 1 :]
    try:
        after = set_entry(damaged, PATH, "ostiary", ENTRY, JSONC)
    except HostFileError:
        return
    assert is_one_insertion(damaged, after)


def is_one_insertion(before: bytes, after: bytes) -> bool:
    grown = len(after) - len(before)
    start = next((i for i, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), len(before))
    return grown > 0 and before[start:] == after[start + grown :]


def test_a_file_of_a_megabyte_is_edited_in_a_moment() -> None:
    servers = {f"server {n}": {"command": "C:\\x" * 5, "args": ["--flag", "value"] * 3, "n": n} for n in range(7000)}
    before = json.dumps({"mcpServers": servers}, indent=2).encode()
    assert len(before) > 1_000_000
    started = time.process_time()
    after = set_entry(before, PATH, "ostiary", ENTRY)
    assert time.process_time() - started < 2, "measured: about 0.2 s; the cap only catches a change of order"
    assert remove_entry(after, PATH, "ostiary") == before
