"""``get_recent_commit_activity``: what changed lately, added up while git still writes."""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.arguments import GetRecentCommitActivity
from ostiary_servers.code.git.answers import AuthorActivity, CommitActivity, DayActivity, FileActivity, Highlight
from ostiary_servers.code.git.command import has_git
from ostiary_servers.code.git.history import Commit
from ostiary_servers.code.git.location import git_directory
from ostiary_servers.code.git.reading import Window, commits_by_dulwich, commits_by_git
from ostiary_servers.code.plain import one_line
from ostiary_servers.code.repositories import Repository, scope_of
from ostiary_servers.code.work import step
from ostiary_servers.common.anchored import read_stat
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError

DAY_S = 86_400
SHOWN_AUTHORS = 20
SHOWN_FILES = 30
SHOWN_PATHS_BYTES = 10_000
"""A tree of git can hold names of any length; ordinary ones reach the other limit first."""

SHOWN_HIGHLIGHTS = 20
SHOWN_DAYS = 62
LARGE_LINES = 500
LARGE_FILES = 50
SUBJECT_LIMIT = 200

_BREAKING = re.compile(r"^\w+(\([^)]*\))?!:")
_BREAKING_BODY = re.compile(r"^BREAKING[ -]CHANGE", re.MULTILINE)
_FIX = re.compile(r"^(fix|bugfix|hotfix)\b|\b(fix(es|ed)?|regression|crash(es|ed)?)\b", re.I)
_REVERT = re.compile(r"^revert\b", re.I)
_SECURITY = re.compile(r"\b(security|vulnerab\w+|CVE-\d|GHSA-)", re.I)
_RANK = ("breaking", "security", "revert", "large", "fix")


@dataclass(slots=True)
class Tally:
    """The sums of all commits seen so far."""

    commits: int = 0
    added: int = 0
    removed: int = 0
    authors: dict[str, Counter[str]] = field(default_factory=dict)
    files: dict[bytes, Counter[str]] = field(default_factory=dict)
    days: Counter[str] = field(default_factory=Counter)
    highlights: list[Highlight] = field(default_factory=list)
    renamed: dict[bytes, bytes] = field(default_factory=dict)
    """The newest name of files that had another one before the commits seen so far."""

    def add(self, commit: Commit) -> None:
        """Counts one commit; the newest comes first."""
        added = sum(change.added or 0 for change in commit.changes)
        removed = sum(change.removed or 0 for change in commit.changes)
        self.commits += 1
        self.added += added
        self.removed += removed
        self.days[_date(commit.committed)] += 1
        self.authors.setdefault(commit.author, Counter()).update(commits=1, added=added, removed=removed)
        for change in commit.changes:
            self.files.setdefault(self._newest(change.path), Counter()).update(
                commits=1, added=change.added or 0, removed=change.removed or 0
            )
        self.renamed |= {each.renamed_from: self._newest(each.path) for each in commit.changes if each.renamed_from}
        if reasons := reasons_for(commit, added + removed):
            self.highlights.append(_highlight(commit, reasons, added, removed))

    def _newest(self, path: bytes) -> bytes:
        return self.renamed.get(path, path)


def get_recent_commit_activity(analysis: Analysis, call: GetRecentCommitActivity, now: float | None = None) -> Answer:
    """The activity of the last days. No commits are no error; ``now`` is in seconds since 1970."""
    until = int(time.time() if now is None else now)
    since = until - call.days * DAY_S
    scope = scope_of(analysis.gate, call.file_path, must_exist=False)
    read_stat(scope.repository.place)  # tells of a folder that was removed
    place = git_directory(scope.repository, analysis.gate.roots)
    follow = bool(scope.relative) and not Path(scope.repository.real, scope.relative).is_dir()
    window = Window(scope, place, since, follow)
    if place.is_shallow:
        window.warnings.append("The clone is shallow: there is no history before its first commit.")
    tally = Tally()
    by_git = has_git()
    for commit in commits_by_git(window) if by_git else commits_by_dulwich(window):
        step(tally.commits, 0, "Reading the history")
        tally.add(commit)
    shown = scope.repository.shown(scope.relative)
    if not tally.commits and not os.path.lexists(Path(scope.repository.real, scope.relative)):
        raise ToolError(
            ErrorCode.NOT_FOUND,
            f"There is nothing at “{shown}”, and no commit of the last {call.days} days was about it.",
            "Check the path, or ask for more days when it was removed earlier.",
        )
    result = _answer(tally, scope.repository, shown, since, until, "git" if by_git else "dulwich", window.warnings)
    return Answer(_text(result), result)


