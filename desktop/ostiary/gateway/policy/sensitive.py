"""Which paths are likely to hold secrets, so that even reading them asks. Pure; looks at names only.

The list is our policy. It errs towards asking: a key file under an unusual name is not known by its name.
"""

from __future__ import annotations

import fnmatch
import re
from itertools import pairwise

_FOLDERS = frozenset(
    (
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
)
_FOLDER_CHAINS = frozenset((("google", "chrome"), ("microsoft", "edge"), ("gcloud", "credentials")))
"""A folder and the one in it."""

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


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))


_SECRET, _OPEN = _any_of(_FILES), _any_of(_PUBLIC)


def is_sensitive(path: str) -> bool:
    """True when the path, of any platform, names a file or folder that usually holds secrets.

    Give it real paths as well as the given ones: a link may have a harmless name.
    """
    parts = [part for part in _PARTS.split(path.casefold()) if part not in ("", ".")]
    if not _FOLDERS.isdisjoint(parts) or not _FOLDER_CHAINS.isdisjoint(pairwise(parts)):
        return True
    return bool(parts) and _SECRET.match(parts[-1]) is not None and _OPEN.match(parts[-1]) is None
