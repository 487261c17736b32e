"""How long an edit of a large host file takes, in each format, and how long finding all hosts. Without a gateway.

A file is what a host would have with some thousand servers: 1 MB of short lines, which is the hardest for a parser.
Shown is the first look at it with the whole change, proof and difference; written is all that follows the yes.
"""

from __future__ import annotations

import glob
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ostiary.domain.host import HostAction
from ostiary.gateway.hosts import parsed
from ostiary.gateway.hosts.connect import HostConnections
from ostiary.gateway.hosts.registry import HostSpec, Place, config_path, known_hosts
from ostiary.gateway.hosts.shim_command import ShimCommand
from tests.bench.effort import Effort
from tests.bench.table import Row, Section, percentile

EDIT_S: Final = 0.3
DISCOVERY_S: Final = 0.2
_SIZE_BYTES: Final = 1_000_000

_Took = tuple[float, float]
"""Seconds that went by, and those of them that the processor worked on it: less on a machine with more to do."""


def _json(count: int, key: str = "mcpServers") -> str:
    servers = {
        f"s{n}": {"command": f"/usr/bin/p{n}", "args": ["-a", str(n)], "env": {f"K{n}": f"value {n}"}}
        for n in range(count)
    }
    return json.dumps({key: servers}, indent=2)


def _jsonc(count: int) -> str:
    return "// mine\n" + _json(count, "servers").replace("\n  }\n}", "\n  }, // the last\n}")


def _toml(count: int) -> str:
    servers = (
        f'\n[mcp_servers.s{n}]\ncommand = "/usr/bin/p{n}"\nargs = ["-a", "{n}"]\n\n'
        f'[mcp_servers.s{n}.env]\nK{n} = "value {n}"\n'
        for n in range(count)
    )
    return 'model = "x"\n' + "".join(servers)


def _yaml(count: int) -> str:
    servers = (
        f"  s{n}:\n    enabled: true\n    type: stdio\n    cmd: /usr/bin/p{n}\n    args:\n      - -a\n      - '{n}'\n"
        f"    envs:\n      K{n}: value {n}\n    timeout: 300\n"
        for n in range(count)
    )
    return "extensions:\n" + "".join(servers)


def _yaml_list(count: int) -> str:
    servers = (
        f"  - name: s{n}\n    command: /usr/bin/p{n}\n    args:\n      - -a\n      - '{n}'\n    env:\n"
        f"      K{n}: value {n}\n"
        for n in range(count)
    )
    return "name: mine\nmcpServers:\n" + "".join(servers)


_FILES: Final[Mapping[str, tuple[str, Callable[[int], str]]]] = {
    "JSON": ("cursor", _json),
    "JSON with comments": ("vscode", _jsonc),
    "TOML": ("codex", _toml),
    "YAML": ("goose", _yaml),
    "YAML, a list": ("continue", _yaml_list),
}


def section(effort: Effort) -> Section:
    """Measures and gives the rows."""
    rounds = min(effort.rounds, 10)
    rows = [row for what, (host, written) in _FILES.items() for row in _edited(what, host, written, rounds)]
    return Section("A host's file of 1 MB (s)", (*rows, _found(rounds)))


def _edited(what: str, host: str, written: Callable[[int], str], rounds: int) -> list[Row]:
    text = written(_SIZE_BYTES * 1_000 // len(written(1_000)))
    spec = next(spec for spec in known_hosts() if spec.name == host)
    shown, made = zip(*(_once(spec, text) for _ in range(rounds)), strict=True)
    return [_row(f"{what}, shown", shown, EDIT_S), _row(f"{what}, written", made, EDIT_S)]


def _once(spec: HostSpec, text: str) -> tuple[_Took, _Took]:
    with tempfile.TemporaryDirectory(prefix="ostiary-bench-") as home:
        connections = _connections((spec,), Path(home))
        path = Path(config_path(spec, connections.place) or "")
        path.parent.mkdir(parents=True)
        path.write_text(text)
        parsed.forget()
        began = _now()
        change = connections.plan(spec.name, HostAction.CONNECT)
        shown = _now()
        connections.apply(change)
        return _since(began, shown), _since(shown, _now())


def _found(rounds: int) -> Row:
    """Finds each host anew, with an empty file."""
    with tempfile.TemporaryDirectory(prefix="ostiary-bench-") as home:
        taken = []
        for _ in range(rounds):
            connections = _connections(known_hosts(), Path(home))
            for spec in connections.specs:
                path = Path(config_path(spec, connections.place) or "")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            began = _now()
            connections.views()
            taken.append(_since(began, _now()))
    return _row(f"all {len(connections.specs)} hosts found", taken, DISCOVERY_S)


def _now() -> _Took:
    return time.perf_counter(), time.thread_time()


def _since(began: _Took, ended: _Took) -> _Took:
    return ended[0] - began[0], ended[1] - began[1]


def _connections(specs: tuple[HostSpec, ...], home: Path) -> HostConnections:
    place = Place("linux", {}, str(home), glob.glob, os.path.exists)
    return HostConnections(specs, place, home / "kept", lambda host: ShimCommand("/opt/ostiary-connect", (host,)), dict)


def _row(what: str, taken: Sequence[_Took], target_s: float) -> Row:
    elapsed, computed = (percentile(values, 0.5) for values in zip(*taken, strict=True))
    beside = f"computing {computed:.3f}"
    return Row(what, f"{elapsed:.3f}", beside, target=f"< {target_s}", reached=elapsed < target_s)
