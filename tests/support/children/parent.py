"""Starts a process of its own that never ends, prints that one's id, and itself ends politely."""

import subprocess
import sys

grandchild = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(grandchild.pid, flush=True)
sys.stdin.buffer.read()