def reasons_for(commit: Commit, lines: int) -> list[str]:
    """Why a commit is worth a look, the weightiest first; nothing for most."""
    found = {
        "breaking": bool(_BREAKING.match(commit.subject) or _BREAKING_BODY.search(commit.body)),
        "security": bool(_SECURITY.search(commit.subject)),
        "revert": bool(_REVERT.match(commit.subject)),
        "large": lines >= LARGE_LINES or len(commit.changes) >= LARGE_FILES,
        "fix": bool(_FIX.search(commit.subject)),
    }
    return [reason for reason in _RANK if found[reason]]


def _highlight(commit: Commit, reasons: list[str], added: int, removed: int) -> Highlight:
    return Highlight(
        sha=commit.sha,
        date=_date(commit.committed),
        author=one_line(commit.author, 100),
        subject=one_line(commit.subject, SUBJECT_LIMIT),
        reasons=reasons,
        added=added,
        removed=removed,
    )


def _answer(
    tally: Tally, repository: Repository, path: str, since: int, until: int, engine: str, warnings: list[str]
) -> CommitActivity:
    authors = sorted(tally.authors.items(), key=lambda item: (-item[1]["commits"], item[0]))
    files = sorted(tally.files.items(), key=lambda item: (-item[1]["commits"], -item[1]["added"], item[0]))
    highlights = sorted(tally.highlights, key=lambda each: _RANK.index(each.reasons[0]))
    result = CommitActivity(
        path=path,
        since=_moment(since),
        until=_moment(until),
        commits=tally.commits,
        added=tally.added,
        removed=tally.removed,
        authors=[AuthorActivity(name=one_line(name, 100), **sums) for name, sums in authors[:SHOWN_AUTHORS]],
        authors_total=len(authors),
        files=[FileActivity(path=path, **sums) for path, sums in _shown(repository, files)],
        files_total=len(files),
        highlights=highlights[:SHOWN_HIGHLIGHTS],
        highlights_total=len(highlights),
        by_day=[DayActivity(date=day, commits=count) for day, count in sorted(tally.days.items())[-SHOWN_DAYS:]],
        engine=engine,
        warnings=warnings,
        summary="",
    )
    return result.model_copy(update={"summary": _summary(result, tally.days, (until - since) // DAY_S)})


def _summary(result: CommitActivity, by_day: Counter[str], days: int) -> str:
    span = "the last day" if days == 1 else f"the last {days} days"
    if not result.commits:
        return f"No commits in {span}."
    busiest, most = max(sorted(by_day.items()), key=lambda day: day[1])
    return (
        f"{_count(result.commits, 'commit')} by {_count(result.authors_total, 'author')} in {span}, "
        f"{_count(result.files_total, 'file')} changed (+{result.added} −{result.removed} lines). "
        f"Most by {result.authors[0].name} ({result.authors[0].commits}); "
        f"busiest day {busiest} ({most})."
    )


def _text(result: CommitActivity) -> str:
    lines = [f"{on_one_line(result.path)}: {result.summary}", *(f"Note: {warning}" for warning in result.warnings)]
    lines += [f"  {each.name}: {each.commits} (+{each.added} −{each.removed})" for each in result.authors]
    files = [f"{on_one_line(each.path)}: {each.commits} (+{each.added} −{each.removed})" for each in result.files]
    notable = [f"{each.sha[:10]} {each.date} [{', '.join(each.reasons)}] {each.subject}" for each in result.highlights]
    sections = (("Files", files, result.files_total), ("Worth a look", notable, result.highlights_total))
    for title, shown, total in sections:
        if shown:
            lines += [f"{title} ({len(shown)} of {total}):", *(f"  {each}" for each in shown)]
    return "\n".join(lines)


def _shown(repository: Repository, files: list[tuple[bytes, Counter[str]]]) -> Iterator[tuple[str, Counter[str]]]:
    """The first of them for which there is room."""
    room = SHOWN_PATHS_BYTES
    for name, sums in files[:SHOWN_FILES]:
        path = repository.shown(os.fsdecode(name))
        if (cost := len(path.encode())) <= room:
            room -= cost
            yield path, sums


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _date(seconds: int) -> str:
    return _moment(seconds)[:10]


def _moment(seconds: int) -> str:
    """A commit's time is what its author wrote; one beyond the calendar is shown as its end."""
    return datetime.fromtimestamp(max(0, min(seconds, 253_402_300_799)), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
