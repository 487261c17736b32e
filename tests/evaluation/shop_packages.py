"""The manifests and lock files of the shop, one project for each ecosystem. Only texts."""

from __future__ import annotations

import json
from typing import Final

PYPROJECT: Final = """[project]
name = "shop"
version = "1.0"
dependencies = [
    "requests>=2.30",
    "click>=8",
]

[dependency-groups]
dev = ["pytest>=8"]
"""

_PYTHON: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "requests": ("2.30.0", ("certifi", "idna", "urllib3")),
    "certifi": ("2026.1.1", ()),
    "idna": ("3.10", ()),
    "urllib3": ("2.0.6", ()),
    "click": ("8.1.0", ()),
    "pytest": ("8.0.0", ("pluggy",)),
    "pluggy": ("1.5.0", ()),
}

PACKAGE_JSON: Final = {
    "name": "shop-web",
    "version": "1.0.0",
    "dependencies": {"lodash": "^4.17.0", "painter": "^2.0.0", "shades": "^1.0.0"},
    "devDependencies": {"tester": "^5.0.0"},
}

_NODE_MODULES: Final = {
    "node_modules/lodash": {"version": "4.17.20"},
    "node_modules/painter": {
        "version": "2.1.0",
        "dependencies": {"shades": "^2.0.0"},
        "peerDependencies": {"canvas-kit": "^3.0.0"},
    },
    "node_modules/painter/node_modules/shades": {"version": "2.4.0"},
    "node_modules/shades": {"version": "1.9.0"},
    "node_modules/tester": {"version": "5.0.1", "dev": True, "dependencies": {"lodash": "^4.0.0"}},
}

CARGO: Final = '[package]\nname = "engine"\nversion = "0.1.0"\n\n[dependencies]\nserde = "1"\n'
CARGO_LOCK: Final = "".join(
    f'[[package]]\nname = "{name}"\nversion = "{version}"\n{rest}\n'
    for name, version, rest in (
        ("engine", "0.1.0", 'dependencies = ["serde"]'),
        ("serde", "1.0.200", 'source = "registry"\ndependencies = ["serde_derive"]'),
        ("serde_derive", "1.0.200", 'source = "registry"'),
    )
)

GO_MOD: Final = (
    "module example.org/shop\n\nrequire (\n\texample.org/mux v1.8.0\n\texample.org/context v1.1.0 // indirect\n)\n"
)
GO_SUM: Final = "example.org/mux v1.8.0 h1:x=\nexample.org/context v1.1.0 h1:x=\n"


def packages() -> dict[str, str]:
    """All of them, by path."""
    whole = {"": PACKAGE_JSON, **_NODE_MODULES}
    lock = {"name": "shop-web", "version": "1.0.0", "lockfileVersion": 3, "packages": whole}
    return {
        "pyproject.toml": PYPROJECT,
        "uv.lock": _uv_lock(),
        "web/package.json": json.dumps(PACKAGE_JSON, indent=2),
        "web/package-lock.json": json.dumps(lock, indent=2),
        "engine/Cargo.toml": CARGO,
        "engine/Cargo.lock": CARGO_LOCK,
        "service/go.mod": GO_MOD,
        "service/go.sum": GO_SUM,
    }


def _uv_lock() -> str:
    own = (
        'version = 1\n\n[[package]]\nname = "shop"\nversion = "1.0"\nsource = { editable = "." }\n'
        'dependencies = [{ name = "click" }, { name = "requests" }]\n'
        '[package.dev-dependencies]\ndev = [{ name = "pytest" }]\n'
        "[package.metadata]\nrequires-dist = ["
        '{ name = "click", specifier = ">=8" }, { name = "requests", specifier = ">=2.30" }]\n'
    )
    return own + "".join(
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "x" }}\n{_needs(names)}\n'
        for name, (version, names) in _PYTHON.items()
    )


def _needs(names: tuple[str, ...]) -> str:
    return "dependencies = [" + ", ".join(f'{{ name = "{name}" }}' for name in names) + "]"
