"""The shim that a host starts: it finds the gateway and connects the host to it. Standard library only.

One of these processes lives beside every host, so its start and its memory count: it does without ``pathlib``,
``typing`` and ``dataclasses`` (measured: 3 to 10 ms each, of 19 ms in all) and imports late what few ways need.
"""

VERSION = "0.1.0"
"""The same as ``ostiary.__version__`` (a test compares them): nothing of the application is imported here."""
