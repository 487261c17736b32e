"""Reading text in parts: the parts of any file, joined, are that file."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.answers import TextRead
from ostiary_servers.files.arguments import ReadTextFile
from ostiary_servers.files.operations.reading import TAIL_LIMIT_BYTES, read_text_file

MARKS = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-32-le": "utf-32-le"}

lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n"), max_size=40)
endings = st.sampled_from(["\n", "\r\n", "\r", ""])
pieces = st.lists(st.tuples(lines, endings, st.sampled_from([1, 7, 3_000])), max_size=12)
"""Each line, how it ends and how often it is repeated, so that files reach beyond one part."""

slow_is_fine = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def read(root: Path, content: bytes, **arguments: int | str) -> TextRead:
    file = root / "file.txt"
    file.write_bytes(content)
    return read_again(root, **arguments)


def read_again(root: Path, **arguments: int | str) -> TextRead:
    call = ReadTextFile.parse({"path": str(root / "file.txt"), **arguments})
    answer = read_text_file(PathGate(fixed_roots([str(root)], [])), call)
    assert isinstance(answer.structured, TextRead)
    assert answer.text == answer.structured.content
    return answer.structured


def parts_of(root: Path, content: bytes) -> list[TextRead]:
    parts = [read(root, content)]
    while (cursor := parts[-1].next_cursor) is not None:
        parts.append(read_again(root, cursor=cursor))
    return parts


def refused(root: Path, content: bytes, **arguments: int | str) -> ErrorCode:
    with pytest.raises(ToolError) as error:
        read(root, content, **arguments)
    return error.value.code


@slow_is_fine
@given(pieces, st.sampled_from(["utf-8", *MARKS]))
def test_the_parts_of_any_text_joined_are_the_file_byte_for_byte(
    root: Path, pieces: list[tuple[str, str, int]], encoding: str
) -> None:
    text = "".join((line + ending) * times for line, ending, times in pieces)
    text = text.removeprefix("\ufeff")  # at the start of a file that is a mark, not text
    codec = MARKS.get(encoding, "utf-8")
    mark = "\ufeff".encode(codec) if encoding in MARKS else b""
    content = mark + text.encode(codec)
    parts = parts_of(root, content)
    assert mark + b"".join(part.content.encode(part.encoding) for part in parts) == content
    assert all(len(part.content.encode()) <= RESULT_BUDGET_BYTES for part in parts)
    assert [part.end_byte for part in parts[:-1]] == [part.start_byte for part in parts[1:]]


@slow_is_fine
@given(st.binary(max_size=300).filter(lambda raw: b"\0" not in raw), st.sampled_from([1, 400]))
def test_bytes_that_are_no_utf_8_come_back_whole_and_are_marked_as_guessed(root: Path, raw: bytes, times: int) -> None:
    content = b"caf\xe9 " + raw * times + b"\xe9\n"
    parts = parts_of(root, content)
    assert b"".join(part.content.encode(part.encoding) for part in parts) == content
    assert all(part.encoding_guessed for part in parts)


@slow_is_fine
@given(pieces, st.integers(1, 20), st.sampled_from(["utf-8", "utf-16-le"]))
def test_head_and_tail_give_exactly_the_first_and_last_lines(
    root: Path, pieces: list[tuple[str, str, int]], count: int, codec: str
) -> None:
    text = "".join(line[:20] + "\n" for line, _, _ in pieces).replace("\ufeff", "")
    content = (b"\xff\xfe" if codec == "utf-16-le" else b"") + text.encode(codec)
    expected = [f"{part}\n" for part in text.split("\n")[:-1]]
    assert read(root, content, head=count).content == "".join(expected[:count])
    assert read(root, content, tail=count).content == "".join(expected[-count:])


def test_the_last_two_of_three_lines_are_the_second_and_the_third(root: Path) -> None:
    assert read(root, b"a\nb\nc\n", tail=2).content == "b\nc\n"
    assert read(root, b"a\nb\nc", tail=2).content == "b\nc"


def test_two_characters_whose_halves_look_like_a_line_end_in_utf_16_end_no_line(root: Path) -> None:
    text = "xਅĀy\nb\n"  # … 05 0A 00 01 …
    assert read(root, b"\xff\xfe" + text.encode("utf-16-le"), tail=2).content == text


def test_the_first_line_of_a_file_that_is_one_long_line_is_bounded_and_goes_on(root: Path) -> None:
    part = read(root, b"x" * 3_000_000, head=1)
    assert len(part.content) == RESULT_BUDGET_BYTES
    assert part.truncated
    assert part.next_cursor is not None
    assert len(read_again(root, head=1, cursor=part.next_cursor).content) == RESULT_BUDGET_BYTES


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_last_lines_that_begin_far_from_the_end_are_found_too(root: Path, codec: str) -> None:
    lines = [f"{number} {'x' * 1_000}\n" for number in range(300)]
    content = (b"\xff\xfe" if codec == "utf-16-le" else b"") + "".join(lines).encode(codec)
    for count in (30, 31, 32, 33, 65, 150, 300, 301):
        assert read(root, content, tail=count).start_byte == len(content) - len("".join(lines[-count:]).encode(codec))


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_line_is_found_by_its_number_wherever_it_is(root: Path, codec: str) -> None:
    lines = [f"{number} \u0a0a\u0d0a 🗝{'x' * (number % 70)}\n" for number in range(1, 9_001)]
    read(root, ("\ufeff" + "".join(lines)).encode(codec))
    for number in (1, 2, 3, *range(300, 9_000, 311), 8_999, 9_000):
        assert read_again(root, firstLine=number, lastLine=number).content == lines[number - 1]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_line_behind_a_hole_is_found(root: Path, codec: str) -> None:
    with (root / "file.txt").open("wb") as file:
        file.write("\ufefffirst\nhole: ".encode(codec))
        file.truncate(100_000_002)
        file.seek(0, os.SEEK_END)
        file.write("hole\nthird\nfourth".encode(codec))
    assert read_again(root, firstLine=3, lastLine=3).content == "third\n"
    assert read_again(root, firstLine=4).content == "fourth"
    assert read_again(root, firstLine=1, lastLine=1).content == "first\n"


def test_the_last_line_of_a_file_that_is_one_longer_line_than_is_searched_begins_with_a_whole_character(
    root: Path,
) -> None:
    content = "€".encode() * (TAIL_LIMIT_BYTES // 3 + 1_000) + b"x"
    part = read(root, content, tail=1)
    assert part.start_byte >= len(content) - TAIL_LIMIT_BYTES
    assert set(part.content) == {"€"}


def test_what_is_not_ascii_is_noticed_however_far_into_a_file_it_begins(root: Path) -> None:
    start = b"a line\n" * 20_000
    assert read(root, start, tail=1).encoding == "utf-8"
    assert read(root, start + "é".encode(), tail=1).content == "é"
    assert read(root, start + b"caf\xe9", tail=1).encoding_guessed
    assert refused(root, start + b"\0", tail=1) is ErrorCode.BINARY


def test_a_part_ends_at_the_end_of_a_line_where_there_is_one(root: Path) -> None:
    assert read(root, b"0123456789abcdef\n" * 10_000).content.endswith("f\n")


def test_line_endings_are_told_and_kept(root: Path) -> None:
    part = read(root, b"a\r\nb\r\n")
    assert (part.content, part.eol) == ("a\r\nb\r\n", "crlf")
    assert read(root, b"a\r\nb\n").eol == "mixed"


def test_an_empty_file_is_empty_text(root: Path) -> None:
    part = read(root, b"")
    assert (part.content, part.next_cursor, part.truncated) == ("", None, False)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"a\0b", "ä".encode("utf-16-le") + b"\0"])
def test_what_is_not_text_is_refused_as_binary(root: Path, content: bytes) -> None:
    assert refused(root, content) is ErrorCode.BINARY


def test_a_file_that_stops_being_utf_8_far_behind_its_start_is_an_error_and_not_wrong_letters(root: Path) -> None:
    content = b"a" * (16 * 1024 * 1024 + 10) + b"\n\xe9\n"
    assert refused(root, content, tail=1) is ErrorCode.ENCODING_UNKNOWN


def test_a_cursor_is_refused_when_the_file_changed_since(root: Path) -> None:
    cursor = read(root, b"x" * 100_000).next_cursor
    assert cursor is not None
    assert refused(root, b"y" * 100_001, cursor=cursor) is ErrorCode.BAD_CURSOR


@pytest.mark.parametrize("cursor", ["", "x", "W10=", "WyJ0ZXh0Il0=", "////", "é", "W" * 5_000])
def test_a_cursor_that_is_not_ours_is_refused(root: Path, cursor: str) -> None:
    assert refused(root, b"text", cursor=cursor) is ErrorCode.BAD_CURSOR


@pytest.mark.parametrize("arguments", [{"head": 1, "tail": 1}, {"head": 0}, {"tail": -1}, {"head": "3"}, {"lines": 3}])
def test_arguments_that_make_no_sense_are_refused(root: Path, arguments: dict[str, int | str]) -> None:
    assert refused(root, b"text", **arguments) is ErrorCode.INVALID_ARGUMENTS
