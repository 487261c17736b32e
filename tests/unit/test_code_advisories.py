"""Which versions an advisory speaks of, and where advisories may come from."""

import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.code.advisories.book import BUNDLED, AdvisoryBook
from ostiary_servers.code.advisories.records import ECOSYSTEMS, Record, Snapshot
from ostiary_servers.code.dependencies.hints import NAMES, affects, fixed_after
from ostiary_servers.code.dependencies.model import Ecosystem


def record(ecosystem: str = "PyPI", name: str = "a", **affected: Any) -> dict[str, Any]:
    """One OSV record."""
    whole = {"package": {"ecosystem": ecosystem, "name": name}, **affected}
    return {"id": "X-1", "modified": "2026-03-01T00:00:00Z", "summary": "Leaks.", "affected": [whole]}


def events(*given: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"type": "ECOSYSTEM", "events": [{event: version} for event, version in given]}]


def ids_about(book: AdvisoryBook, *package: str) -> list[str]:
    ecosystem, name = package
    return [each.id for several in book.about({(ecosystem, name)}).values() for each in several]


TWO = events(("introduced", "0"), ("fixed", "1.26.18"), ("introduced", "2.0.0"), ("fixed", "2.0.7"))
LAST = events(("introduced", "1.0.0"), ("last_affected", "1.5.0"))


