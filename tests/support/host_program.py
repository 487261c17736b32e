"""A host as the desktop sees it: a process that starts what its configuration file says, and asks for tools."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

CLIENT: Final = Path(__file__).with_name("children") / "asking_client.py"
END_TIMEOUT_S: Final = 20


class HostProgram:
    """``said`` grows with everything that its client prints; nothing here waits, so a window can live beside it."""

    def __init__(self, entry: Mapping[str, Any], environment: Mapping[str, str], era: str = "auto") -> None:
        """``entry`` is the host's entry for one server: ``command`` and ``args``, perhaps ``env``."""
        command = (sys.executable, str(CLIENT), era, entry["command"], *entry.get("args", ()))
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, **entry.get("env", {})},
            text=True,
        )
        self.said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def call(self, tool: str, **arguments: object) -> None:
        """Ask for a tool; the answer comes in ``answers``."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"tool": tool, "arguments": arguments}) + "\n")
        self.process.stdin.flush()

    @property
    def tools(self) -> list[str] | None:
        """The names of the newest list; None before the first."""
        lists = [said["tools"] for said in tuple(self.said) if "tools" in said]
        return lists[-1] if lists else None

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The results of calls, in the order in which they came."""
        return [said for said in tuple(self.said) if "text" in said]

    def close(self) -> None:
        """End it as a person closes a program: its input ends, and it goes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join()
        self.process.stdout.close()
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(json.loads(line) for line in self.process.stdout)
