"""The C library's heap, each time in an interpreter of its own."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's heap is looked after")

TIMEOUT_S = 60
BLOCK_BYTES = 100_000
"""Below what is mapped by itself, and so given back at once."""

READING = f"""
import re, threading
from pathlib import Path
from ostiary.gateway import heap

def status_kib(field):
    return int(re.search(rf"{{field}}:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

def blocks(count):
    return [bytes(bytearray({BLOCK_BYTES})) for _ in range(count)]
"""


def said_by(code: str) -> int:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", READING + code], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)


def test_what_is_free_is_given_back_though_something_above_it_is_still_used() -> None:
    given_back_kib = said_by("""
many, last = blocks(400), blocks(1)
del many
before = status_kib("VmRSS")
heap.give_back()
print(before - status_kib("VmRSS"))
""")

    assert given_back_kib > 300 * BLOCK_BYTES // 1024


def test_a_thread_takes_its_memory_from_where_all_others_do() -> None:
    reserved_kib = said_by("""
heap.share()
threading.stack_size(1 << 20)
before = status_kib("VmSize")
ended = threading.Event()
thread = threading.Thread(target=lambda: (blocks(4), ended.wait()))
thread.start()
reserved = status_kib("VmSize") - before
ended.set()
thread.join()
print(reserved)
""")

    assert reserved_kib < 32 << 10, "glibc reserves 64 MiB for an arena"


def test_what_long_messages_free_is_found_again_by_the_next_until_it_is_given_back() -> None:
    rounds = """
import resource

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        long = [bytes(bytearray(1_000_000)) for _ in range(4)]
        del long
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

"""
    assert said_by(rounds + "heap.keep(); faults(); print(faults())") < 100
    assert said_by(rounds + "heap.keep(); faults(); heap.give_back(); print(faults())") > 1_000


def test_what_was_kept_for_long_messages_is_given_back_as_well() -> None:
    given_back_kib = said_by("""
heap.keep()
long = [bytes(bytearray(1_000_000)) for _ in range(8)]
del long
before = status_kib("VmRSS")
heap.give_back()
print(before - status_kib("VmRSS"))
""")

    assert given_back_kib > 6_000
