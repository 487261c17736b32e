"""What each package really loads, seen from a fresh interpreter.

import-linter reads import statements of our own files; this sees what these pull in behind them. The rules are those
of ARCHITECTURE.md: windows and gateway never meet, the shim is standard library only, and a command starts light.
"""

import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "desktop", ROOT / "servers", ROOT / "resources")
QT = frozenset({"PySide6", "shiboken6"})
IMPORT_TIMEOUT_S = 60

WINDOWS = sys.platform == "win32"
OTHER_SYSTEMS = frozenset({"linux", "macos", "posix"} if WINDOWS else {"windows"})
"""The last word in the name of a module that can be imported only on another kind of system."""

OPENSSL_ALONE_HASHES = find_spec("_sha3") is None
"""Some distributions build Python without hash functions of its own."""


def modules_of(package: str) -> list[str]:
    """The dotted names of a package and of all its modules that this system can import, as the files say."""
    relative = Path(*package.split("."))
    found = [
        path.relative_to(source)
        for source in SOURCES
        for path in (source / relative).rglob("*.py")
        if path.stem.split("_")[-1] not in OTHER_SYSTEMS
    ]
    assert found, f"there is no package {package}"
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in found)


@cache
def bare_interpreter() -> frozenset[str]:
    """What is loaded before the first line of a program: the interpreter's own and what site brings."""
    return loaded_after("")


def loaded_after(code: str) -> frozenset[str]:
    """Every module that a fresh interpreter holds after running the code, apart from `bare_interpreter`."""
    script = f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    # -I keeps the caller's environment and working folder out.
    ended = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=IMPORT_TIMEOUT_S, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return frozenset(ended.stderr.split())


def loaded_by(*packages: str) -> frozenset[str]:
    """Every module that importing all modules of these packages loads in one fresh interpreter."""
    names = [name for package in packages for name in modules_of(package)]
    return loaded_after("\n".join(f"import {name}" for name in names)) - bare_interpreter()


def within(modules: Iterable[str], *packages: str) -> list[str]:
    """Those of the modules that are one of the packages or lie inside one."""
    return sorted(name for name in modules if any(f"{name}.".startswith(f"{package}.") for package in packages))


def top_level(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_shim_loads_the_standard_library_alone_and_not_asyncio() -> None:
    loaded = loaded_by("ostiary_connect")

    assert top_level(loaded) - sys.stdlib_module_names == {"ostiary_connect"}
    assert not within(loaded, "asyncio")


def test_the_resources_load_the_standard_library_alone() -> None:
    assert top_level(loaded_by("ostiary_resources")) - sys.stdlib_module_names == {"ostiary_resources"}


@pytest.mark.parametrize("package", ["ostiary.domain", "ostiary.control", "ostiary.gateway", "ostiary.cli"])
def test_the_windowless_parts_load_neither_qt_nor_the_mcp_sdk(package: str) -> None:
    assert not within(loaded_by(package), *QT, "mcp", "ostiary.ui")


def test_the_windows_load_nothing_of_the_gateway_and_no_asyncio() -> None:
    unwanted = ("ostiary.gateway", "keyring", "watchdog", "psutil", "mcp", "asyncio")

    assert not within(loaded_by("ostiary.ui"), *unwanted)


def test_the_bundled_servers_load_nothing_of_the_desktop() -> None:
    assert not within(loaded_by("ostiary_servers"), "ostiary", "ostiary_connect", *QT)


def test_asking_for_the_version_loads_neither_qt_nor_asyncio() -> None:
    asked = """
sys.argv = ["ostiary", "--version"]
from ostiary.__main__ import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""

    assert not within(loaded_after(asked), *QT, "asyncio", "mcp")


def test_the_gateway_loads_no_openssl_and_nothing_that_few_of_its_people_need() -> None:
    started = """
sys.argv = ["ostiary", "--headless", "--help"]
from ostiary.__main__ import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""

    loaded = loaded_after(started) - bare_interpreter()

    assert "ostiary.gateway.gateway" in loaded
    openssl = () if OPENSSL_ALONE_HASHES else ("ssl", "_ssl", "_hashlib")
    assert not within(
        loaded, *openssl, "keyring", "yaml", "tomli", "zipfile", "email", "http", "xml", "multiprocessing"
    )
