"""Which keyring this session has, found out by a process that ends with its answer.

keyring and what it brings take 15 MB, and most of 200 ms of the interpreter's lock. A gateway whose servers need no
secret loads nothing of that, though every window shows which keyring there is.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from ostiary.domain.errors import SecretError
from ostiary.domain.secret import KeyringState
from ostiary.gateway.secrets.backends import system_keyring

ANSWER_WITHIN_S = 30.0
_COMMAND = (sys.executable, "-P", "-m", "ostiary.gateway.secrets.probing")
"""``-P``: no module is looked for in the folder it is started in."""

if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0


def probed_apart() -> KeyringState | None:
    """Blocks until that process has ended. None where it could not tell, or not in time."""
    try:
        ended = subprocess.run(
            _COMMAND,
            cwd=Path(sys.executable).anchor,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_WITHIN_S,
            check=False,
            creationflags=_FLAGS,
        )
        return msgspec.json.decode(ended.stdout, type=KeyringState)
    except (OSError, subprocess.TimeoutExpired, msgspec.MsgspecError):
        return None


def probed() -> KeyringState:
    """The same, here."""
    try:
        return KeyringState(backend=str(system_keyring().name))
    except SecretError as error:
        return KeyringState(problem=f"{error.title}. {error.detail}")


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(probed()))
