"""A bundle that makes a host start our shim: for Claude Desktop, whose own file is best left alone. Pure.

The same input gives the same bytes, so that a bundle can be compared with the one that was installed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence

MANIFEST_VERSION = "0.3"
_NOTE = "server/README.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can tell."""
_TOLD = """\
This bundle starts Ostiary on the computer it was made on; on another one it does nothing. It holds no program and no
secret. Make it anew after Ostiary was moved: ostiary hosts bundle
"""


def made(program: str, args: Sequence[str], version: str, platform: str) -> bytes:
    """Gives a bundle that starts ``program``, a full path, with these arguments."""
    manifest = {
        "manifest_version": MANIFEST_VERSION,
        "name": "ostiary",
        "display_name": "Ostiary",
        "version": version,
        "description": "The MCP servers on this computer, with your say over what they may do.",
        "author": {"name": "Ostiary"},
        "server": {
            "type": "binary",
            "entry_point": _NOTE,
            "mcp_config": {"command": program, "args": list(args), "env": {}},
        },
        "tools_generated": True,
        "prompts_generated": True,
        "compatibility": {"platforms": [platform]},
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
        for name, text in (("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False)), (_NOTE, _TOLD)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, on every system: otherwise the bytes differ
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, text)
    return content.getvalue()
