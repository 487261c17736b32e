"""A whole desktop for one test run: a screen, a window manager, a session bus, an unlocked keyring, private folders.

Owns these processes and that folder from start to end. Every process is started in a session of its own, so that
Ctrl-C reaches only the tests, and is ended here by its pid, however the run ended.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from devtools.errors import SetUpError

SCREEN = "1600x1000x24"
READY_TIMEOUT_S = 20
END_TIMEOUT_S = 5
PRIVATE_FOLDERS = {
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
}
NOT_INHERITED = ("QT_", "QML", "OSTIARY_", "WAYLAND_", "DBUS_", "GNOME_KEYRING_", "SESSION_MANAGER", "PYTHON")
"""The start of names through which a developer's own session would reach into the tests."""


def available() -> bool:
    """Whether such a desktop can be had here: Xvfb is of X11, so only where that is at home."""
    return sys.platform == "linux"


@contextmanager
def surroundings(inherited: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start the desktop; give the environment in which the tests find it; end all of it afterwards.

    Raises SetUpError with the end of its output when a part does not come up within READY_TIMEOUT_S.
    """
    with ExitStack() as stack:
        # Short, because the paths of Unix sockets inside must stay under 104 bytes.
        folder = tempfile.TemporaryDirectory(prefix="ost-", dir="/tmp", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder))
        environment = private_environment(inherited, home)
        for name in PRIVATE_FOLDERS:
            Path(environment[name]).mkdir(mode=0o700)
        environment["DISPLAY"] = stack.enter_context(_screen(environment, home))
        stack.enter_context(_window_manager(environment, home))
        environment["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(_bus(environment, home))
        stack.enter_context(_keyring(environment, home))
        yield environment


def private_environment(inherited: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment of the tests: nothing of the person's folders, session or Qt settings is left in it.

    HOME moves too, so that no test can touch a real host's configuration. npm alone keeps its own settings and
    cache: without them a machine behind a registry of its own could not install the clients that tests use.
    """
    person = Path(inherited.get("HOME", "/"))
    kept = {name: value for name, value in inherited.items() if not name.startswith(NOT_INHERITED)}
    return {
        "NPM_CONFIG_USERCONFIG": str(person / ".npmrc"),
        "NPM_CONFIG_CACHE": str(person / ".npm"),
        **kept,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb",
        **{name: str(home / folder) for name, folder in PRIVATE_FOLDERS.items()},
    }


@contextmanager
def _screen(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    """An X server on a display number that it chose itself; gives the value of DISPLAY."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    with os.fdopen(reading) as number, _running(command, environment, home, pass_fds=(writing,)):
        os.close(writing)
        yield f":{_first_line(number, command[0], home)}"


@contextmanager
def _window_manager(environment: Mapping[str, str], home: Path) -> Iterator[None]:
    with _running(["openbox", "--sm-disable"], environment, home):
        _wait(lambda: _succeeds(["xdotool", "get_desktop"], environment), "openbox", home)
        yield


@contextmanager
def _bus(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    """A session bus; gives its address."""
    reading, writing = os.pipe()
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writing}"]
    with os.fdopen(reading) as address, _running(command, environment, home, pass_fds=(writing,)):
        os.close(writing)
        yield _first_line(address, command[0], home)


@contextmanager
def _keyring(environment: Mapping[str, str], home: Path) -> Iterator[None]:
    """A Secret Service whose login keyring is new and unlocked."""
    owned = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    owned += ["org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets"]
    command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    with tempfile.TemporaryFile(dir=home) as password:
        password.write(b"ostiary\n")
        password.seek(0)
        with _running(command, environment, home, stdin=password):
            _wait(lambda: _succeeds(owned, environment), command[0], home)
            yield


@contextmanager
def _running(
    command: list[str],
    environment: Mapping[str, str],
    home: Path,
    *,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[None]:
    with _log_of(command[0], home).open("wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=stdin,
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    try:
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it end when it does not within END_TIMEOUT_S."""
    process.terminate()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _first_line(stream: IO[str], name: str, home: Path) -> str:
    ready, _, _ = select.select([stream], [], [], READY_TIMEOUT_S)
    line = stream.readline().strip() if ready else ""
    if not line:
        raise _not_up(name, home)
    return line


def _wait(is_up: Callable[[], bool], name: str, home: Path) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not is_up():
        if time.monotonic() > deadline:
            raise _not_up(name, home)
        time.sleep(0.05)


def _succeeds(command: list[str], environment: Mapping[str, str]) -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, env=environment, stdout=quiet, stderr=quiet, check=False).returncode == 0


def _not_up(name: str, home: Path) -> SetUpError:
    said = _log_of(name, home).read_text(errors="replace")[-2000:].strip()
    return SetUpError(f"{name} did not come up within {READY_TIMEOUT_S} s. It said: {said or '(nothing)'}")


def _log_of(name: str, home: Path) -> Path:
    return home / f"{name}.log"
