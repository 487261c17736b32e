"""The guard: a small program that starts servers for the gateway and ends them when the gateway is gone. POSIX only.

Run as a file of its own, with the standard library alone. ``posix`` is its other end.

One guard a gateway, one *keeper* a server, forked from the guard::

    gateway ──socket──▶ guard ──fork──▶ keeper ──fork, exec──▶ server ──▶ whatever it starts
       └──────────────control────────────▲

- The guard waits on its stdin, a socket. Each byte there comes with descriptors (the server's control socket, stdin,
  stdout, stderr, and those to inherit) and becomes a keeper. The guard holds nothing: servers survive its death.
- A keeper reads one request from its control socket: its length, then a marshalled ``(cwd, command, environment,
  numbers of inherited descriptors)``, all but the numbers as bytes; both ends are the same interpreter. It answers the
  server's process id, or minus the system's error number, and at the end the exit code (minus a signal's number). A
  number is 4 bytes, signed, big end first. The letter ``T`` asks the server's group to end, ``K`` kills it. When the
  control socket closes, however the gateway died, the keeper does both in turn.
- Whatever is left of a server's group when the server has ended is killed. On Linux a keeper is the subreaper of all
  that its server started, so that what left the group (``setsid``) is found and killed too. Elsewhere that escapes.

Why a process for each server: orphans come to the keeper of their own server and to nobody else's.

Given a module's name, this program is a warm **template** (Linux): it imports that module first, and the servers of its
keepers become what the module does instead of being executed. All else is the same. It leaves when the module's files
are no longer what was imported, which the gateway sees as it sees any lost guard.
"""

from __future__ import annotations

import errno
import fcntl
import importlib
import marshal
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType

assert sys.platform != "win32"

MOST_DESCRIPTORS = 64
"""That come with one byte; Linux passes up to 253."""

PATIENCE_S = 0.7
"""A gateway is gone: so long a server may take to end by the end of its input, and again once it was asked."""

INT_BYTES = 4

_SWEEP_S = 0.005
_LONGEST_SWEEP_S = 1.0

_UNMOVED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""A session's end signals everything at once. The gateway ends its servers in order; the guard waits for that."""

_FOR_SERVERS = tuple(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP})
"""What a shell's background job ignores, and whoever it starts, no server needs to ignore too."""
"""What Python or the guard ignores would stay ignored in a server (POSIX exec)."""

_ORDERS = {ord("T"): signal.SIGTERM, ord("K"): signal.SIGKILL}

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

if sys.platform == "linux":
    import ctypes

    _prctl: Callable[[int, int], int] = ctypes.CDLL(None).prctl

    def _children() -> Iterator[int]:
        """This process's children: its server, and the orphans that came to it."""
        with os.scandir("/proc") as entries:
            for pid in (int(entry.name) for entry in entries if entry.name.isdigit()):
                with suppress(OSError):
                    if _parent(pid) == os.getpid():
                        yield pid

    def _parent(pid: int) -> int:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
        try:
            # "pid (name, which may hold anything) state parent …"
            return int(os.read(fd, 1024).rpartition(b")")[2].split()[1])
        finally:
            os.close(fd)

else:

    def _prctl(_option: int, _value: int) -> int:
        return -1

    def _children() -> Iterator[int]:
        """Nobody's orphans come here."""
        return iter(())


Request = tuple[bytes, tuple[bytes, ...], dict[bytes, bytes], tuple[int, ...]]


class BecomeServerError(BaseException):
    """Leaves the code of the processes that this one was forked from, so that a server ends as any program does."""

    def __init__(self, become: Callable[[], int]) -> None:
        super().__init__()
        self.become = become


def main(template: ModuleType | None) -> None:
    """Turn requests into keepers until the gateway's end of stdin closes. Raises ``BecomeServerError`` in a server."""
    for number in _UNMOVED:
        signal.signal(number, signal.SIG_IGN)
    if template:
        template.warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the keepers
    gateway = socket.socket(fileno=0)
    while True:
        byte, fds = _receive(gateway)
        if not byte or (template and not template.is_current()):
            return
        with suppress(OSError):  # no process to be had: the gateway sees its control socket close
            if os.fork() == 0:
                _to_the_end(_keep, gateway, fds, template)
        for fd in fds:
            os.close(fd)


def _receive(gateway: socket.socket) -> tuple[bytes, list[int]]:
    space = socket.CMSG_LEN(MOST_DESCRIPTORS * INT_BYTES)
    byte, ancillary, _flags, _address = gateway.recvmsg(1, space)
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS)
    fds = [fd for level, kind, data in ancillary if (level, kind) == rights for fd in memoryview(data).cast("i")]
    for fd in fds:
        os.set_inheritable(fd, False)
    return byte, fds


def _to_the_end(work: Callable[..., None], *arguments: object) -> None:
    """Does a forked process's work; it never returns into the code of the process it was forked from."""
    code = 1
    try:
        work(*arguments)
        code = 0
    except BecomeServerError:
        raise
    except BaseException:  # The border of the process; stderr is the gateway's.
        sys.excepthook(*sys.exc_info())
    os._exit(code)


# A keeper


def _keep(gateway: socket.socket, fds: list[int], template: ModuleType | None) -> None:
    gateway.close()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake = _wake_on_exits()
    control = socket.socket(fileno=fds[0])
    request = _read_request(control)
    leader, failure = _start(request, fds[1:], control, template)
    for fd in fds[1:]:
        os.close(fd)
    _tell(control, -failure or leader)
    if failure:
        return
    code = _until_ended(leader, control, wake)
    signal_group(leader, signal.SIGKILL)
    signal_all(_children(), signal.SIGKILL)
    _tell(control, code)
    _sweep()


