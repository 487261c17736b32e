"""PySide6 and the interpreter count references to True and None the same way."""

import subprocess
import sys

EMITS = """
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    fired = Signal(object)

source = Source()
seen = []
source.fired.connect(seen.append)
for _ in range(50_000):
    source.fired.emit(True)
    source.fired.emit(None)
print(len(seen))
"""


def test_a_hundred_thousand_signals_with_true_and_none_leave_the_process_alive() -> None:
    # PySide6 6.12 on Python 3.11 loses a reference at each and aborts; a process of its own keeps the test run alive.
    ended = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "100000\n", "")
