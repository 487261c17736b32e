"""``get_recent_commit_activity``: the counts of ``git log``, and repositories that were prepared to run something."""

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.code.arguments import GetRecentCommitActivity
from ostiary_servers.code.git import reading
from ostiary_servers.code.git.activity import SHOWN_DAYS, get_recent_commit_activity
from ostiary_servers.code.git.answers import CommitActivity
from ostiary_servers.code.git.history import Commit
from ostiary_servers.code.git.location import git_directory
from ostiary_servers.code.repositories import Scope, scope_of
from ostiary_servers.common.errors import ToolError
from tests.support.code_server import analysis_of, commit, git, new_repository, write

DAY_S = 86_400


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "root" / "app")


def activity(repository: Path, path: str | None = None, days: int = 7, **more: Any) -> CommitActivity:
    with analysis_of(more.pop("root", repository)) as analysis:
        call = GetRecentCommitActivity(file_path=path, days=days)
        answer = get_recent_commit_activity(analysis, call, more.pop("now", None))
    assert isinstance(answer.structured, CommitActivity)
    return answer.structured


def commits_without_git(repository: Path) -> tuple[list[Commit], list[str]]:
    with analysis_of(repository) as analysis:
        scope = scope_of(analysis.gate, None)
        window = reading.Window(scope, git_directory(scope.repository, analysis.gate.roots), 0, follow=False)
        return list(reading.commits_by_dulwich(window)), window.warnings


def refusal(repository: Path, path: str | None = None) -> ToolError:
    with pytest.raises(ToolError) as error:
        activity(repository, path)
    return error.value


def at(days_ago: float) -> dict[str, str]:
    moment = f"@{int(time.time() - days_ago * DAY_S)} +0000"
    return {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}


def grown(repository: Path) -> Path:
    """A history with a rename, a merge, a binary file and a deletion, over twelve days."""
    commit(repository, "feat!: first", {"a.txt": "1\n2\n", "b.bin": b"\0\1"}, **at(12))
    commit(repository, "fix: second", {"a.txt": "1\n2\n3\n"}, **at(6))
    git(repository, "mv", "a.txt", 'ä "c".txt')
    commit(repository, "move", {}, **at(5))
    git(repository, "checkout", "-qb", "side")
    commit(repository, "side work", {"s.txt": "x\n" * 600}, GIT_AUTHOR_NAME="Bob", **at(4))
    git(repository, "checkout", "-q", "main")
    commit(repository, "main work", {"m.txt": "m\n"}, **at(3))
    git(repository, "merge", "-q", "--no-ff", "-m", "Merge side", "side", **at(2))
    (repository / "m.txt").unlink()
    commit(repository, 'Revert "main work"\n\nBREAKING CHANGE: gone', {}, **at(1))
    return repository


def test_counts_are_those_of_git_log(repository: Path) -> None:
    grown(repository)
    result = activity(repository)
    shas = git(repository, "log", "--since=7 days ago", "--format=%H").split()
    numbers = [
        line.split("\t") for line in git(repository, "log", "--since=7 days ago", "--numstat", "--format=").splitlines()
    ]
    assert result.commits == len(shas) == 6
    assert result.added == sum(int(added) for added, *_ in numbers if added.isdecimal())
    assert result.removed == sum(int(removed) for _, removed, *_ in numbers if removed.isdecimal())
    assert {each.name: each.commits for each in result.authors} == {"Ada": 5, "Bob": 1}
    assert sum(day.commits for day in result.by_day) == 6
    assert result.engine == "git"


def test_highlights_name_their_reasons(repository: Path) -> None:
    result = activity(grown(repository), days=30)
    assert [(each.subject, each.reasons) for each in result.highlights] == [
        ('Revert "main work"', ["breaking", "revert"]),
        ("feat!: first", ["breaking"]),
        ("side work", ["large"]),
        ("fix: second", ["fix"]),
    ]


def test_a_file_is_followed_through_its_renames(repository: Path) -> None:
    grown(repository)
    assert activity(repository, 'ä "c".txt', days=30).commits == 3
    assert activity(repository, "m.txt").commits == 2


