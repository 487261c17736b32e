"""What the operating system has to bring: Qt's libraries, a font, and the programs the desktop tests are made of.

Owns the table of needs and how Debian fills it. Source of the table: the libraries that `ldd` names for PySide6's xcb
platform plugin, and a run in a Debian 12 with nothing else installed. On macOS and Windows PySide6 brings all it needs.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from devtools.errors import SetUpError

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
LOCK_TIMEOUT_S = 120
"""How long apt-get waits for another installation to end."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be there, and the Debian package that brings it."""

    package: str
    is_there: Callable[[], bool]


def library(soname: str, package: str) -> Need:
    """A shared library that the dynamic linker must find."""

    def loads() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return Need(package, loads)


def command(name: str, package: str) -> Need:
    """A program that must be on PATH."""
    return Need(package, lambda: shutil.which(name) is not None)


def _has_font() -> bool:
    return any(next(folder.rglob("*.[ot]t[fc]"), None) for folder in FONT_FOLDERS if folder.is_dir())


def _can_make_venv() -> bool:
    return shutil.which("uv") is not None or importlib.util.find_spec("ensurepip") is not None


PYTHON = (Need(f"python{sys.version_info.major}.{sys.version_info.minor}-venv", _can_make_venv),)

WINDOWS = (
    library("libEGL.so.1", "libegl1"),
    library("libGL.so.1", "libgl1"),
    library("libglib-2.0.so.0", "libglib2.0-0"),
    library("libdbus-1.so.3", "libdbus-1-3"),
    library("libfontconfig.so.1", "libfontconfig1"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libxcb-cursor.so.0", "libxcb-cursor0"),
    library("libxcb-icccm.so.4", "libxcb-icccm4"),
    library("libxcb-image.so.0", "libxcb-image0"),
    library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    library("libxcb-randr.so.0", "libxcb-randr0"),
    library("libxcb-render-util.so.0", "libxcb-render-util0"),
    library("libxcb-shape.so.0", "libxcb-shape0"),
    library("libxcb-sync.so.1", "libxcb-sync1"),
    library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Need("fonts-dejavu-core", _has_font),  # without any font Qt draws boxes for letters
)

CODE_TESTS = (
    command("git", "git"),
    command("ctags", "universal-ctags"),
)
"""What the answers of the ``code`` server are held against."""

DESKTOP_TESTS = (
    *WINDOWS,
    *CODE_TESTS,
    command("Xvfb", "xvfb"),
    command("openbox", "openbox"),
    command("trayer", "trayer"),
    command("xdotool", "xdotool"),
    command("xprop", "x11-utils"),
    command("dbus-daemon", "dbus-daemon"),
    Need("dbus-session-bus-common", Path("/usr/share/dbus-1/session.conf").is_file),
    command("dbus-send", "dbus-bin"),
    command("gnome-keyring-daemon", "gnome-keyring"),
    Need("at-spi2-core", Path("/usr/share/dbus-1/services/org.a11y.Bus.service").is_file),
    Need("notification-daemon", Path("/usr/lib/notification-daemon/notification-daemon").is_file),
)


def missing(needs: Iterable[Need]) -> list[str]:
    """The Debian packages, in the table's order, that bring what is not there."""
    return [need.package for need in needs if not need.is_there()]


def ensure(needs: Iterable[Need]) -> None:
    """Install what is missing where we may; otherwise raise SetUpError with the command that does it.

    Only a Debian (or a relative of it) and root are served: every other system names its packages differently, and
    asking for somebody's password is not a test command's business.
    """
    if sys.platform != "linux":
        return
    needs = tuple(needs)
    packages = missing(needs)
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetUpError(_instruction(packages))
    print(f"dev.py: installing with apt-get: {' '.join(packages)}", flush=True)
    if not _apt_get("update") or not _apt_get("install", "--yes", "--no-install-recommends", *packages):
        raise SetUpError(f"apt-get could not install {' '.join(packages)}; the lines above say why")
    if still := missing(needs):
        raise SetUpError(f"installed, but still not found: {' '.join(still)}")


def _instruction(packages: list[str]) -> str:
    names = " ".join(packages)
    return (
        f"this system lacks what these Debian packages bring: {names}\n"
        f"On Debian or Ubuntu:  sudo apt-get install --no-install-recommends {names}\n"
        "On another system: install what its own packages of the same kind are called."
    )


def _apt_get(*arguments: str) -> bool:
    command = ["apt-get", "-qq", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT_S}", *arguments]
    unattended = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    nothing = subprocess.DEVNULL  # dpkg tells of each package in three lines; what went wrong is on stderr
    return subprocess.run(command, env=unattended, stdin=nothing, stdout=nothing, check=False).returncode == 0
