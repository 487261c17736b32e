"""The interpreters and launchers that servers need: which, where, and which version. Blocks for some hundred ms.

Only a program whose name is one of these is run, and only to ask for its version.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath

from ostiary.gateway.supervise.creation import errand_flags

_NEEDED: Mapping[str, str] = {
    **dict.fromkeys(("node", "npx", "npm"), "node"),
    **dict.fromkeys(("uv", "uvx"), "uv"),
    **{name: name for name in ("python", "python3", "deno", "bun", "docker", "podman")},
}
_ENDINGS = re.compile(r"\.(exe|cmd|bat)$", re.IGNORECASE)
_VERSION = re.compile(r"\d+\.\d+[\w.+-]*")
ASK_DEADLINE_S = 3.0


def runtime_of(program: str) -> str:
    """Pure. The runtime that a server's program needs; empty where it is none that we know."""
    return _NEEDED.get(_ENDINGS.sub("", PurePath(program).name).lower(), "")


def version_of(program: str, environment: Mapping[str, str]) -> str:
    """What a program, given by its full path, says to ``--version``; empty when it says nothing within 3 s."""
    try:
        ended = subprocess.run(
            [program, "--version"],
            env=dict(environment),
            cwd=Path(sys.executable).anchor,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ASK_DEADLINE_S,
            check=False,
            creationflags=errand_flags(sys.platform),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search((ended.stdout or ended.stderr).decode(errors="replace"))
    return found[0] if found else ""
