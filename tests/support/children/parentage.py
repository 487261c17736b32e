"""Prints the command line of its keeper; ends at the end of its input."""

import os
import sys
from pathlib import Path

print(Path(f"/proc/{os.getppid()}/cmdline").read_text(), flush=True)
sys.stdin.buffer.read()
