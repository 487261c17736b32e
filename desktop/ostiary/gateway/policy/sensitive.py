"""Which paths are likely to hold secrets, so that even reading them asks. Pure; looks at names only.

The list is our policy. It errs towards asking: a key file under an unusual name is not known by its name.
"""

from __future__ import annotations

import fnmatch
import re

_FOLDERS = (
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".gcloud",
    ".kube",
    ".docker",
    ".password-store",
    "keychains",
    "keyrings",
    "kwalletd",
    # profiles of browsers: cookies, saved passwords
    ".mozilla",
    "firefox",
    "google-chrome",
    "chromium",
    "bravesoftware",
    "microsoft-edge",
    "vivaldi",
)
_FOLDER_CHAINS = (
    ("google", "chrome"),
    ("microsoft", "edge"),
    ("gcloud", "credentials"),
)
_FILES = (
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.kdbx",
    "*.keychain",
    "*.keychain-db",
    "*.jks",
    "id_*",
    ".env*",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".git-credentials",
    "credentials",
)
_PUBLIC = ("id_*.pub", ".env.example", ".env.sample", ".env.template")
_PARTS = re.compile(r"[/\\]+")


def is_sensitive(path: str) -> bool:
    """True when the path, of any platform, names a file or folder that usually holds secrets.

    Give it real paths as well as the given ones: a link may have a harmless name.
    """
    parts = [part for part in _PARTS.split(path.casefold()) if part not in ("", ".")]
    if any(part in _FOLDERS for part in parts) or any(_has_chain(parts, chain) for chain in _FOLDER_CHAINS):
        return True
    return bool(parts) and _matches(parts[-1], _FILES) and not _matches(parts[-1], _PUBLIC)


def _has_chain(parts: list[str], chain: tuple[str, ...]) -> bool:
    return any(tuple(parts[start : start + len(chain)]) == chain for start in range(len(parts)))


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
