"""Starts a process that leaves the group and keeps the pipes open, prints its id, and itself ends politely."""

import subprocess
import sys

escaped = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
print(escaped.pid, flush=True)
sys.stdin.buffer.read()
