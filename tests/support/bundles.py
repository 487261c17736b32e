"""Bundles (``.mcpb``) as tests make them: a manifest and some files in a zip file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SERVER: dict[str, Any] = {
    "type": "python",
    "entry_point": "server/main.py",
    "mcp_config": {"command": "python", "args": ["${__dirname}/server/main.py"], "env": {}},
}


def manifest(**more: Any) -> dict[str, Any]:
    """A manifest with the fields that are required."""
    plain = {"manifest_version": "0.3", "name": "Weather", "version": "1.0.0", "description": "Tells the weather."}
    return {**plain, "author": {"name": "A"}, "server": SERVER, **more}


def packed(told: Mapping[str, Any], files: Mapping[str, str] = {"server/main.py": "print()"}) -> bytes:
    """The bytes of a bundle."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(told))
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def bundle(folder: Path, told: Mapping[str, Any], files: Mapping[str, str] = {"server/main.py": "print()"}) -> Path:
    """A bundle on the disk."""
    path = folder / "weather.mcpb"
    path.write_bytes(packed(told, files))
    return path
