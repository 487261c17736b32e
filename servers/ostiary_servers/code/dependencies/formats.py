"""Which files are manifests and lock files, and what reads them. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from ostiary_servers.code.dependencies import (
    bun_lock,
    cargo,
    go_mod,
    package_json,
    package_lock,
    pdm_lock,
    pipfile,
    pnpm_lock,
    poetry_lock,
    pylock,
    pyproject,
    requirements_txt,
    uv_lock,
    yarn_lock,
)
from ostiary_servers.code.dependencies.model import Ecosystem, Lock, Manifest, Scope

_DEV_FILE = re.compile(
    r"(?:^|[-_.])(?:dev(?:el|elop|elopment|tools)?|(?:unit|doc)?tests?|testing|lint(?:ing|ers?)?|doc(?:s|umentation)?|ci)"
    r"(?:[-_.\d]|$)",
    re.I,
)
"""As a word of its own: ``requirements-docker.txt`` is for what runs."""

Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ManifestFormat:
    """A manifest that is recognised by its file's name."""

    name: re.Pattern[str]
    ecosystem: Ecosystem
    parse: Callable[[str, str, Read], Manifest]


@dataclass(frozen=True, slots=True)
class LockFormat:
    """A lock file, likewise; of several in a folder the first in ``LOCKS`` counts."""

    name: re.Pattern[str]
    ecosystem: Ecosystem
    parse: Callable[[str], Lock]


def _requirements(text: str, path: str, read: Read) -> Manifest:
    scope = Scope.DEV if _DEV_FILE.search(PurePosixPath(path).stem) else Scope.RUNTIME
    return requirements_txt.parse(text, read, scope=scope)


MANIFESTS = (
    ManifestFormat(re.compile(r"pyproject\.toml"), Ecosystem.PYTHON, lambda text, *_: pyproject.parse(text)),
    ManifestFormat(re.compile(r"Pipfile"), Ecosystem.PYTHON, lambda text, *_: pipfile.parse(text)),
    ManifestFormat(re.compile(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)"), Ecosystem.PYTHON, _requirements),
    ManifestFormat(re.compile(r"package\.json"), Ecosystem.JAVASCRIPT, lambda text, *_: package_json.parse(text)),
    ManifestFormat(re.compile(r"Cargo\.toml"), Ecosystem.RUST, lambda text, *_: cargo.parse(text)),
    ManifestFormat(re.compile(r"go\.mod"), Ecosystem.GO, lambda text, *_: go_mod.parse(text)),
)

LOCKS = (
    LockFormat(re.compile(r"uv\.lock"), Ecosystem.PYTHON, uv_lock.parse_lock),
    LockFormat(re.compile(r"poetry\.lock"), Ecosystem.PYTHON, poetry_lock.parse_lock),
    LockFormat(re.compile(r"pdm\.lock"), Ecosystem.PYTHON, pdm_lock.parse_lock),
    LockFormat(re.compile(r"Pipfile\.lock"), Ecosystem.PYTHON, pipfile.parse_lock),
    LockFormat(re.compile(r"pylock(?:\.[^.]+)?\.toml"), Ecosystem.PYTHON, pylock.parse_lock),
    LockFormat(re.compile(r"npm-shrinkwrap\.json|package-lock\.json"), Ecosystem.JAVASCRIPT, package_lock.parse_lock),
    LockFormat(re.compile(r"pnpm-lock\.yaml"), Ecosystem.JAVASCRIPT, pnpm_lock.parse_lock),
    LockFormat(re.compile(r"yarn\.lock"), Ecosystem.JAVASCRIPT, yarn_lock.parse_lock),
    LockFormat(re.compile(r"bun\.lock"), Ecosystem.JAVASCRIPT, bun_lock.parse_lock),
    LockFormat(re.compile(r"Cargo\.lock"), Ecosystem.RUST, cargo.parse_lock),
    LockFormat(re.compile(r"go\.sum"), Ecosystem.GO, go_mod.parse_lock),
)


def manifest_format(path: str) -> ManifestFormat | None:
    """The format of the manifest at ``path``, by its name."""
    name = PurePosixPath(path).name
    return next((each for each in MANIFESTS if each.name.fullmatch(name)), None)


def lock_format(path: str) -> LockFormat | None:
    """The format of the lock file at ``path``, by its name."""
    name = PurePosixPath(path).name
    return next((each for each in LOCKS if each.name.fullmatch(name)), None)
