"""What hosts' files look like before we come: for each host the typical contents of its file, and our entry's shape."""

from collections.abc import Mapping
from typing import Final

COMMAND: Final = "/opt/Ostiary é/ostiary-connect"

_STRICT = {
    "one server": b'{\n  "KEY": {\n    "git": {\n      "command": "git-mcp"\n    }\n  }\n}\n',
    "settings without servers": b'{"theme": "dark", "n": 1E+5}',
    "no servers": b'{\n\t"KEY": {}\n}\n',
    "CRLF": b'{\r\n    "KEY": {\r\n        "a": {"command": "C:\\\\a.exe"}\r\n    }\r\n}\r\n',
    "keys twice elsewhere": b'{"a": 1, "a": 2, "KEY": {"b": {"command": "b"}}}',
}
_COMMENTS = {"comments": b'{\n  // mine\n  "KEY": {\n    "a": {"command": "a"} /* a */\n  }\n}\n'}
_TRAILING = {"trailing commas": b'{\n  // mine\n  "KEY": {\n    "a": {"command": "a",}, // a\n  },\n}\n'}
_BOM = {"byte order mark": b'\xef\xbb\xbf{"KEY": {"a": {"command": "a"}}}'}
_TOML = {
    "settings": b'model = "o3" # mine\n\n[mcp_servers.git]\ncommand = "git"\n',
    "no line end": b'model = "o3"',
    "CRLF": b'model = "o3"\r\n[a]\r\nb = nan\r\n',
    "byte order mark": b'\xef\xbb\xbfmodel = "o3"\n',
    "lines after": b'[mcp_servers.git]\ncommand = "git"\n\n# the end\n\n\n',
    "quoted names": b'[mcp_servers."my git"]\ncommand = "git"\n',
}
_YAML = {
    "settings": b"GOOSE_MODEL: x # mine\nextensions:\n  git:\n    enabled: true\n    cmd: git\nz: 1\n",
    "four spaces": b"extensions:\n    git:\n        cmd: 'git' # mine\n\n# the end\n",
    "no servers": b"extensions:\nz: 1\n",
    "no section": b"---\nz: ~",
    "CRLF": b"extensions:\r\n  git:\r\n    cmd: git\r\n",
}
_YAML_LIST = {
    "settings": b"name: x\nmcpServers:\n  - name: git\n    command: git # mine\nz: 1\n",
    "dashes under the key": b"mcpServers:\n- name: git\n  args: [a,\n   b]\nz: 1\n",
    "no servers": b"name: x\nmcpServers:\n",
    "no section": b"name: x",
    "CRLF": b"mcpServers:\r\n- name: git\r\n",
}


def json_contents(key: str, accepts: frozenset[str]) -> dict[str, bytes]:
    """Gives contents that a host of this tolerance reads, with its key."""
    jsonc = _TRAILING if "trailing-commas" in accepts else {}
    found = _STRICT | (_COMMENTS if "comments" in accepts else {}) | jsonc | (_BOM if "bom" in accepts else {})
    return {name: content.replace(b"KEY", key.encode()) for name, content in found.items()}


OTHER_CONTENTS: Final[Mapping[str, Mapping[str, bytes]]] = {"toml": _TOML, "yaml": _YAML, "yaml-list": _YAML_LIST}

_PLAIN: Final = {"command": COMMAND, "args": ["--host", "HOST"]}
_ENV: Final = {**_PLAIN, "env": {}}

ENTRIES: Final[Mapping[str, Mapping[str, object]]] = {
    "antigravity": _ENV,
    "claude-code": {"type": "stdio", **_ENV, "alwaysLoad": True},
    "claude-desktop": _PLAIN,
    "cline": {**_ENV, "disabled": False},
    "cline-cli": {"timeout": 300, "transport": {"type": "stdio", **_PLAIN}},
    "codex": _PLAIN,
    "continue": {"name": "ostiary", "type": "stdio", **_ENV},
    "copilot": {"type": "local", **_ENV, "tools": ["*"]},
    "cursor": _PLAIN,
    "devin": {**_ENV, "disabled": False},
    "droid": {"type": "stdio", **_ENV, "disabled": False},
    "gemini": _PLAIN,
    "goose": {
        "enabled": True,
        "type": "stdio",
        "name": "ostiary",
        "description": "",
        "cmd": COMMAND,
        "args": ["--host", "HOST"],
        "envs": {},
        "env_keys": [],
        "timeout": 300,
        "bundled": None,
    },
    "junie": _PLAIN,
    "kimi": _ENV,
    "kiro": _ENV,
    "lm-studio": _ENV,
    "opencode": {"type": "local", "command": [COMMAND, "--host", "HOST"], "environment": {}, "enabled": True},
    "qwen": _ENV,
    "vscode": {"type": "stdio", **_PLAIN},
    "vscode-insiders": {"type": "stdio", **_PLAIN},
    "warp": _ENV,
    "zed": _ENV,
}
"""The shape of each host's entry, as its own documentation, sources or a run of it have it; HOST is its name."""


def entry_of(host: str) -> object:
    """Gives the shape of a host's entry with its name filled in. A host without one raises ``KeyError``: add it."""
    return _named(ENTRIES[host], host)


def _named(shape: object, host: str) -> object:
    if isinstance(shape, dict):
        return {key: _named(value, host) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_named(item, host) for item in shape]
    return host if shape == "HOST" else shape
