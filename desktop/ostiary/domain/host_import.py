"""Bringing in servers that hosts have in their files: what is asked for, what would happen, and what was done.

These travel over the control protocol. No value that looks like a secret is in any of them but in what was pasted.
"""

from __future__ import annotations

from msgspec import Struct

from ostiary.domain.host import HostChange


class ImportRequest(Struct, frozen=True, kw_only=True):
    """Where to look, and what to take.

    ``hosts`` are names of hosts; none and no ``pasted`` text means all that are here. ``names`` are those of
    candidates; none means every one that can be brought in. With ``replace`` the entries in the hosts' files give way
    to ours.
    """

    hosts: tuple[str, ...] = ()
    pasted: str = ""
    names: tuple[str, ...] = ()
    replace: bool = False

    def __repr__(self) -> str:
        """A pasted block may hold secrets, and a representation ends up in logs and questions."""
        pasted = f"{len(self.pasted)} characters" if self.pasted else "nothing"
        return f"ImportRequest({self.hosts}, pasted={pasted}, names={self.names}, replace={self.replace})"


class Candidate(Struct, frozen=True, kw_only=True):
    """A server that was found. ``found_in`` are the titles of all places that have the very same.

    ``command`` and ``environment`` are exact but for values that look like secrets, which are masked. ``secrets`` maps
    the name under which a value would be kept in the keyring to the variable it stands in. ``problem`` says why it
    cannot be brought in, empty where it can; ``chosen`` whether it would be.
    """

    name: str
    found_in: tuple[str, ...]
    command: tuple[str, ...]
    environment: dict[str, str] = {}
    secrets: dict[str, str] = {}
    problem: str = ""
    chosen: bool = False


class ImportPlan(Struct, frozen=True, kw_only=True):
    """What an import would do; ``changes`` are those to hosts' files. Made only with its ``token``."""

    candidates: tuple[Candidate, ...]
    changes: tuple[HostChange, ...] = ()
    unread: tuple[str, ...] = ()
    token: str


class Imported(Struct, frozen=True, kw_only=True):
    """What an import did, which is what its undo takes back."""

    servers: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    changes: tuple[HostChange, ...] = ()
