"""Where a command's program is, and what is written to cmd.exe so that it runs it and nothing else."""

import sys
from pathlib import Path

import pytest

from ostiary.gateway.supervise.programs import batch_line, find, find_posix, find_windows, is_batch

NODE = r"C:\Program Files\nodejs"
WINDOWS = {
    rf"{NODE}\npx",
    rf"{NODE}\npx.cmd",
    rf"{NODE}\node.exe",
    r"C:\Windows\tool.cmd",
    r"C:\Windows\tool.exe",
    r"D:\uv\uvx.EXE",
}
PATH = rf'C:\Windows;"{NODE}";;D:\uv'


def on_windows(program: str, pathext: str = ".COM;.EXE;.BAT;.CMD") -> str | None:
    files = {name.lower(): name for name in WINDOWS}
    found = find_windows(program, PATH, pathext, lambda place: place.lower() in files)
    return None if found is None else files[found.lower()]


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("npx", rf"{NODE}\npx.cmd"),  # not the script for shells that npm puts beside it
        ("npx.cmd", rf"{NODE}\npx.cmd"),
        ("NPX.CMD", rf"{NODE}\npx.cmd"),
        ("uvx", r"D:\uv\uvx.EXE"),
        ("tool", r"C:\Windows\tool.exe"),  # in one folder the order of PATHEXT counts
        (rf"{NODE}\npx", rf"{NODE}\npx.cmd"),
        (rf"{NODE}\node.exe", rf"{NODE}\node.exe"),
        ("docker", None),
        (r"C:\elsewhere\npx", None),
    ],
)
def test_windows_finds_a_program_by_its_endings_folder_by_folder(program: str, found: str | None) -> None:
    assert on_windows(program) == found


def test_windows_endings_can_be_chosen_and_have_a_default() -> None:
    assert on_windows("tool", ".CMD;.EXE") == r"C:\Windows\tool.cmd"
    assert on_windows("npx", "") == rf"{NODE}\npx.cmd"


def test_posix_takes_the_first_folder_that_has_the_program_and_none_that_is_empty() -> None:
    programs = {"/opt/bin/npx", "/usr/bin/npx", "npx"}
    assert find_posix("npx", ":/bin:/opt/bin:/usr/bin", programs.__contains__) == "/opt/bin/npx"
    assert find_posix("npx", "/bin", programs.__contains__) is None
    assert find_posix("/usr/bin/npx", "", programs.__contains__) == "/usr/bin/npx"
    assert find_posix("./npx", "/usr/bin", programs.__contains__) is None


def test_a_file_that_may_not_be_run_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("")
    assert find("tool", {"PATH": str(tmp_path)}) is None
    (tmp_path / "tool").chmod(0o700)
    assert find("tool", {"PATH": str(tmp_path)}) == str(tmp_path / "tool")
    assert find(Path(sys.executable).name, {"PATH": str(Path(sys.executable).parent)}) == sys.executable


@pytest.mark.parametrize(
    ("program", "expected"), [("npx.cmd", True), (r"C:\x\RUN.BAT", True), ("node.exe", False), ("cmd", False)]
)
def test_batch_files_are_known_by_their_ending(program: str, expected: bool) -> None:
    assert is_batch(program) is expected


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("-y", "-y"),
        ("@scope/server@1.2.3", "@scope/server@1.2.3"),
        ("", '""'),
        ("a b", '"a b"'),
        ("^1.0", '"^1.0"'),
        ("x&calc", '"x&calc"'),
        ("a|b>c", '"a|b>c"'),
        ("%PATH%", '"%%cd:~,%PATH%%cd:~,%"'),
        ('say "hi"', '"say ""hi"""'),
        ('"&calc', '"""&calc"'),
        (r"a\"b".replace("\\", "\\\\"), r'"a\\\\""b"'),
        ("C:\\folder\\", '"C:\\folder\\\\"'),
        (r"C:\folder", r"C:\folder"),
        ("größe", "größe"),
    ],
)
def test_an_argument_reaches_a_batch_file_as_text(argument: str, written: str) -> None:
    assert batch_line(r"C:\n\npx.cmd", (argument,)) == rf'"C:\n\npx.cmd" {written}'


@pytest.mark.parametrize("argument", ["a\nb", "a\rb", "a\0b"])
def test_an_argument_with_the_end_of_a_line_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match="end of a line"):
        batch_line("npx.cmd", (argument,))


@pytest.mark.parametrize("program", ["npx -y a-server " + "--option " * 100, "nul\0", "/" + "deep/" * 2000])
def test_what_can_be_no_files_name_is_not_found(program: str, tmp_path: Path) -> None:
    assert find(program, {"PATH": str(tmp_path)}) is None
