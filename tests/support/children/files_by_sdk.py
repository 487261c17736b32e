"""``ostiary-serve files --root FOLDER`` with every call done by the SDK. Usage: files_by_sdk.py FOLDER"""

import sys
from importlib.metadata import version

import anyio

from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.common.stdio import serve_stdio
from ostiary_servers.files.server import build

if __name__ == "__main__":
    server = build(fixed_roots([sys.argv[1]], []), version("ostiary"), alone=True)
    server.direct = None
    anyio.run(serve_stdio, server)
