"""What tracked files may hold: nothing of the machine they were written on, and no more than one can read at once."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_PYTHON_FILE = 400
"""Lines; our policy: past this a file holds a second idea."""

LONGER_FILES: frozenset[str] = frozenset()
"""Files that may be longer, each with its reason in the file's docstring."""

MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:root|work|github/workspace|builds)/[\w.]")
INDEX_ADDRESS = re.compile(
    r"pypi\.org/simple|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|--(?:extra-)?index-url|--find[-]links|proxy\.golang\.org",
    re.IGNORECASE,
)


@cache
def tracked_texts() -> dict[str, str]:
    """Every tracked file that is text, by its path."""
    # safe.directory: a checkout that belongs to another user is read here, and nothing of it is run.
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    contents = {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}
    return {name: content.decode() for name, content in contents.items() if b"\0" not in content}


@pytest.mark.parametrize("pattern", [MACHINE_PATH, INDEX_ADDRESS], ids=["machine path", "index address"])
def test_no_tracked_file_tells_where_it_was_made(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked_texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]

    assert not found, "\n".join(found)


def test_no_lock_file_that_records_download_addresses_is_tracked() -> None:
    locks = {"uv.lock", "poetry.lock", "pdm.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}

    assert not {name for name in tracked_texts() if Path(name).name in locks}


def test_no_python_file_is_too_long_to_read_at_once() -> None:
    lines = {name: len(text.splitlines()) for name, text in tracked_texts().items() if name.endswith(".py")}
    long = {name for name, count in lines.items() if count > LONGEST_PYTHON_FILE}

    assert long == LONGER_FILES