def test_a_file_is_told_once_under_its_newest_name(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n2\n3\n", "o.txt": "1\n"}, **at(6))
    commit(repository, "two", {"a.txt": "1\n2\n3\n4\n"}, **at(5))
    git(repository, "mv", "a.txt", "b.txt")
    commit(repository, "move", {}, **at(4))
    git(repository, "mv", "b.txt", "c.txt")
    commit(repository, "move", {"a.txt": "another file\n"}, **at(3))
    for path, expected in ((None, {"c.txt": 4, "o.txt": 1, "a.txt": 1}), ("c.txt", {"c.txt": 4})):
        told = activity(repository, path)
        assert {Path(each.path).name: each.commits for each in told.files} == expected
        assert told.files_total == len(expected)


def test_the_busiest_day_is_that_of_the_whole_time_asked_for(repository: Path) -> None:
    for number in range(3):
        commit(repository, "busy", {"a.txt": str(number)}, **at(100))
    for number in range(SHOWN_DAYS + 1):
        commit(repository, "calm", {"a.txt": f"{number} again"}, **at(SHOWN_DAYS + 1 - number))
    told = activity(repository, days=365)
    busy = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 100 * DAY_S))
    assert f"busiest day {busy} (3)" in told.summary


def test_dulwich_counts_the_same_where_git_is_not_installed(repository: Path) -> None:
    expected = activity(grown(repository), days=30)
    commits, warnings = commits_without_git(repository)
    assert len(commits) == expected.commits
    changes = [change for each in commits for change in each.changes]
    renamed_lines = 3
    assert sum(change.added or 0 for change in changes) == expected.added + renamed_lines
    assert "git is not installed" in warnings[0]


def trap(folder: Path, name: str) -> tuple[str, Path]:
    """A program that leaves a trace when it is run, and the trace."""
    trace = folder / f"{name}.trace"
    program = folder / f"{name}.sh"
    program.write_text(f"#!/bin/sh\necho run >> '{trace}'\nexit 0\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program), trace


def configured(*settings: str) -> Callable[[Path, str], None]:
    """Sets configuration; ``%`` stands for the trap."""

    def prepare(repository: Path, program: str) -> None:
        for setting in settings:
            key, _, value = setting.partition("=")
            git(repository, "config", key, value.replace("%", program))

    return prepare


def with_attributes(attributes: str, *settings: str) -> Callable[[Path, str], None]:
    def prepare(repository: Path, program: str) -> None:
        configured(*settings)(repository, program)
        write(repository, {".git/info/attributes": attributes})

    return prepare


def hooks(repository: Path, program: str) -> None:
    folder = repository / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "fsmonitor-watchman"):
        (folder / name).symlink_to(program)


