"""What a server writes to stderr, on disk."""

import stat
from pathlib import Path

import pytest

from ostiary.gateway.supervise.output import LONGEST_LINE_BYTES, READABLE_BYTES, Output, readable


def test_output_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"x\n")
    output.close()
    assert stat.S_IMODE((tmp_path / "a.log").stat().st_mode) == 0o600


def test_no_more_than_the_given_files_of_the_given_size_are_kept(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", file_bytes=100, files=3)
    for number in range(100):
        output.write(b"%09d\n" % number)
    output.close()
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(kept) == ["a.log", "a.log.1", "a.log.2"]
    assert all(len(content) == 100 for content in kept.values())
    assert b"".join(kept[name] for name in ("a.log.2", "a.log.1", "a.log")) == b"".join(
        b"%09d\n" % number for number in range(70, 100)
    )


def test_text_goes_on_from_the_file_before_it(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", file_bytes=20)
    output.write(b"first line of all\n")
    output.write(b"second\n")
    output.close()
    assert output.text() == "first line of all\nsecond\n"


def test_text_is_the_newest_64_kb_from_the_start_of_a_line(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    for number in range(20_000):
        output.write(b"line %05d\n" % number)
    output.close()
    text = output.text()
    assert READABLE_BYTES - 11 <= len(text) <= READABLE_BYTES
    assert text.startswith("line ")
    assert text.endswith("line 19999\n")


def test_an_earlier_run_is_read_too_but_has_no_last_words_left(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"the old run\n")
    output.begin()
    output.close()
    assert output.last_words() == ""
    assert output.text() == "the old run\n"


def test_last_words_are_the_last_line_that_is_not_blank(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"before\nthe la")
    output.write(b"st line  \r\n\n  \n")
    output.close()
    assert output.last_words() == "the last line"


def test_last_words_of_a_crash_of_node_are_its_error_and_not_its_trace(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"Error: no vault at /notes\n    at open (/opt/notes.js:3:9)\n}\n\nNode.js v20.11.1\n")
    output.close()
    assert output.last_words() == "Error: no vault at /notes"


def test_last_words_cannot_steer_a_terminal_either(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"\x1b[31mfailed\x1b[0m\n")
    output.close()
    assert output.last_words() == "failed"


def test_last_words_hold_no_secret_nor_the_beginning_of_one(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", mask=lambda text: text.replace("s3cret-value", "‹masked›"))
    output.write(b"s3cret-value " + b"y" * 281 + b"s3cret-value\n")
    output.close()
    assert output.last_words() == ("‹masked› " + "y" * 281 + "‹masked›")[:300]


def test_last_words_are_short(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log")
    output.write(b"y" * 1_000_000)
    output.close()
    assert output.last_words() == "y" * 300


def test_a_full_disk_loses_output_and_nothing_else() -> None:
    output = Output(Path("/dev/full"))
    output.write(b"lost\n")
    output.close()
    assert output.last_words() == "lost"


def test_a_folder_that_is_gone_loses_output_and_nothing_else(tmp_path: Path) -> None:
    output = Output(tmp_path / "gone" / "a.log")
    output.write(b"lost\n")
    assert output.last_words() == "lost"
    assert output.text() == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"\x1b[31mred\x1b[0m", "red"),
        (b"\x1b]0;title\x07text", "text"),
        (b"a\x08\x08b\rc", "abc"),
        (b"tab\tand\nline", "tab\tand\nline"),
        ("Größe – 你好".encode(), "Größe – 你好"),
        (b"\xff", "�"),
        (b"\xc2\x9b31m", "31m"),
    ],
)
def test_nothing_that_could_steer_a_terminal_is_shown(written: bytes, shown: str) -> None:
    assert readable(written) == shown


def without_hush(text: str) -> str:
    return text.replace("hush", "…")


def test_a_secret_that_comes_in_two_pieces_is_not_written(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", mask=without_hush)
    for chunk in (b"the key is hu", b"sh\nand hus", b"h again"):
        output.write(chunk)
    output.close()
    assert (tmp_path / "a.log").read_text() == "the key is …\nand … again"


def test_a_line_that_has_no_end_yet_is_read_masked_too(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", mask=without_hush)
    output.write(b"done\npassword for hush? ")
    assert output.text() == "done\npassword for …? "
    output.close()


def test_bytes_that_are_no_text_are_kept_as_they_came(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", mask=without_hush)
    output.write(b"\xff\xfe hush \xe4\n")
    output.close()
    assert (tmp_path / "a.log").read_bytes() == b"\xff\xfe \xe2\x80\xa6 \xe4\n"


def test_a_line_without_end_is_written_in_pieces_and_not_gathered(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.log", file_bytes=1_000_000)
    for _ in range(20):
        output.write(b"x" * 10_000)
    assert (tmp_path / "a.log").stat().st_size >= 200_000 - LONGEST_LINE_BYTES
    output.close()