@pytest.mark.parametrize(
    ("ecosystem", "affected", "version", "expected"),
    [
        ("PyPI", {"ranges": TWO}, "1.26.17", True),
        ("PyPI", {"ranges": TWO}, "1.26.18", False),
        ("PyPI", {"ranges": TWO}, "2.0.0", True),
        ("PyPI", {"ranges": TWO}, "2.0.7", False),
        ("PyPI", {"ranges": TWO}, "2.0.7rc1", True),
        ("PyPI", {"ranges": TWO}, "not a version", False),
        ("PyPI", {"ranges": list(reversed(TWO))}, "2.0.1", True),
        ("PyPI", {"ranges": events(("introduced", "?"))}, "1.0", False),
        ("PyPI", {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, "1.0", False),
        ("npm", {"ranges": LAST}, "1.5.0", True),
        ("npm", {"ranges": LAST}, "1.5.1", False),
        ("npm", {"ranges": LAST}, "0.9.0", False),
        ("npm", {"ranges": events(("introduced", "1.0.0"))}, "99.0.0", True),
        ("npm", {"versions": ["0.7.29"]}, "0.7.29", True),
        ("npm", {"versions": ["0.7.29"]}, "0.7.30", False),
        ("crates.io", {"ranges": events(("introduced", "0.0.0-0"), ("fixed", "0.14.10"))}, "0.14.9", True),
        ("Go", {"ranges": events(("introduced", "0"), ("fixed", "0.17.0"))}, "v0.16.0", True),
        ("Go", {"ranges": events(("introduced", "0"), ("fixed", "0.17.0"))}, "v0.17.0", False),
    ],
)
def test_a_version_is_affected_from_where_it_begins_to_where_it_is_mended(
    ecosystem: str, affected: dict[str, Any], version: str, expected: bool
) -> None:
    (advisory,) = Record.model_validate(record(ecosystem, **affected)).advisories()
    ours = next(each for each, name in NAMES.items() if name == ecosystem)
    assert affects(ours, advisory, version) is expected


def test_the_next_version_that_mends_it_is_named() -> None:
    (advisory,) = Record.model_validate(record(ranges=TWO)).advisories()
    assert fixed_after(Ecosystem.PYTHON, advisory, "1.0") == "1.26.18"
    assert fixed_after(Ecosystem.PYTHON, advisory, "2.0.1") == "2.0.7"
    assert fixed_after(Ecosystem.PYTHON, advisory, "3.0") is None


def test_a_withdrawn_advisory_and_another_ecosystem_say_nothing() -> None:
    withdrawn = record(ranges=TWO) | {"withdrawn": "2026-01-01T00:00:00Z"}
    assert list(Record.model_validate(withdrawn).advisories()) == []
    assert list(Record.model_validate(record("Maven", ranges=TWO)).advisories()) == []


def test_the_bundled_selection_is_dated_and_each_of_its_advisories_has_an_end() -> None:
    snapshot = Snapshot.model_validate_json(BUNDLED.read_bytes())
    assert snapshot.as_of == "2024-12-31"
    found = [advisory for each in snapshot.advisories for advisory in each.advisories()]
    assert {advisory.ecosystem for advisory in found} == set(ECOSYSTEMS)
    for advisory in found:
        ours = next(each for each, name in NAMES.items() if name == advisory.ecosystem)
        ends = [version for each in advisory.ranges for event, version in each if event == "fixed"]
        assert ends or advisory.versions
        assert advisory.summary.endswith(".")
        assert not any(affects(ours, advisory, version) for version in [*ends, "9999.0.0"])


def test_an_export_of_osv_takes_the_place_of_the_selection(tmp_path: Path) -> None:
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as opened:
        opened.writestr("X-1.json", json.dumps(record(name="Some.Package", ranges=TWO)))
        opened.writestr("broken.json", "{")
        opened.writestr("README", "none")
    found = AdvisoryBook([export])
    assert ids_about(found, "PyPI", "some-package") == ["X-1"]
    assert ids_about(found, "npm", "lodash") == []
    (source,) = found.sources()
    assert (source.name, source.as_of, source.count) == ("all.zip", "2026-03-01", 1)
    assert source.problem == "1 of its records could not be read."


def test_a_whole_ecosystem_is_read_and_only_what_is_asked_for_is_kept(tmp_path: Path) -> None:
    """More than 65,535 entries, which is where the list of a zip takes another form."""
    export, total = tmp_path / "all.zip", 66_000
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in range(total):
            text = json.dumps(record("npm", f"p{number}", versions=["1.0.0"]) | {"id": f"X-{number}"})
            opened.writestr(f"X-{number}.json", text)
    book = AdvisoryBook([export])
    tracemalloc.start()
    try:
        found = book.about({("npm", f"p{total - 1}"), ("npm", "p0"), ("npm", "other")})
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {name: [each.id for each in several] for (_, name), several in found.items()} == {
        f"p{total - 1}": [f"X-{total - 1}"],
        "p0": ["X-0"],
        "other": [],
    }
    assert (book.sources()[0].count, book.sources()[0].problem) == (total, "")
    assert peak_bytes < 2_000_000


def test_a_package_that_was_not_asked_for_before_is_looked_up_too(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text(json.dumps([record(name="a", versions=["1"]), record(name="b", versions=["1"]) | {"id": "X-2"}]))
    book = AdvisoryBook([file])
    assert [ids_about(book, "PyPI", name) for name in ("a", "b", "a")] == [["X-1"], ["X-2"], ["X-1"]]


def test_a_name_with_an_escape_in_it_is_found(tmp_path: Path) -> None:
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as opened:
        opened.writestr("X-1.json", json.dumps(record("npm", "@a/b", versions=["1"])).replace("@", "\\u0040"))
    assert ids_about(AdvisoryBook([export]), "npm", "@a/b") == ["X-1"]


@pytest.mark.parametrize("cut", [30, 200, 90_000])
def test_an_export_whose_download_was_cut_is_told(tmp_path: Path, cut: int) -> None:
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as opened:
        for number in range(1_000):
            opened.writestr(f"X-{number}.json", json.dumps(record()))
    export.write_bytes(export.read_bytes()[:cut])
    (source,) = AdvisoryBook([export]).sources()
    assert (source.count, source.problem) == (0, "It cannot be read; nothing of it is used.")


@pytest.mark.parametrize("whole", [record(ranges=TWO), [record(ranges=TWO)]], ids=["one record", "a list"])
def test_records_may_lie_in_a_file_of_their_own(tmp_path: Path, whole: object) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(whole))
    assert ids_about(AdvisoryBook([file]), "PyPI", "a") == ["X-1"]


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b'{"advisories": [], "format": 2}', b"PK\x05\x06" + b"\0" * 18, b"\xff"]
)
def test_a_file_that_is_no_list_of_advisories_is_told_and_stops_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    found = AdvisoryBook([file])
    assert ids_about(found, "PyPI", "a") == []
    (source,) = found.sources()
    assert source.count == 0
    assert bool(source.problem) == (not content.startswith(b"PK"))
    assert AdvisoryBook([tmp_path / "missing"]).sources()[0].problem == "It cannot be read; nothing of it is used."
