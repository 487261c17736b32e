"""What a stranger's zip file may hold, and what reaches the disk of it."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from ostiary.domain.errors import UsageError
from ostiary.gateway.bundles import archive
from ostiary.gateway.bundles.archive import judge, opened, unpack
from ostiary.gateway.bundles.work import Work

MORE = {"compress_type": zipfile.ZIP_DEFLATED}


def entry(name: str, mode: int = 0o100644, **more: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name  # the constructor mends some names; a stranger's zip file does not
    info.external_attr = mode << 16
    for key, value in more.items():
        setattr(info, key, value)
    return info


def zipped(*entries: tuple[zipfile.ZipInfo, str]) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, text in entries:
            packed.writestr(info, text)
    return content


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "a/../../x", "/etc/x", "a//b", "./x", "C:/x", "a\\..\\x", "\\\\host\\x", "a\0b", "a\nb", "x.", "x "),
        *("con", "aux.txt", "a/NUL", "LPT1.log", "a\u202eb", "x:stream", "a?b", "n" * 256, "/".join(["d"] * 41), ""),
    ],
)
def test_a_name_that_leads_elsewhere_on_any_system_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="safe on every system"):
        judge([entry(name)])


@pytest.mark.parametrize(
    "name", ["a", "server/index.js", "node_modules/@scope/x/.bin", "ünï/文.txt", "d/", "...x", "icon"]
)
def test_a_plain_name_is_taken(name: str) -> None:
    judge([entry(name, 0o040755 if name.endswith("/") else 0o100644)])


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK, stat.S_IFDIR])
def test_links_devices_and_a_folder_that_calls_itself_a_file_are_refused(mode: int) -> None:
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        judge([entry("x", mode | 0o777)])


@pytest.mark.parametrize("names", [("a", "A"), ("é", "e\u0301"), ("a", "a/"), ("x", "x")])
def test_two_entries_that_are_one_file_on_some_system_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="twice"):
        judge([entry(name, 0) for name in names])


def test_too_many_and_too_large_are_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(UsageError, match="files"):
        judge([entry(f"f{number}") for number in range(archive.MOST_ENTRIES + 1)])
    with pytest.raises(UsageError, match="larger than"):
        judge([entry("a", file_size=archive.MOST_BYTES), entry("b", file_size=1)])


@pytest.mark.parametrize("more", [{"flag_bits": 1}, {"compress_type": zipfile.ZIP_LZMA}])
def test_what_is_encrypted_or_packed_otherwise_is_refused(more: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="packed in a way"):
        judge([entry("a", **more)])


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no zip file", b"PK\x03\x04" * 100])
def test_what_is_no_zip_file_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match="no zip file"):
        opened(io.BytesIO(content))


def test_a_directory_without_end_is_refused_before_it_is_read() -> None:
    content = bytearray(zipped((entry("a"), "x")).getvalue())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (archive.MOST_DIRECTORY_BYTES + 1).to_bytes(4, "little")
    with pytest.raises(UsageError, match="more than 50,000 files"):
        opened(io.BytesIO(content))


def test_an_end_record_of_its_own_for_larger_directories_is_refused() -> None:
    content = zipped((entry("a"), "x")).getvalue()
    end = content.rindex(b"PK\x05\x06")
    with pytest.raises(UsageError, match="not used in bundles"):
        opened(io.BytesIO(content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]))


@pytest.mark.parametrize("comment", [b"", b"signed", b"x" * 65535])
def test_a_comment_behind_the_directory_is_no_harm(comment: bytes) -> None:
    content = zipped((entry("a"), "x"))
    with zipfile.ZipFile(content, "a") as packed:
        packed.comment = comment
    with opened(content) as packed:
        assert packed.namelist() == ["a"]


def test_an_entry_that_is_larger_than_it_says_is_cut_off_and_refused(tmp_path: Path) -> None:
    content = zipped((entry("bomb", compress_type=zipfile.ZIP_DEFLATED), "0" * 1_000_000)).getvalue()
    size = (1_000_000).to_bytes(4, "little")
    lying = io.BytesIO(content.replace(size, (10).to_bytes(4, "little")))
    assert lying.getvalue() != content
    with opened(lying) as packed, pytest.raises(UsageError):
        unpack(packed, tmp_path, frozenset(), Work())
    assert (tmp_path / "bomb").stat().st_size <= 10


def test_damaged_bytes_are_refused(tmp_path: Path) -> None:
    content = bytearray(zipped((entry("a", compress_type=zipfile.ZIP_DEFLATED), "hello " * 100)).getvalue())
    content[35] ^= 0xFF
    with opened(io.BytesIO(content)) as packed, pytest.raises(UsageError, match="cannot be read"):
        unpack(packed, tmp_path, frozenset(), Work())


def test_modes_are_ours_alone_and_programs_can_be_run(tmp_path: Path) -> None:
    content = zipped(
        (entry("d/", 0o040777), ""), (entry("d/open", 0o100666), "x"), (entry("run", 0o104755), "x"), (entry("go"), "x")
    )
    with opened(content) as packed:
        unpack(packed, tmp_path, frozenset(["go"]), Work())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"d": 0o700, "open": 0o600, "run": 0o700, "go": 0o700}
