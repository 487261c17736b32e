"""The small pure parts of the servers' kit: patterns, addresses, names, diffs, budgets."""

import errno
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary_servers.common.budget import fitting_prefix
from ostiary_servers.common.diff import ALIGN_LIMIT_LINES, unified_diff
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.errors import ErrorCode
from ostiary_servers.common.file_uri import path_of, uri_of
from ostiary_servers.common.glob import MAX_ALTERNATIVES, Glob
from ostiary_servers.common.os_errors import tool_error_for
from ostiary_servers.common.path_names import fault_in

texts = st.text(st.sampled_from("ab\n\r"), max_size=60)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.py", "deep/in/a.py", True),
        ("*.py", "a.pyc", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "deep/in/a.py", True),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/deep/a.py", False),
        ("src/**", "src/deep/a.py", True),
        ("src/**/test_*.py", "src/test_a.py", True),
        ("src/**/b/*.py", "src/b/c/b/a.py", True),
        ("./src/*.py", "src/a.py", True),
        ("*.{py,toml}", "x/pyproject.toml", True),
        ("{a,b}/{c,d}.txt", "b/c.txt", True),
        ("{a,b}/{c,d}.txt", "b/e.txt", False),
        ("file[0-9].txt", "file7.txt", True),
        ("FILE.txt", "file.txt", False),
        ("**", "anything/at/all", True),
        ("a?c", "abc", True),
    ],
)
def test_a_pattern_fits_what_people_mean_by_it(pattern: str, path: str, *, fits: bool) -> None:
    assert Glob.of(pattern).matches(tuple(path.split("/"))) is fits


def test_a_pattern_made_to_blow_up_does_not() -> None:
    assert not Glob.of("*a" * 60 + "b").matches(("a" * 255,))
    assert not Glob.of("**/a/" * 60 + "b").matches(("a",) * 500)
    assert len(Glob.of("{a,b}" * 30).alternatives) <= MAX_ALTERNATIVES


@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX")
def test_any_path_survives_the_way_to_a_uri_and_back(raw: bytes) -> None:
    path = "/" + os.fsdecode(raw).lstrip("/")
    path = os.path.normpath(path)
    assert path_of(uri_of(path)) == path


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost/a",
        "file://elsewhere/a",
        "file:a",
        "file:///a?b",
        "file:///a#b",
        "file:///a%2Fb",
        "file:///a\tb",
        "file://[/a",
        "/a",
        "",
    ],
)
def test_what_is_no_address_of_a_local_file_is_refused(uri: str) -> None:
    assert path_of(uri) is None


def test_a_percent_encoded_address_means_the_decoded_name() -> None:
    assert path_of("file:///a%20b/%C3%A9.txt") == "/a b/é.txt"
    assert path_of("file://localhost/a") == "/a"


@pytest.mark.parametrize(
    "path",
    [
        r"C:\a\CON",
        r"C:\a\nul.txt",
        r"C:\a\com1",
        r"C:\a\LPT².log",
        r"C:\a\b.txt:stream",
        r"C:\a\b::$DATA",
        r"\\server\share\a",
        "\\\\?\\C:\\a",
        "\\\\.\\PhysicalDrive0",
        "//server/share",
        r"C:\a\b.",
        "C:\\a\\b ",
        "C:a",
    ],
)
def test_names_that_mean_something_else_on_windows_are_refused_there(path: str) -> None:
    assert fault_in(path, windows=True) is not None


@pytest.mark.parametrize("path", [r"C:\a\..\b.txt", "C:/a/.config", r"a\console.txt", r"C:\com10\auxiliary"])
def test_ordinary_names_are_accepted_on_windows(path: str) -> None:
    assert fault_in(path, windows=True) is None


def test_names_that_only_windows_minds_are_accepted_elsewhere() -> None:
    assert fault_in("/a/con/b:c.", windows=False) is None


@settings(max_examples=300)
@given(texts, texts)
def test_a_diff_applied_to_the_old_text_gives_the_new(before: str, after: str) -> None:
    diff = unified_diff(before, after, "a.txt")
    assert patched(before, diff.text) == after
    assert diff.added == sum(1 for line in diff.text.split("\n")[2:] if line.startswith("+"))
    assert diff.removed == sum(1 for line in diff.text.split("\n")[2:] if line.startswith("-"))


def patched(before: str, diff: str) -> str:
    """Applies a unified diff, checking each line that it says is there."""
    old = [line for line in before.replace("\n", "\n\0").split("\0") if line]
    new: list[str] = []
    at = 0
    lines = [f"{line}\n" for line in diff.split("\n")[:-1]][2:]
    for number, line in enumerate(lines):
        if line.startswith("@@"):
            first, _, length = line.split()[1][1:].partition(",")
            start = int(first) - (length != "0")
            new += old[at:start]
            at = start
            continue
        if line.startswith("\\"):
            continue
        unended = number + 1 < len(lines) and lines[number + 1].startswith("\\")
        content = line[1:-1] if unended else line[1:]
        if line[0] in " -":
            assert old[at] == content
            at += 1
        if line[0] in " +":
            new.append(content)
    return "".join(new + old[at:])


def test_a_diff_beyond_its_limit_says_how_much_is_left_out() -> None:
    after = "".join(f"line {number}\n" for number in range(1_000))
    diff = unified_diff("", after, "a.txt", limit_bytes=500)
    assert diff.added == 1_000
    assert len(diff.text.encode()) < 650
    assert "bytes of this diff are left out; in all it adds 1000 and removes 0 lines" in diff.text


def test_a_change_all_over_a_long_file_is_still_a_true_diff() -> None:
    before = "".join(f"{number}\n" for number in range(ALIGN_LIMIT_LINES * 2))
    after = before.replace("1", "I")
    assert patched(before, unified_diff(before, after, "a.txt", limit_bytes=10**9).text) == after


@given(st.text(max_size=80), st.integers(4, 60))
def test_what_is_cut_to_a_budget_is_a_beginning_that_fits(text: str, budget_bytes: int) -> None:
    cut = fitting_prefix(text, budget_bytes)
    assert text.startswith(cut)
    assert len(cut.encode()) <= budget_bytes
    assert cut or not text


def test_a_name_can_be_shown_whatever_bytes_it_has() -> None:
    assert displayable(os.fsdecode(b"caf\xe9")) == "caf\ufffd" if os.name != "nt" else True
    assert on_one_line("a\nb\x1b[31m") == r"a\x0ab\x1b[31m"


def test_a_uri_is_told_as_one_and_not_as_a_missing_file() -> None:
    assert fault_in("file:///a/b", windows=False) == "is a URI"
    assert fault_in("/a/file:/b", windows=False) is None


def test_a_name_that_the_system_holds_is_told_with_what_to_do() -> None:
    told = tool_error_for(OSError(errno.EBUSY, "x"), "/a/disk")
    assert (told.code, "inside it" in told.hint) == (ErrorCode.UNSUPPORTED, True)
