"""The programs that the files server starts run our code alone, whatever lies where they are run."""

from contextlib import chdir
from pathlib import Path

import pytest

from ostiary_servers.files.documents.extract import PartRange
from ostiary_servers.files.documents.extraction import Document, extract
from ostiary_servers.files.operations.text_search.engine import Query, Search


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder of modules with names that any of our programs imports; each leaves a mark beside the folder."""
    folder = tmp_path / "project"
    for name in ("ostiary_servers/__init__.py", "json.py", "re.py", "argparse.py", "sitecustomize.py", "zipfile.py"):
        module = folder / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(f"open({str(tmp_path / 'sprung')!r}, 'w').close()\nraise SystemExit(1)\n")
    return folder


def test_a_searched_folder_runs_nothing_of_its_own(trapped: Path) -> None:
    (trapped / "a.txt").write_text("needle")
    query = Query("needle", regex=False, ignores_case=False, glob="*.txt", respects_gitignore=True)
    with Search(query, str(trapped), ".", in_order=False, rg=None, time_limit_s=30.0) as search:
        assert len(list(search.hits())) == 1
    assert not (trapped.parent / "sprung").exists()


def test_a_document_is_read_by_our_program_wherever_the_server_was_started(trapped: Path) -> None:
    with chdir(trapped):
        found = extract(Document("a.html", "html", b"<h1>Title</h1>"), PartRange(1, None))
    assert "Title" in found.markdown
    assert not (trapped.parent / "sprung").exists()
