"""Takes no notice of the end of its input nor of SIGTERM; only SIGKILL ends it."""

import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
