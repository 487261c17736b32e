"""Starting the application from a shim: what to start, in which environment, and only once.

The application records at each start how it was started; a host's own environment is scrubbed or holds the host's
secrets, so of that only a few names are passed on.
"""

# pathlib costs too much here: see the package's docstring
# ruff: noqa: PTH111, PTH118, PTH120

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from ostiary_connect.endpoint import ConnectError, Endpoint, prepare_folder
from ostiary_connect.private_file import read_private, try_lock, write_private

DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY")
SESSION = (
    *DISPLAY,
    *("XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "QT_QPA_PLATFORM"),
)
"""What joins a process to the person's desktop session and to their folders."""

PERSON = (
    *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TMPDIR", "TZ"),
    *("APPDATA", "LOCALAPPDATA", "USERPROFILE", "PROGRAMDATA", "SYSTEMROOT", "TEMP", "TMP", "PATHEXT", "COMSPEC"),
    "OSTIARY_TRANSPORT",
)
"""What any program of this person needs."""


def record_launch(endpoint: Endpoint, program: Sequence[str], environment: Mapping[str, str]) -> None:
    """Note how the application runs, for shims that have to start it. Called by the application at its start."""
    prepare_folder(endpoint)
    noted = {"environment": _chosen(SESSION, environment), "program": list(program)}
    write_private(endpoint.launch_path, json.dumps(noted).encode())


class Keeping:
    """A tray's claim to start its gateway itself: meanwhile no shim starts a second application beside it.

    It ends with the process. Of two trays that start at once one has it; the other will find that one's gateway.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._path = endpoint.keeping_path
        self._lock: int | None = None

    def claim(self) -> None:
        """Have it from now on, unless another tray does. OSError when its file cannot be made."""
        if self._lock is None:
            self._lock = try_lock(self._path)

    def give_up(self) -> None:
        """The gateway cannot be started: whoever can may."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def is_kept(endpoint: Endpoint) -> bool:
    """Whether a tray lives that starts the gateway itself. OSError when that cannot be told."""
    lock = try_lock(endpoint.keeping_path)
    if lock is not None:
        os.close(lock)
    return lock is None


DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP, CREATE_BREAKAWAY_FROM_JOB = 0x8, 0x200, 0x0100_0000
"""winbase.h; ``subprocess`` names them on Windows only."""


class Launch:
    """One attempt to have the application running; with a display that has gone, only its gateway."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._process: subprocess.Popen[bytes] | None = None
        self._headless = False

    def keep_up(self) -> None:
        """Start it, or look after it. ConnectError when it cannot be started or ended with an error."""
        if self._process is None:
            self._start()
        elif self._process.poll() and not self._headless:
            self._headless = True
            self._start()
        elif self._process.poll():
            raise ConnectError(
                "Ostiary did not start", f"It ended with code {self._process.returncode}; try `ostiary doctor`."
            )

    def _start(self) -> None:
        program, session = _recorded(self._endpoint)
        for known in (_chosen(SESSION, os.environ), _user_session):
            if not _has_display(session):
                session = {**(known() if callable(known) else known), **session}
        self._headless = self._headless or not _has_display(session)
        command = [*program, "--headless"] if self._headless else program
        environment = {**_chosen(PERSON, os.environ), **session}
        if self._endpoint.home:
            environment["OSTIARY_HOME"] = self._endpoint.home
        try:
            self._process = _detached(command, environment)
        except OSError as error:
            raise ConnectError("Ostiary could not be started", f"{command[0]}: {error.strerror}") from error


def detached_flags(platform: str, *, may_break_away: bool = True) -> int:
    """How Windows is told to start the application: without a console, and outside the job that a host's end ends."""
    if platform != "win32":
        return 0
    return DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | (CREATE_BREAKAWAY_FROM_JOB if may_break_away else 0)


def _detached(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return _started(command, environment, detached_flags(sys.platform))
    except PermissionError:  # Windows, in a job that nothing may leave: better ended with the host than not there
        return _started(command, environment, detached_flags(sys.platform, may_break_away=False))


def _started(command: list[str], environment: dict[str, str], flags: int) -> subprocess.Popen[bytes]:
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        env=environment,
        cwd=os.path.expanduser("~"),
        creationflags=flags,
        start_new_session=True,  # POSIX; Windows passes it over
    )


def _recorded(endpoint: Endpoint) -> tuple[list[str], dict[str, str]]:
    """What ran last for this home, as long as it is still there; otherwise the program installed beside this one."""
    try:
        noted = json.loads(read_private(endpoint.launch_path))
        program, environment = list(map(str, noted["program"])), dict(noted["environment"])
        if os.access(program[0], os.X_OK):
            return program, _chosen(SESSION, environment)
    except (OSError, ValueError, LookupError, TypeError):
        pass  # never started in this session, or not by a version that we can read
    own = sys.executable if getattr(sys, "frozen", False) else sys.argv[0]
    return [os.path.join(os.path.dirname(os.path.realpath(own)), "ostiary")], {}


def _has_display(environment: Mapping[str, str]) -> bool:
    return sys.platform in ("win32", "darwin") or any(environment.get(name) for name in DISPLAY)


def _user_session() -> dict[str, str]:
    """The desktop's variables as the user's systemd knows them; nothing where there is none."""
    if sys.platform != "linux":
        return {}
    environment = {**os.environ, "XDG_RUNTIME_DIR": f"/run/user/{os.geteuid()}"}
    command = ["systemctl", "--user", "show-environment"]
    try:
        shown = subprocess.run(command, capture_output=True, env=environment, timeout=1, check=True, text=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return _chosen(SESSION, dict(line.split("=", 1) for line in shown.splitlines() if "=" in line))


def _chosen(names: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in names if environment.get(name)}
