"""Has a wheel hold the relay compiled, where that is asked for; hatchling finds this file through pyproject.toml.

HATCH_BUILD_HOOK_ENABLE_CUSTOM=true says so (a setting of hatch). How it is done is in compiling.py.
"""

import subprocess
import sys
import tempfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRelay(BuildHookInterface[Any]):
    """Beside each module of the relay what it was compiled to, for this Python on this kind of machine."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and add what came of it. An editable install stays as it is edited."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="ostiary-compiled-")
        place = Path(self._folder.name) / "relay"
        subprocess.run([sys.executable, str(Path(self.root, "packaging", "compiling.py")), str(place)], check=True)
        for file in place.rglob(f"*{EXTENSION_SUFFIXES[0]}"):
            build_data["force_include"][str(file)] = file.relative_to(place).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """It is in the wheel now."""
        if version != "editable":
            self._folder.cleanup()
