"""Closes its output and runs on until SIGTERM."""

import os
import signal

os.close(1)
signal.pause()
