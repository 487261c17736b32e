"""Writes 20 MB to stderr, then says ``done``; ends at the end of its input."""

import sys

line = b"x" * 99 + b"\n"
for _ in range(20):
    sys.stderr.buffer.write(line * 10_000)
sys.stderr.buffer.write(b"the end of the flood\n")
sys.stderr.buffer.flush()
print("done", flush=True)
sys.stdin.buffer.read()
