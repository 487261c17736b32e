"""One ``files`` server for all tests of a module, reached in every way; each test works in a folder of its own.

Fixtures, for a module to import by name. Where a module's folders are others, it has its own ``root``, or imports
``top`` and has ``root`` and ``folders`` stand for that.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.server_client import UNASKED, WAYS, ServerClient, connected

Options = tuple[str | Path, ...]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved folder; ``outside.txt`` lies beside it."""
    folder = tmp_path_factory.mktemp("files") / "Projects"
    folder.mkdir()
    (folder.parent / "outside.txt").write_text("secret needle")
    return folder


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the roots file, a folder to write with one denied in it, and one only to read."""
    top = tmp_path_factory.mktemp("files")
    (top / "Projects" / "protected").mkdir(parents=True)
    (top / "Archive").mkdir()
    roots = [
        {"path": str(top / "Projects"), "label": "Projects", "mode": "rw"},
        {"path": str(top / "Archive"), "label": "Archive", "mode": "ro"},
    ]
    document = {"version": 1, "roots": roots, "denied": [str(top / "Projects" / "protected")]}
    (top / "roots.json").write_text(json.dumps(document))
    return top


@pytest.fixture(scope="module")
def folders(root: Path) -> Options:
    """How the server is told its folders, and that nobody is there to be asked."""
    return ("--root", root, *UNASKED)


@pytest.fixture(scope="module", params=WAYS, ids=str)
async def files(folders: Options, request: pytest.FixtureRequest) -> AsyncIterator[ServerClient]:
    async with connected("files", *folders, **request.param._asdict()) as client:
        expected = "2026-07-28" if request.param.era == "auto" else "2025-11-25"
        assert client.client.protocol_version == expected
        yield client


@pytest.fixture
def folder(root: Path, request: pytest.FixtureRequest) -> Path:
    """The test's own, below ``root``."""
    own = root / f"{abs(hash(request.node.name)):x}"
    own.mkdir()
    return own


def shown(plan: dict[str, Any]) -> dict[str, Any]:
    """What the gateway sends along when the person allowed the plan."""
    before = [
        {"realPath": item["realPath"], "sha256": item["before"]["sha256"] if item["before"] else None}
        for item in plan["items"]
    ]
    return {"ostiary/plan": {"id": plan["id"], "before": before}}
