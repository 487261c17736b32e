"""A repository like a person's: sources in five languages, each name once or a few times, and a history.

The same number gives the same files. Commits are written by ``git fast-import``, so that thousands take a second.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

FUNCTIONS_IN_FILE: Final = 36
SHARED_NAMES: Final = 40
"""Names that many files have a definition of."""

HISTORY_DAYS: Final = 30
_DAY_S: Final = 86_400
_WORDS: Final = ("invoice", "ledger", "parcel", "ticket", "window", "socket", "cursor", "filter", "record", "signal")
_VERBS: Final = ("load", "store", "parse", "render", "merge", "split", "check", "close")

Write = Callable[[str, int, random.Random], str]


def _python(name: str, number: int, chance: random.Random) -> str:
    return (
        f"@traced\ndef {name}(source, limit={number}):\n"
        f'    """{_sentence(chance)}"""\n    total = limit\n    for each in source:\n'
        f"        if each.{chance.choice(_WORDS)} > {number}:\n            total += each.size\n    return total\n"
    )


def _go(name: str, number: int, chance: random.Random) -> str:
    return (
        f"// {name} {_sentence(chance)}\nfunc {name}(source []int, limit int) (int, error) {{\n\ttotal := limit\n"
        f"\tfor _, each := range source {{\n\t\tif each > {number} {{\n\t\t\ttotal += each\n\t\t}}\n\t}}\n"
        f"\treturn total, nil\n}}\n"
    )


def _typescript(name: str, number: int, chance: random.Random) -> str:
    return (
        f"/** {_sentence(chance)} */\nexport function {name}(source: number[], limit = {number}): number {{\n"
        f"  let total = limit;\n  for (const each of source) {{\n    if (each > {number}) {{\n      total += each;\n"
        f"    }}\n  }}\n  return total;\n}}\n"
    )


def _c(name: str, number: int, chance: random.Random) -> str:
    return (
        f"/* {_sentence(chance)} */\nstatic int {name}(const int *source, size_t count)\n{{\n"
        f"    int total = {number};\n    for (size_t at = 0; at < count; at++) {{\n        if (source[at] > {number})\n"
        f"            total += source[at];\n    }}\n    return total;\n}}\n"
    )


def _java(name: str, number: int, chance: random.Random) -> str:
    return (
        f"    /** {_sentence(chance)} */\n    @Override\n    public int {name}(int[] source, int limit) {{\n"
        f"        int total = {number};\n        for (int each : source) {{\n            if (each > limit) {{\n"
        f"                total += each;\n            }}\n        }}\n        return total;\n    }}\n"
    )


_LANGUAGES: Final[tuple[tuple[str, str, str, Write], ...]] = (
    (".py", "", "", _python),
    (".go", "package many\n\n", "", _go),
    (".ts", "", "", _typescript),
    (".c", "#include <stddef.h>\n\n", "", _c),
    (".java", "package many;\n\nclass Holder {\n", "}\n", _java),
)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=9)).capitalize() + "."


def unique_name(file: int, place: int) -> str:
    """The name of one definition that no other file has."""
    return f"{_VERBS[place % len(_VERBS)]}_{_WORDS[file % len(_WORDS)]}_{file}_{place}"


def shared_name(number: int) -> str:
    """A name that many files define."""
    return f"shared_{_WORDS[number % len(_WORDS)]}_{number}"


def grow(top: Path, files: int, commits: int) -> int:
    """Makes the repository; gives the bytes of its sources."""
    top.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", str(top)], check=True)
    texts = dict(sources(files))
    for path, text in texts.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    stream = b"".join(_history(texts, commits))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=top, input=stream, check=True, env=dict(os.environ))
    return sum(len(text) for text in texts.values())


def sources(files: int) -> Iterator[tuple[str, str]]:
    """Path and text of each file."""
    chance = random.Random(11)
    for file in range(files):
        suffix, head, foot, write = _LANGUAGES[file % len(_LANGUAGES)]
        names = [unique_name(file, place) for place in range(FUNCTIONS_IN_FILE - 1)]
        names.append(shared_name(chance.randrange(SHARED_NAMES)))
        body = "\n".join(write(name, number, chance) for number, name in enumerate(names))
        yield f"part{file % 50:02}/{_WORDS[file % len(_WORDS)]}_{file}{suffix}", head + body + foot


def _history(texts: dict[str, str], commits: int) -> Iterator[bytes]:
    """All files at once, two months ago; then changes to a few files each, evenly over the last ``HISTORY_DAYS``."""
    chance, now = random.Random(13), int(time.time())
    yield _commit("begin", now - 2 * HISTORY_DAYS * _DAY_S)
    yield from (_file(path, text) for path, text in texts.items())
    paths, changed = list(texts), dict(texts)
    for number in range(commits):
        yield _commit(f"fix: change {number}", now - HISTORY_DAYS * _DAY_S + number * HISTORY_DAYS * _DAY_S // commits)
        for path in chance.sample(paths, k=min(6, len(paths))):
            changed[path] = f"{changed[path].rstrip()}\n\n{'# ' if path.endswith('.py') else '// '}{number}\n"
            yield _file(path, changed[path])


def _commit(message: str, moment: int) -> bytes:
    author = f"Author {len(message) % 7} <a@example.org> {moment} +0000"
    return f"commit refs/heads/main\ncommitter {author}\ndata {len(message)}\n{message}\n".encode()


def _file(path: str, text: str) -> bytes:
    content = text.encode()
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
