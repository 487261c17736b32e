"""An edit changes what it names and not one byte beside it, whatever encoding and line endings the file has."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.plan import Expected
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.arguments import EditFile
from ostiary_servers.files.operations.writing import edit_file

latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=30)
FORMS = {
    "utf-8": (b"", "utf-8"),
    "utf-8 with mark": (b"\xef\xbb\xbf", "utf-8"),
    "utf-16": (b"\xff\xfe", "utf-16-le"),
    "utf-16 the other way": (b"\xfe\xff", "utf-16-be"),
    "utf-32": (b"\xff\xfe\0\0", "utf-32-le"),
    "utf-32 the other way": (b"\0\0\xfe\xff", "utf-32-be"),
    "latin-1": (b"", "latin-1"),
    "windows-1252": (b"", "cp1252"),
}
NEWLINES = ["\n", "\r\n", "\r"]
slow_is_fine = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def edit(root: Path, content: bytes, *edits: tuple[str, str]) -> bytes:
    (root / "file.txt").write_bytes(content)
    call: dict[str, Any] = {
        "path": str(root / "file.txt"),
        "edits": [{"oldText": old, "newText": new} for old, new in edits],
    }
    edit_file(PathGate(fixed_roots([str(root)], [])), EditFile.parse(call), Expected())
    return (root / "file.txt").read_bytes()


def refused(root: Path, content: bytes, *edits: tuple[str, str]) -> ToolError:
    with pytest.raises(ToolError) as error:
        edit(root, content, *edits)
    assert (root / "file.txt").read_bytes() == content
    return error.value


around = st.lists(st.tuples(latin, st.sampled_from(NEWLINES)), max_size=5)
"""Lines with their ends, of one kind or of several."""


@slow_is_fine
@given(
    before=around,
    old=st.lists(latin, min_size=1, max_size=3),
    new=st.lists(latin, max_size=3),
    after=around,
    newline=st.sampled_from(NEWLINES),
    form=st.sampled_from(sorted(FORMS)),
)
def test_an_edit_changes_nothing_outside_its_match(
    tmp_path: Path,
    before: list[tuple[str, str]],
    old: list[str],
    new: list[str],
    after: list[tuple[str, str]],
    newline: str,
    form: str,
) -> None:
    mark, codec = FORMS[form]
    start, end = ("".join(line + ending for line, ending in part) for part in (before, after))
    # "¤¤" marks the place so that it occurs once; the caller writes LF, as models do, for all but a bare CR.
    said = "\r" if newline == "\r" else "\n"
    written, wanted = (ending.join(["¤¤", *old, "¤"]) for ending in (newline, said))
    text = start + written + end
    assume(text.count("¤¤") == 1)
    if not mark:
        text_is_single_byte = codec in ("latin-1", "cp1252")
        assume(not text_is_single_byte or (is_encodable(text, codec) and not is_utf_8(text.encode(codec))))
    changed = edit(tmp_path, mark + text.encode(codec), (wanted, said.join(new))).decode(codec)
    whole = mark.decode(codec) + start
    assert (changed[: len(whole)], changed[len(changed) - len(end) :]) == (whole, end)
    middle = changed[len(whole) : len(changed) - len(end)]
    assert middle.replace("\r\n", "\n") == said.join(new)
    if len({newline, *(ending for _, ending in (*before, *after))}) == 1:
        assert middle == newline.join(new)


def is_encodable(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_line_endings_of_a_mixed_file_stay_each_as_it_is(tmp_path: Path) -> None:
    assert edit(tmp_path, b"a\r\nb\nc\r\nd\n", ("b\nc", "B\nC")) == b"a\r\nB\nC\r\nd\n"


def test_edits_are_made_one_after_the_other(tmp_path: Path) -> None:
    assert edit(tmp_path, b"one two", ("one", "1"), ("1 two", "12")) == b"12"


def test_new_text_is_taken_literally(tmp_path: Path) -> None:
    assert edit(tmp_path, b"price: x", ("x", r"\1 $0 \n \g<0>")) == rb"price: \1 $0 \n \g<0>"


def test_an_ambiguous_edit_is_refused_with_the_lines_of_its_matches(tmp_path: Path) -> None:
    error = refused(tmp_path, b"x = 1\ny = 2\nx = 1\n", ("x = 1", "x = 3"))
    assert error.code is ErrorCode.AMBIGUOUS_MATCH
    assert "in lines 1, 3;" in error.message


def test_a_text_that_is_nothing_but_matches_is_refused_without_counting_them_all(tmp_path: Path) -> None:
    error = refused(tmp_path, b"x\n" * 2_000_000, ("x", "y"))
    assert "occurs 1000 times or more" in error.message


def test_matches_that_overlap_are_ambiguous_too(tmp_path: Path) -> None:
    assert refused(tmp_path, b"aaa", ("aa", "b")).code is ErrorCode.AMBIGUOUS_MATCH


def test_nothing_is_written_when_the_last_of_several_edits_does_not_fit(tmp_path: Path) -> None:
    error = refused(tmp_path, b"a b c", ("a", "1"), ("missing", "2"))
    assert error.code is ErrorCode.NO_MATCH_FOR_EDIT
    assert error.message.startswith("Edit 2:")


def test_a_character_that_the_encoding_lacks_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"caf\xe9", ("caf", "漢")).code is ErrorCode.ENCODING_UNKNOWN


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"a\0b", ("a", "b")).code is ErrorCode.BINARY


def test_a_text_that_is_broken_behind_its_mark_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\xef\xbb\xbfcaf\xe9", ("caf", "b")).code is ErrorCode.ENCODING_UNKNOWN
