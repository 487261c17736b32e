"""Prints things that are no protocol before it answers each line with itself."""

import sys

print("Welcome to the noisy server!\n\n\x1b[32mready\x1b[0m", flush=True)
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
