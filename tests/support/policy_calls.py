"""Calls as the rules look at them."""

from typing import Final

from ostiary.domain.server import ServerOrigin
from ostiary.gateway.policy.call import Call

WRITE: Final = Call(
    host="cursor",
    host_verified=True,
    session=1,
    server="files",
    server_identity="s1",
    origin=ServerOrigin.BUNDLED,
    tool="write_file",
    definition="d1",
)
"""A verified host's call of a bundled server's tool, with nothing in it yet."""
