"""The commits of a window of time, by git, and by dulwich where git is not installed.

git is exact and follows renames. dulwich runs nothing at all, but counts changed lines without their order.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ostiary_servers.code.git.command import TIMEOUT_S, run_git
from ostiary_servers.code.git.history import FORMAT, Commit, FileChange, parse_log
from ostiary_servers.code.git.location import GitDirectory
from ostiary_servers.code.repositories import Scope
from ostiary_servers.common.errors import ErrorCode, ToolError

if TYPE_CHECKING:
    from dulwich.diff_tree import TreeChange
    from dulwich.repo import Repo

_DIFF = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-decorate", "--no-show-signature", "--no-notes")
_COUNTED = ("--numstat", "-M")
_NAMED = ("--raw", "--no-abbrev", "-M100%")
"""Needs no file's content, so it works where some is missing."""

_ONLY_COMMITS = ("--no-patch",)


@dataclass(slots=True)
class Window:
    """What is asked for; ``follow``: a single file, under its earlier names as well. Filled in: ``warnings``."""

    scope: Scope
    place: GitDirectory
    since: int
    follow: bool
    limit: int | None = None
    warnings: list[str] = field(default_factory=list)


def commits_by_git(window: Window) -> Iterator[Commit]:
    """Newest first. Where objects are missing, the rest is asked for with less detail, and a warning says so.

    Raises ToolError where no commit can be read at all: that is another answer than that there was none.
    """
    given = 0
    for detail, lost in ((_COUNTED, ""), (_NAMED, "lines are not counted"), (_ONLY_COMMITS, "files are not named")):
        if lost:
            window.warnings[:] = [f"Objects of the repository are missing or damaged: from some commit on, {lost}."]
        with run_git(window.scope.repository, window.place, _log(window, detail)) as output:
            unsure: Commit | None = None  # what git was writing when it failed may lack its end
            for commit in islice(parse_log(output.pieces), given, None):
                if unsure is not None:
                    given += 1
                    yield unsure
                unsure = commit
        whole = _judge(output.exit_code, output.complaint, output.timed_out, given, window)
        if unsure is not None and (whole or detail is _ONLY_COMMITS):
            yield unsure
        if whole:
            return
    if not given and unsure is None:
        raise _unreadable(window, output.complaint)
    window.warnings[:] = ["Objects of the repository are missing or damaged: the oldest commits are left out."]


def commits_by_dulwich(window: Window) -> Iterator[Commit]:
    """As ``commits_by_git``."""
    from dulwich.errors import MissingCommitError, NotGitRepository, ObjectMissing
    from dulwich.repo import Repo

    paths = [os.fsencode(window.scope.relative)] if window.scope.relative else None
    given = 0
    try:
        with Repo(str(window.place.directory)) as repo:
            window.warnings.append("git is not installed: changed lines are counted without regard to their order.")
            walker = repo.get_walker(since=window.since, paths=paths, follow=window.follow, max_entries=window.limit)
            for entry in walker:
                commit = entry.commit
                subject, _, body = commit.message.decode(errors="replace").partition("\n")
                author = commit.author.decode(errors="replace").partition(" <")[0]
                changes = (
                    [] if len(commit.parents) > 1 else [each for each in entry.changes() if not isinstance(each, list)]
                )
                given += 1
                yield Commit(
                    commit.id.decode(),
                    int(commit.commit_time),
                    author,
                    len(commit.parents),
                    subject,
                    body,
                    tuple(_change(repo, each) for each in changes),
                )
    except (MissingCommitError, ObjectMissing, NotGitRepository, KeyError, OSError, ValueError) as error:
        if not (isinstance(error, KeyError) and error.args == (b"HEAD",)):
            if not given:
                raise _unreadable(window) from error
            window.warnings.append("Objects of the repository are missing or damaged: commits are left out.")


def _log(window: Window, detail: tuple[str, ...]) -> list[str]:
    count = [] if window.limit is None else [f"--max-count={window.limit}"]
    follow = ["--follow"] if window.follow else []
    path = [window.scope.relative] if window.scope.relative else []
    return [
        "log",
        "-z",
        FORMAT,
        "--encoding=UTF-8",
        f"--since=@{window.since} +0000",  # without the zone git takes "@0" for now
        *_DIFF,
        *detail,
        *count,
        *follow,
        "--",
        *path,
    ]


def _judge(exit_code: int, complaint: str, timed_out: bool, given: int, window: Window) -> bool:
    """Whether the answer stands as it is. Raises ToolError when there can be none."""
    if timed_out:
        if not given:
            raise ToolError(ErrorCode.TIMEOUT, f"git took longer than {TIMEOUT_S:.0f} s.", "Ask for fewer days.")
        window.warnings.append(f"git took longer than {TIMEOUT_S:.0f} s: the oldest commits are left out.")
        return True
    if exit_code == 0:
        return True
    if "does not have any commits yet" in complaint or "unknown revision" in complaint:
        window.warnings.append("The branch has no commits yet.")
        return True
    return False


def _unreadable(window: Window, complaint: str = "") -> ToolError:
    """What git says is not repeated, as the repository can choose its words."""
    reason = "its objects or refs are missing or damaged"
    if "repository extension" in complaint or "repo version" in complaint:
        reason = "it was made by a newer git than the one here"
    elif "config" in complaint:
        reason = "its configuration is damaged"
    where = window.scope.repository.shown("")
    return ToolError(
        ErrorCode.UNSUPPORTED,
        f"The git repository at “{where}” cannot be read: {reason}.",
        "Whether there are commits is not known; tell the person, who can look with git itself.",
    )


def _change(repo: "Repo", change: "TreeChange") -> FileChange:
    old, new = (_lines(repo, each.sha if each else None) for each in (change.old, change.new))
    entry = change.new if change.new is not None and change.new.path is not None else change.old
    path = (entry.path if entry is not None else None) or b""
    before = change.old.path if change.type == "rename" and change.old is not None else None
    if old is None or new is None:
        return FileChange(path, None, None, before)
    return FileChange(path, (new - old).total(), (old - new).total(), before)


def _lines(repo: "Repo", sha: bytes | None) -> Counter[bytes] | None:
    """Each line with its count; None for what is no text or not there."""
    if sha is None:
        return Counter()
    try:
        raw = repo[sha].as_raw_string()
    except KeyError:
        return None
    return None if b"\0" in raw[:8000] else Counter(raw.splitlines())
