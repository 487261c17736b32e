"""Which places a git repository names, and how: each that leads out of the approved folders is refused."""

from pathlib import Path

import pytest

from ostiary_servers.code.arguments import GetRecentCommitActivity
from ostiary_servers.code.git.activity import get_recent_commit_activity
from ostiary_servers.code.git.answers import CommitActivity
from ostiary_servers.common.errors import ToolError
from tests.support.code_server import analysis_of, commit, git, new_repository, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "root" / "app")


def commits(repository: Path) -> int:
    """How many are told of a repository whose own folder is approved."""
    with analysis_of(repository) as analysis:
        answer = get_recent_commit_activity(analysis, GetRecentCommitActivity(file_path=None, days=7))
    assert isinstance(answer.structured, CommitActivity)
    return answer.structured.commits


def refusal(repository: Path) -> ToolError:
    with pytest.raises(ToolError) as error:
        commits(repository)
    return error.value


def test_alternates_outside_the_approved_folders_are_refused(repository: Path, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "outside")
    commit(other, "secret", {"s.txt": "s\n"})
    commit(repository, "one", {"a.txt": "1\n"})
    write(repository, {".git/objects/info/alternates": f"{other}/.git/objects\n"})
    assert refusal(repository).code == "outside_roots"


@pytest.mark.parametrize(
    ("alternates", "code"),
    [
        ("\n" * 200_000 + "{outside}", "unsupported"),
        ('"{inside}/\\056\\056/\\056\\056/outside/.git/objects"', "unsupported"),
        ("{inside}/link ", "outside_roots"),
        ("{inside}/link\rto", "outside_roots"),
    ],
    ids=["behind a long file", "in quotation marks", "a blank at its end", "a carriage return in it"],
)
def test_no_spelling_hides_where_a_store_is(repository: Path, tmp_path: Path, alternates: str, code: str) -> None:
    other = new_repository(tmp_path / "outside")
    commit(other, "secret", {"s.txt": "s\n"})
    commit(repository, "one", {"a.txt": "1\n"})
    outside = other / ".git" / "objects"
    for name in ("link ", "link\rto"):
        (repository / name).symlink_to(outside)
    write(repository, {".git/objects/info/alternates": alternates.format(outside=outside, inside=repository) + "\n"})
    with (repository / ".git" / "refs" / "heads" / "main").open("w") as ref:
        ref.write(git(other, "rev-parse", "HEAD"))
    assert refusal(repository).code == code


@pytest.mark.parametrize(
    ("pointer", "code"),
    [("./" * 2_048 + "../../../outside/.git", "unsupported"), ("../link ", "outside_roots")],
    ids=["behind a long way", "a blank at its end"],
)
def test_no_spelling_hides_where_the_shared_part_is(repository: Path, tmp_path: Path, pointer: str, code: str) -> None:
    commit(new_repository(tmp_path / "outside"), "secret", {"s.txt": "s\n"})
    commit(repository, "one", {"a.txt": "1\n"})
    (repository / "link ").symlink_to(tmp_path / "outside" / ".git")
    write(repository, {".git/commondir": f"{pointer}\n"})
    assert refusal(repository).code == code


@pytest.mark.parametrize("pointer", ["gitdir: {outside}/.git\n", "gitdir: ../../outside/.git\n", "gitdir: /\n"])
def test_a_git_file_that_leads_outside_is_refused(repository: Path, tmp_path: Path, pointer: str) -> None:
    commit(new_repository(tmp_path / "outside"), "secret", {"s.txt": "s\n"})
    plain = tmp_path / "root" / "plain"
    write(plain, {".git": pointer.format(outside=tmp_path / "outside"), "a.txt": "1\n"})
    assert refusal(plain).code == "outside_roots"


def test_stores_that_name_themselves_are_looked_at_once(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n"})
    write(repository, {".git/objects/info/alternates": "../objects\n" * 1_000})
    assert commits(repository) == 1
    write(repository, {".git/objects/info/alternates": "".join(f"../objects/{number}\n" for number in range(99))})
    assert refusal(repository).code == "unsupported"


def test_linked_git_directories_that_lead_outside_are_refused(repository: Path, tmp_path: Path) -> None:
    commit(new_repository(tmp_path / "outside"), "secret", {"s.txt": "s\n"})
    linked = tmp_path / "root" / "linked"
    linked.mkdir()
    (linked / ".git").symlink_to(tmp_path / "outside" / ".git")
    assert refusal(linked).code == "outside_roots"
