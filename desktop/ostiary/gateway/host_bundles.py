"""Joins the hosts and the bundles: one that makes a host start us, without an edit of that host's file."""

from __future__ import annotations

import sys

from ostiary import __version__
from ostiary.control.import_messages import HostBundle
from ostiary.domain.errors import UsageError
from ostiary.gateway.host_files import HostFiles


def host_bundle(hosts: HostFiles, host: str) -> HostBundle:
    """The bundle for a host. Raises ``UsageError`` where it installs none, ``HostFileError`` without our program."""
    if host not in hosts.bundle_hosts():
        others = f"These hosts do: {', '.join(hosts.bundle_hosts())}."
        raise UsageError(f"{hosts.title(host)} installs no bundles", others)
    from ostiary.gateway.bundles.making import made  # with zipfile: 0.4 MB

    shim = hosts.shim(host)
    return HostBundle(file_name="ostiary.mcpb", content=made(shim.program, shim.args, __version__, sys.platform))
