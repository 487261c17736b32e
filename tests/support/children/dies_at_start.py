"""Says why on stderr and ends before it has read anything."""

import sys

print("loading", file=sys.stderr)
print("cannot read the configuration", file=sys.stderr)
sys.exit(3)
