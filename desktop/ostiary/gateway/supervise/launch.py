"""What it takes to start a server: its command, environment and folder. Pure; nothing is started here.

Who knows a server's settings and secrets makes the ``Launch``; ``child`` starts it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_COMMON = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
        *("GIT_SSL_CAINFO", "PIP_CERT", "AWS_CA_BUNDLE"),
    }
)
_COMMON_PREFIXES = ("LC_", "XDG_")

_WINDOWS = frozenset(
    {
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"),
        *("COMMONPROGRAMFILES", "USERPROFILE", "USERNAME", "USERDOMAIN", "HOMEDRIVE", "HOMEPATH", "PUBLIC"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP"),
        *("PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS", "OS"),
    }
)


@dataclass(frozen=True, slots=True)
class Launch:
    """A start, fully resolved. ``command`` and ``environment`` may hold secrets: neither is shown or logged.

    A ``command[0]`` without a folder is sought on the PATH in ``environment``. ``cwd`` must exist. ``pass_fds`` are
    descriptors the child inherits under the same numbers (POSIX only); who made the launch closes its own copies.
    ``bundled``: the program is ``ostiary-serve`` of this very installation.
    """

    command: tuple[str, ...] = field(repr=False)
    environment: dict[str, str] = field(repr=False)
    cwd: Path
    pass_fds: tuple[int, ...] = ()
    bundled: bool = False


def child_environment(
    base: Mapping[str, str], configured: Mapping[str, str], platform: str = sys.platform
) -> dict[str, str]:
    """Gives a server's environment: the allowed part of ``base`` (ours), and over it what its settings name.

    Nothing else of ours is inherited. So what a frozen build sets for itself (``LD_LIBRARY_PATH``, ``QT_PLUGIN_PATH``,
    ``_PYI_*``) and what would redirect another Python (``PYTHONHOME``, ``PYTHONPATH``) reaches a server only when its
    settings say so, and neither do tokens that stand in ours. Names are compared without case, as Windows has them
    and as proxy variables are written.
    """
    environment = {name: value for name, value in base.items() if _is_allowed(name.upper(), platform)}
    environment.update(configured)
    return environment


def _is_allowed(name: str, platform: str) -> bool:
    if name in _COMMON or name.startswith(_COMMON_PREFIXES):
        return True
    return platform == "win32" and name in _WINDOWS
