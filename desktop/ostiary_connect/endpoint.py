"""Where gateway and shim meet: the paths, computed from the user and the home folder only, and the trust in them.

Hosts scrub the environment of what they start, so nothing here reads XDG_RUNTIME_DIR. Written once, for the shim,
the gateway, the commands and the tray.
"""

# pathlib costs too much here: see the package's docstring
# ruff: noqa: PTH103, PTH111, PTH118

import os
import stat
import sys

SOCKET_PATH_LIMIT_BYTES = 100
"""``sun_path`` holds 104 bytes on macOS and 108 on Linux, the closing zero included."""

NAME_BYTES = len("/0123456789abcdef.sock")


class ConnectError(Exception):
    """The gateway cannot be reached or trusted. ``title`` says it, ``detail`` what to do."""

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(f"{title}. {detail}" if detail else title)
        self.title = title
        self.detail = detail


class Endpoint:
    """The files by which one gateway is found: all in one ``folder`` of ours, all with one stem."""

    __slots__ = (
        *("answers_path", "folder", "home", "keeping_path", "key_path", "launch_path", "lock_path"),
        *("socket_path", "start_lock_path"),
    )

    def __init__(self, home: str | None, folder: str, name: str) -> None:
        stem = os.path.join(folder, name)
        self.home = home
        self.folder = folder
        self.socket_path = f"{stem}.sock"
        self.key_path = f"{stem}.key"
        """Port and key of the loopback transport, written by a gateway that uses it."""
        self.lock_path = f"{stem}.lock"
        """Held by the gateway as long as it lives."""
        self.start_lock_path = f"{stem}.start"
        """Held by the shim that starts the application."""
        self.keeping_path = f"{stem}.keeping"
        """Held by the tray as long as it starts the gateway itself, again after each death."""
        self.launch_path = f"{stem}.launch"
        """How the application was last started. Gone with the runtime folder, as the display in it is."""
        self.answers_path = os.path.join(os.path.join(home, "data") if home else _usual_folders()[1], "instant.json")
        """What a shim may answer while no gateway runs: kept over the machine's restarts."""


def home_path(override: str | None = None) -> str | None:
    """The folder under which everything of Ostiary lives, links resolved; None for the usual places."""
    home = override or os.environ.get("OSTIARY_HOME")
    return os.path.realpath(home) if home else None


def locate(override: str | None = None) -> Endpoint:
    """The endpoint of the Ostiary in ``override``, OSTIARY_HOME or the usual places, in this order."""
    home = home_path(override)
    if home:
        beside = Endpoint(home, os.path.join(home, "run"), "gateway")
        if len(os.fsencode(beside.socket_path)) < SOCKET_PATH_LIMIT_BYTES:
            return beside
    return Endpoint(home, _usual_folders()[0], _fingerprint(home or os.path.realpath(os.path.expanduser("~"))))


def uses_tcp() -> bool:
    """Whether gateway and shim meet on a loopback port: on Windows, and where OSTIARY_TRANSPORT asks for it."""
    return sys.platform == "win32" or os.environ.get("OSTIARY_TRANSPORT") == "tcp"


def prepare_folder(endpoint: Endpoint) -> None:
    """Make the endpoint's folder if it is missing. ConnectError when what is there cannot be trusted."""
    try:
        os.makedirs(endpoint.folder, mode=0o700, exist_ok=True)
    except FileExistsError:
        pass  # something else is in the way: told below
    except OSError as error:
        raise ConnectError(f"The folder {endpoint.folder} cannot be made", str(error)) from error
    check_folder(endpoint)


def check_folder(endpoint: Endpoint) -> None:
    """ConnectError unless the endpoint's folder is missing or a real folder that only this user can enter."""
    if os.path.lexists(endpoint.folder) and not _is_private(endpoint.folder):
        raise ConnectError(
            f"The folder {endpoint.folder} cannot be trusted",
            "It is a link, belongs to another user or lets others in. Remove it (or have its owner remove it), "
            "or set OSTIARY_HOME to a folder of your own.",
        )


def _is_private(folder: str) -> bool:
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    if sys.platform == "win32":  # the access list of the profile folder above keeps others out
        return stat.S_ISDIR(status.st_mode)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def usual_folders(
    platform: str, home: str, local_app_data: str | None, uid: int, *, has_run_folder: bool
) -> tuple[str, str]:
    """Where a gateway is found, and what shims find in whatever environment, where nothing is moved. Pure.

    ``platform`` is as ``sys.platform``, ``home`` the person's folder; the second is the application's own.
    """
    if platform == "win32":
        local = local_app_data or rf"{home}\AppData\Local"
        return rf"{local}\Ostiary\run", rf"{local}\ostiary"
    shared = f"/tmp/ostiary-{uid}"  # noqa: S108 - anybody can make this one; check_folder tells
    if platform == "darwin":
        caches = f"{home}/Library/Caches/ostiary"
        fits = len(os.fsencode(caches)) < SOCKET_PATH_LIMIT_BYTES - NAME_BYTES
        return caches if fits else shared, f"{home}/Library/Application Support/ostiary"
    return f"/run/user/{uid}/ostiary" if has_run_folder else shared, f"{home}/.local/share/ostiary"


def _usual_folders() -> tuple[str, str]:
    home, local = os.path.expanduser("~"), os.environ.get("LOCALAPPDATA")
    if sys.platform == "win32":
        return usual_folders(sys.platform, home, local, 0, has_run_folder=False)
    uid = os.geteuid()
    return usual_folders(sys.platform, home, local, uid, has_run_folder=_is_private(f"/run/user/{uid}"))


def _fingerprint(path: str) -> str:
    import hashlib

    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
