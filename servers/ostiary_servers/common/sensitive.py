"""Which paths are likely to hold secrets, by their names alone. Pure.

The gateway asks the person before a call that names such a path; where there is none, ``path_gate`` marks it and its
content is withheld. What a call reaches without naming it (a search, one
file of many) it cannot ask about, so there the content is left out and told. The list is the gateway's
(``ostiary.gateway.policy.sensitive``), which this package cannot import; a test holds the two together.
"""

import fnmatch
import re
from functools import cache

FOLDERS = frozenset(
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
        ".mozilla",
        "firefox",
        "google-chrome",
        "chromium",
        "bravesoftware",
        "microsoft-edge",
        "vivaldi",
    )
)
FOLDER_CHAINS = (("google", "chrome"), ("microsoft", "edge"), ("gcloud", "credentials"))
FILES = (
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
PUBLIC = ("id_*.pub", ".env.example", ".env.sample", ".env.template")
_PARTS = re.compile(r"[/\\]+")


def is_sensitive(path: str) -> bool:
    """True when the path names a file or folder that usually holds secrets. Give it real paths, too."""
    parts = [part for part in _PARTS.split(path.casefold()) if part not in ("", ".")]
    if not FOLDERS.isdisjoint(parts):
        return True
    if any(chain[0] in parts and _has_chain(parts, chain) for chain in FOLDER_CHAINS):
        return True
    return bool(parts) and bool(_any_of(FILES).match(parts[-1])) and not _any_of(PUBLIC).match(parts[-1])


def _has_chain(parts: list[str], chain: tuple[str, ...]) -> bool:
    return any(tuple(parts[start : start + len(chain)]) == chain for start in range(len(parts)))


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))
