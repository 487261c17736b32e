"""Prints its environment, folder and process group as one line of JSON; ends at the end of its input."""

import json
import os
import sys
from pathlib import Path

print(json.dumps({"env": dict(os.environ), "cwd": str(Path.cwd()), "leads": os.getpgrp() == os.getpid()}), flush=True)
sys.stdin.buffer.read()