def _wake_on_exits() -> int:
    """A descriptor that can be read when a child has ended."""
    reading, writing = os.pipe()
    for fd in (reading, writing):
        os.set_blocking(fd, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    return reading


def _read_request(control: socket.socket) -> Request:
    size = int.from_bytes(_read_exactly(control, INT_BYTES), "big", signed=True)
    request: Request = marshal.loads(_read_exactly(control, size))  # noqa: S302  its writer is who started us
    return request


def _read_exactly(control: socket.socket, size: int) -> bytes:
    data = control.recv(size, socket.MSG_WAITALL)
    if len(data) < size:
        raise EOFError("the gateway left in the middle of a request")
    return data


def _start(request: Request, fds: list[int], control: socket.socket, template: ModuleType | None) -> tuple[int, int]:
    """Starts the server. Gives its process id, and the error's number when the system would not."""
    reading, writing = os.pipe()
    try:
        leader = os.fork()
    except OSError as error:
        return 0, error.errno or errno.EAGAIN
    if leader == 0:
        control.close()
        _to_the_end(_become, request, fds, writing, template)
    os.close(writing)
    failure = int(os.read(reading, 16) or b"0")
    os.close(reading)
    if failure:
        os.waitpid(leader, 0)
    return leader, failure


def _become(request: Request, fds: list[int], failed: int, template: ModuleType | None) -> None:
    """Turns this process into the server; comes back only when it cannot be."""
    cwd, command, environment, numbers = request
    try:
        os.setsid()
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a keeper that is killed takes its server with it
        signal.set_wakeup_fd(-1)
        for number in _FOR_SERVERS:
            signal.signal(number, signal.SIG_DFL)
        targets = (0, 1, 2, *numbers)
        first_free = max(targets) + 1
        failed = fcntl.fcntl(failed, fcntl.F_DUPFD_CLOEXEC, first_free)
        sources = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, first_free) for fd in fds]
        for source, target in zip(sources, targets, strict=True):
            os.dup2(source, target)
        os.chdir(cwd)
        if template is None:
            os.execvpe(command[0], command, environment)  # noqa: S606  no shell is wanted
        else:
            _close_all_but(targets)
            raise BecomeServerError(lambda: template.become(command, environment))
    except OSError as error:
        os.write(failed, b"%d" % (error.errno or errno.EINVAL))
    except ValueError:  # a NUL where no system can take one
        os.write(failed, b"%d" % errno.EINVAL)


def _close_all_but(kept: tuple[int, ...]) -> None:
    """What an execution would close."""
    first = 0
    for fd in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        if first < fd:  # CPython takes an empty range for one without an end
            os.closerange(first, fd)
        first = fd + 1


def _until_ended(leader: int, control: socket.socket, wake: int) -> int:
    """Carries out orders until the server has ended; once the gateway is gone, its own. Gives the exit code."""
    poll = select.poll()
    poll.register(wake, select.POLLIN)
    poll.register(control, select.POLLIN)
    due: list[tuple[float, signal.Signals]] = []
    while True:
        span_s = max(0.0, due[0][0] - time.monotonic()) if due else None
        ready = {fd for fd, _events in poll.poll(None if span_s is None else span_s * 1000)}
        if wake in ready:
            os.read(wake, 4096)
            code = _reap(leader)
            if code is not None:
                return code
        if control.fileno() in ready:
            orders = _read_orders(control)
            for order in orders:
                signal_group(leader, _ORDERS[order])
            if not orders:
                poll.unregister(control)
                now = time.monotonic()
                due = [(now + PATIENCE_S, signal.SIGTERM), (now + 2 * PATIENCE_S, signal.SIGKILL)]
        if due and due[0][0] <= time.monotonic():
            signal_group(leader, due.pop(0)[1])


def _read_orders(control: socket.socket) -> bytes:
    try:
        return control.recv(16)
    except ConnectionResetError:
        return b""


def _reap(leader: int) -> int | None:
    """Reaps what has ended. Gives the server's exit code (minus a signal's number) when it is among them.

    Its group is signalled right after. Process ids are given out in turn, so nobody has got this one by then.
    """
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == leader:
                return os.waitstatus_to_exitcode(status)
            if pid == 0:
                break
    return None


def _sweep() -> None:
    """Kills orphans until there are none, however long the system takes to let one go."""
    pause_s = _SWEEP_S
    with suppress(ChildProcessError):
        while True:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            signal_all(_children(), signal.SIGKILL)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_SWEEP_S)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Sends a signal to a whole group. A group that is gone is fine (macOS then says EPERM)."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def signal_all(pids: Iterator[int], number: signal.Signals) -> None:
    """Sends a signal to each process; those that are gone are fine."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _tell(control: socket.socket, number: int) -> None:
    with suppress(OSError):  # the gateway is gone; the server's end goes on without it
        control.sendall(number.to_bytes(INT_BYTES, "big", signed=True))


def _imported(module: str) -> ModuleType:
    """Importing takes time, in which the gateway's end would not be seen."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return importlib.import_module(module)


def _play() -> int:
    """Does what this process is for, whichever it turns out to be. Gives its exit code."""
    template = _imported(sys.argv[1]) if sys.argv[1:] else None
    try:
        main(template)
    except BecomeServerError as server:
        become = server.become
    else:
        return 0
    return become()  # with nothing left of the frames of those it was forked from


if __name__ == "__main__":
    sys.exit(_play())
