"""The structures that Windows reads, as winnt.h lays them out for 64 bits."""

import ctypes

from ostiary.gateway.supervise.jobs import BasicLimits, ExtendedLimits, kill_on_close


def test_structures_have_the_sizes_and_places_of_the_system() -> None:
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert BasicLimits.LimitFlags.offset == 16
    assert ExtendedLimits.IoInfo.offset == 64
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112


def test_a_job_ends_with_its_last_handle_and_limits_nothing_else() -> None:
    limits = kill_on_close()
    assert bytes(limits)[16:20] == (0x2000).to_bytes(4, "little")
    assert bytes(limits)[:16] + bytes(limits)[20:] == bytes(140)