def missing_blob(*settings: str) -> Callable[[Path, str], None]:
    """A partial clone that lacks an object, and what it would be fetched with."""

    def prepare(repository: Path, program: str) -> None:
        configured(
            "core.repositoryFormatVersion=1", "extensions.partialClone=origin", "remote.origin.promisor=true", *settings
        )(repository, program)
        blob = git(repository, "rev-parse", "HEAD:a.txt").strip()
        (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    return prepare


TRAPS = {
    "fsmonitor": configured("core.fsmonitor=%"),
    "hooks": hooks,
    "pager": configured("core.pager=%", "pager.log=%"),
    "editor": configured("core.editor=%", "sequence.editor=%"),
    "external-diff": configured("diff.external=%"),
    "external-driver": with_attributes("* diff=evil\n", "diff.evil.command=%"),
    "textconv": with_attributes("* diff=evil\n", "diff.evil.textconv=%"),
    "filter": with_attributes("* filter=evil\n", "filter.evil.clean=%", "filter.evil.smudge=%"),
    "filter-process": with_attributes("* filter=evil\n", "filter.evil.process=%"),
    "merge-driver": with_attributes("* merge=evil\n", "merge.evil.driver=%"),
    "signature": configured("log.showSignature=true", "gpg.program=%", "gpg.ssh.program=%"),
    "alias": configured("alias.log=!%"),
    "credential": configured("credential.helper=!%", "core.askPass=%"),
    "alternate-refs": configured("core.alternateRefsCommand=%"),
    "ssh": missing_blob("remote.origin.url=ssh://localhost/x", "core.sshCommand=%"),
    "ext": missing_blob("remote.origin.url=ext::%", "protocol.ext.allow=always", "protocol.allow=always"),
    "upload-pack": missing_blob("remote.origin.url=/", "remote.origin.uploadpack=%", "protocol.file.allow=always"),
    "proxy": missing_blob("remote.origin.url=git://localhost/x", "core.gitProxy=%"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
@pytest.mark.parametrize("name", TRAPS)
def test_nothing_that_a_repository_configures_is_run(repository: Path, name: str) -> None:
    commit(repository, "one", {"a.txt": "1\n"}, **at(2))
    commit(repository, "two", {"a.txt": "2\n"}, **at(1))
    program, trace = trap(repository.parent, name)
    TRAPS[name](repository, program)
    before = sorted(str(path) for path in (repository / ".git").rglob("*"))
    for path in (None, "a.txt"):
        assert activity(repository, path).commits == 2
    assert not trace.exists()
    assert sorted(str(path) for path in (repository / ".git").rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
@pytest.mark.parametrize("name", ["external-diff", "textconv", "signature", "ext"])
def test_the_traps_do_catch_a_git_that_is_run_without_care(repository: Path, name: str) -> None:
    commit(repository, "one", {"a.txt": "1\n"})
    program, trace = trap(repository.parent, name)
    if name == "signature":
        text = git(repository, "cat-file", "commit", "HEAD")
        signature = "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n\n"
        sha = text.replace("\n\n", signature, 1)
        write(repository.parent, {"signed": sha})
        signed = git(repository, "hash-object", "-t", "commit", "-w", str(repository.parent / "signed")).strip()
        git(repository, "update-ref", "refs/heads/main", signed)
    TRAPS[name](repository, program)
    careless = ["log", "-p", "--ext-diff"]
    os.system(f"cd '{repository}' && git {' '.join(careless)} >/dev/null 2>&1 </dev/null")
    assert trace.exists()
    trace.unlink()
    assert activity(repository).commits == 1
    assert not trace.exists()


def test_a_repository_above_the_approved_folder_is_not_used(repository: Path) -> None:
    commit(repository, "one", {"sub/a.txt": "1\n"})
    assert refusal(repository / "sub").code == "not_found"


def test_worktrees_and_submodules_are_read_where_all_of_them_is_approved(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n"})
    git(repository, "worktree", "add", "-q", "../tree", "-b", "tree")
    assert activity(repository, str(repository.parent / "tree"), root=repository.parent).commits == 1
    library = new_repository(repository.parent / "library")
    commit(library, "lib", {"l.txt": "1\n"})
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "lib")
    assert activity(repository, str(repository / "lib")).commits == 1


def test_a_bare_repository_is_read(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n"})
    git(repository.parent, "clone", "-q", "--bare", str(repository), "bare.git")
    assert activity(repository.parent / "bare.git").commits == 1


def test_a_path_that_never_was_is_an_error_and_one_that_was_removed_is_not(repository: Path) -> None:
    commit(repository, "add: a file", {"gone.py": "x = 1\n"})
    git(repository, "rm", "-q", "gone.py")
    commit(repository, "remove: the file", {})
    assert activity(repository, "gone.py").commits == 2
    error = refusal(repository, "never.py")
    assert (error.code, error.message.endswith("no commit of the last 7 days was about it.")) == ("not_found", True)


def test_an_unborn_branch_has_no_commits(repository: Path) -> None:
    result = activity(repository)
    assert (result.commits, result.warnings) == (0, ["The branch has no commits yet."])


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "not_found"


def test_refs_and_files_with_names_like_options_are_names(repository: Path) -> None:
    commit(repository, "one", {"--output=x": "1\n", "-x": "2\n"})
    sha = git(repository, "rev-parse", "HEAD").strip()
    write(repository, {".git/refs/heads/-x": f"{sha}\n", ".git/refs/heads/HEAD": f"{sha}\n"})
    assert activity(repository).commits == 1
    assert activity(repository, str(repository / "--output=x")).commits == 1
    assert activity(repository, str(repository / "-x")).commits == 1


def test_names_that_are_no_utf_8_are_shown_as_they_can_be(repository: Path) -> None:
    Path(str(repository / "caf\udce9")).write_text("1\n")
    commit(repository, "one", {})
    assert activity(repository).files[0].path.endswith("caf\ufffd")


def test_messages_cannot_pass_for_structure_or_hide_anything(repository: Path) -> None:
    message = "fix: a\u202eb\u200bc\x1b[31m\n\n1\t2\tx\n:100644 100644 a b M\n" + "0" * 40
    commit(repository, message, {"a.txt": "1\n"})
    result = activity(repository)
    assert (result.commits, result.files_total, result.added) == (1, 1, 1)
    assert result.highlights[0].subject == "fix: abc[31m"


def test_a_missing_object_costs_the_counts_and_not_the_answer(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n"}, **at(2))
    blob = git(repository, "rev-parse", "HEAD:a.txt").strip()
    commit(repository, "two", {"a.txt": "2\n"}, **at(1))
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    result = activity(repository)
    assert result.commits == 2
    assert [each.commits for each in result.files] == [2]
    assert "lines are not counted" in result.warnings[0]


def test_a_damaged_tree_costs_the_files_and_not_the_commits(repository: Path) -> None:
    commit(repository, "one", {"a.txt": "1\n"}, **at(2))
    tree = git(repository, "rev-parse", "HEAD^{tree}").strip()
    commit(repository, "two", {"a.txt": "2\n"}, **at(1))
    damaged = repository / ".git" / "objects" / tree[:2] / tree[2:]
    damaged.chmod(0o600)
    damaged.write_bytes(b"garbage")
    result = activity(repository)
    assert result.commits == 2
    assert "files are not named" in result.warnings[0]


def test_a_repository_that_cannot_be_read_is_not_one_without_commits(repository: Path) -> None:
    sha = commit(repository, "one", {"a.txt": "1\n"})
    config = repository / ".git" / "config"
    sound = config.read_text()
    config.write_text(f"{sound.replace('version = 0', 'version = 1')}[extensions]\n\tfromTheFuture = true\n")
    assert "newer git" in refusal(repository).message
    config.write_text(f"{sound}[broken\n")
    assert "configuration" in refusal(repository).message
    config.write_text(sound)
    (repository / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    assert "damaged" in refusal(repository).message
    with pytest.raises(ToolError, match="damaged"):
        commits_without_git(repository)


def test_a_repository_that_makes_git_complain_without_end_is_read_all_the_same(repository: Path) -> None:
    attributes = "".join(f"a{number} -bad!name{number}\n" for number in range(20_000))
    commit(repository, "one", {".gitattributes": attributes, "a.txt": "1\n"})
    result = activity(repository)
    assert (result.commits, result.added, result.warnings) == (1, 20_001, [])


def test_scope_of_a_folder_counts_only_what_is_in_it(repository: Path) -> None:
    commit(repository, "one", {"a/x.txt": "1\n", "b/y.txt": "1\n"})
    commit(repository, "two", {"b/y.txt": "2\n"})
    assert activity(repository, str(repository / "a")).commits == 1
    assert activity(repository, str(repository / "b")).commits == 2


def test_a_scope_is_a_repository_and_a_path_in_it(repository: Path) -> None:
    commit(repository, "one", {"a/x.txt": "1\n"})
    with analysis_of(repository.parent) as analysis:
        scope = scope_of(analysis.gate, "a/x.txt")
    assert isinstance(scope, Scope)
    assert (scope.repository.real, scope.relative) == (str(repository), "a/x.txt")
