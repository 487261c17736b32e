"""Job Objects: all that a server starts on Windows, held together and ended together.

A job is made with ``KILL_ON_JOB_CLOSE``. When its last handle closes, which the gateway's death does however it comes,
the system ends every process in it; nothing leaves it, as breaking away is not allowed. A server is started suspended
and goes on once it is in its job, so that nothing it starts can be outside.

Elsewhere than on Windows ``open_job`` gives a job that does nothing, so that the code around it is tested everywhere.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import Structure, c_int64, c_size_t, c_uint32, c_uint64
from typing import Protocol

KILL_ON_JOB_CLOSE = 0x2000
"""JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE (winnt.h)."""

EXTENDED_LIMITS = 9
"""JobObjectExtendedLimitInformation (winnt.h)."""

ENDED_BY_US = 1
"""The exit code of what a job ends, as TerminateProcess gives it in ``subprocess``."""

_PROCESS_ACCESS = 0x0001 | 0x0100 | 0x0800
"""PROCESS_TERMINATE and PROCESS_SET_QUOTA to be put into a job, PROCESS_SUSPEND_RESUME to go on."""


class BasicLimits(Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", c_int64),
        ("PerJobUserTimeLimit", c_int64),
        ("LimitFlags", c_uint32),
        ("MinimumWorkingSetSize", c_size_t),
        ("MaximumWorkingSetSize", c_size_t),
        ("ActiveProcessLimit", c_uint32),
        ("Affinity", c_size_t),
        ("PriorityClass", c_uint32),
        ("SchedulingClass", c_uint32),
    )


class ExtendedLimits(Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; the six counters of IO_COUNTERS are one field here."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", c_uint64 * 6),
        ("ProcessMemoryLimit", c_size_t),
        ("JobMemoryLimit", c_size_t),
        ("PeakProcessMemoryUsed", c_size_t),
        ("PeakJobMemoryUsed", c_size_t),
    )


def kill_on_close() -> ExtendedLimits:
    """The limits of a job that ends with its last handle, and that nothing breaks away from."""
    limits = ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = KILL_ON_JOB_CLOSE
    return limits


class Job(Protocol):
    """One server's processes."""

    def admit(self, pid: int) -> None:
        """Put a suspended process into the job and let it go on. Raises ``OSError``."""

    def end(self) -> None:
        """End every process in it, at once. One that is closed already has none."""

    def close(self) -> None:
        """End every process in it, and let it go."""


if sys.platform == "win32":
    from ctypes import WinDLL, WinError, byref, get_last_error, sizeof
    from ctypes.wintypes import BOOL, DWORD, HANDLE, LPCWSTR, LPVOID, UINT

    _kernel = WinDLL("kernel32", use_last_error=True)
    _kernel.CreateJobObjectW.argtypes = (LPVOID, LPCWSTR)
    _kernel.CreateJobObjectW.restype = HANDLE
    _kernel.SetInformationJobObject.argtypes = (HANDLE, ctypes.c_int, LPVOID, DWORD)
    _kernel.OpenProcess.argtypes = (DWORD, BOOL, DWORD)
    _kernel.OpenProcess.restype = HANDLE
    _kernel.AssignProcessToJobObject.argtypes = (HANDLE, HANDLE)
    _kernel.TerminateJobObject.argtypes = (HANDLE, UINT)
    _kernel.CloseHandle.argtypes = (HANDLE,)
    _ntdll = WinDLL("ntdll")
    _ntdll.NtResumeProcess.argtypes = (HANDLE,)

    class _WindowsJob:
        def __init__(self) -> None:
            self._handle: int | None = _checked(_kernel.CreateJobObjectW(None, None))
            limits = kill_on_close()
            try:
                _checked(_kernel.SetInformationJobObject(self._handle, EXTENDED_LIMITS, byref(limits), sizeof(limits)))
            except OSError:
                self.close()
                raise

        def admit(self, pid: int) -> None:
            process = _checked(_kernel.OpenProcess(_PROCESS_ACCESS, False, pid))
            try:
                _checked(_kernel.AssignProcessToJobObject(self._handle, process))
                if _ntdll.NtResumeProcess(process) < 0:
                    raise OSError("NtResumeProcess failed")
            finally:
                _kernel.CloseHandle(process)

        def end(self) -> None:
            if self._handle is not None:
                _kernel.TerminateJobObject(self._handle, ENDED_BY_US)

        def close(self) -> None:
            if self._handle is not None:
                _kernel.CloseHandle(self._handle)
                self._handle = None

    def _checked(result: int) -> int:
        if not result:
            raise WinError(get_last_error())
        return result

    def open_job() -> Job:
        """A new job. Raises ``OSError``."""
        return _WindowsJob()

else:

    class _NoJob:
        def admit(self, pid: int) -> None:
            """Nothing is suspended here."""

        def end(self) -> None:
            """There is nothing to end."""

        def close(self) -> None:
            """There is nothing to let go."""

    def open_job() -> Job:
        """A job that does nothing."""
        return _NoJob()
