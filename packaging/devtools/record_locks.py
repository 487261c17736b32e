"""``python packaging/devtools/record_locks.py``: real lock files, and what uv and npm themselves make of them.

Needs uv, npm and a network; the tests that read what is recorded need none. No address of a registry is written down:
packages keep their names, versions and edges, which is all that is compared.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).resolve().parents[2] / "tests" / "support" / "recorded"
PLACEHOLDER = "https://example.org/simple"
UV_TREE = ("tree", "--frozen", "--offline", "--universal", "--all-groups", "--no-dedupe")
NPM_LS = ("ls", "--package-lock-only", "--all", "--json", "--offline")

PYTHON = {
    "site": """[project]
name = "site"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["flask>=3", "requests[socks]>=2.32", "uvicorn[standard]>=0.30", "colorama; sys_platform == 'win32'"]
[project.optional-dependencies]
mail = ["aiosmtplib>=3"]
[dependency-groups]
dev = ["pytest>=8", { include-group = "types" }]
types = ["mypy>=1.13"]
""",
    "notebook": """[project]
name = "notebook-tools"
version = "0.2"
requires-python = ">=3.11"
dependencies = ["typer>=0.15", "httpx[http2]>=0.27", "pandas>=2.2", "keyring>=25"]
""",
}

NPM: dict[str, dict[str, dict[str, Any]]] = {
    "service": {
        "package.json": {
            "name": "service",
            "version": "1.0.0",
            "private": True,
            "dependencies": {
                "express": "^5.0.0",
                "chalk": "^4.1.0",
                "chalk-new": "npm:chalk@^5.0.0",
                "debug": "^4.3.0",
            },
            "devDependencies": {"mocha": "^11.0.0"},
        }
    },
    "workspace": {
        "package.json": {"name": "workspace", "version": "1.0.0", "private": True, "workspaces": ["packages/*"]},
        "packages/view/package.json": {
            "name": "view",
            "version": "1.0.0",
            "dependencies": {"react": "^18.3.0", "react-dom": "^18.3.0", "model": "1.0.0"},
        },
        "packages/model/package.json": {
            "name": "model",
            "version": "1.0.0",
            "dependencies": {"zod": "^3.23.0", "semver": "^6.3.0"},
            "devDependencies": {"vitest": "^3.0.0"},
        },
    },
}


def without_addresses(uv_lock: str) -> str:
    """A ``uv.lock`` with its packages and edges alone."""
    text = re.sub(r"^wheels = \[\n(?:.*\n)*?\]\n", "", uv_lock, flags=re.MULTILINE)
    text = re.sub(r"^(?:sdist|wheels|upload-time) = .*\n", "", text, flags=re.MULTILINE)
    return re.sub(r'registry = "[^"]*"', f'registry = "{PLACEHOLDER}"', text)


def without_downloads(package_lock: dict[str, Any]) -> dict[str, Any]:
    """A ``package-lock.json`` with its packages and edges alone; where a workspace's link leads is an edge."""
    dropped = {"integrity", "funding", "license", "engines", "bin", "os", "cpu", "libc", "hasInstallScript"}
    for entry in package_lock["packages"].values():
        for name in (*dropped, *(() if entry.get("link") else ("resolved",))):
            entry.pop(name, None)
    return package_lock


def tree_alone(node: dict[str, Any]) -> dict[str, Any]:
    """What ``npm ls`` says, without where anything came from."""
    own = {"version": node["version"]} if node.get("version") else {}
    below = {name: tree_alone(child) for name, child in node.get("dependencies", {}).items()}
    return {**own, "dependencies": below} if below else own


def main() -> int:
    """Records all of them anew."""
    RECORDED.mkdir(exist_ok=True)
    for name, manifest in PYTHON.items():
        with tempfile.TemporaryDirectory() as folder:
            _record_uv(Path(folder), name, manifest)
    for name, manifests in NPM.items():
        with tempfile.TemporaryDirectory() as folder:
            _record_npm(Path(folder), name, manifests)
    return 0


def _record_uv(folder: Path, name: str, manifest: str) -> None:
    (folder / "pyproject.toml").write_text(manifest)
    _run(["uv", "lock", "--quiet"], folder)
    lock = without_addresses((folder / "uv.lock").read_text())
    (folder / "uv.lock").write_text(lock)
    (RECORDED / f"{name}.pyproject.txt").write_text(manifest)
    (RECORDED / f"{name}.uv-lock.txt").write_text(lock)
    (RECORDED / f"{name}.uv-tree.txt").write_text(_run(["uv", *UV_TREE], folder))


def _record_npm(folder: Path, name: str, manifests: dict[str, dict[str, Any]]) -> None:
    for path, manifest in manifests.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(manifest))
    _run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    lock = without_downloads(json.loads((folder / "package-lock.json").read_text()))
    (folder / "package-lock.json").write_text(json.dumps(lock))
    said = tree_alone(json.loads(_run(["npm", *NPM_LS], folder)))
    (RECORDED / f"{name}.npm-manifests.json").write_text(f"{json.dumps(manifests, indent=1)}\n")
    (RECORDED / f"{name}.npm-lock.json").write_text(f"{json.dumps(lock, indent=1)}\n")
    (RECORDED / f"{name}.npm-ls.json").write_text(f"{json.dumps(said, indent=1)}\n")


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
