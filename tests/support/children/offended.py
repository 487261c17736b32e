"""Ends at its first line, without a word, as servers do that do not know the first request."""

import sys

sys.stdin.buffer.readline()
