"""Bringing in servers that hosts have in their files: what is asked for, what would happen, and what was done.

These travel over the control protocol. No value that looks like a secret is in any of them but in what was pasted.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from ostiary.domain.host import HostChange


class AnswerKind(StrEnum):
    """What kind of value a bundle asks for (MCPB manifest, ``user_config``)."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DIRECTORY = "directory"
    FILE = "file"


class Wanted(Struct, frozen=True, kw_only=True):
    """A value that a bundle asks the person for, under its ``key``. With ``multiple`` it is one a line.

    A ``sensitive`` one goes to the keyring. ``default`` is in the form of an answer.
    """

    key: str
    title: str
    description: str = ""
    kind: AnswerKind = AnswerKind.STRING
    required: bool = False
    sensitive: bool = False
    multiple: bool = False
    default: str = ""


class ImportRequest(Struct, frozen=True, kw_only=True):
    """Where to look, and what to take.

    ``hosts`` are names of hosts; none, no ``pasted`` text and no ``file`` means all that are here. ``file`` is the full
    path of a project's file or of a bundle (``.mcpb``), ``answers`` what a bundle asked for, by key. ``names`` are
    those of candidates; none means every one that can be brought in. With ``replace`` the entries in the hosts' files
    give way to ours.
    """

    hosts: tuple[str, ...] = ()
    pasted: str = ""
    file: str = ""
    answers: dict[str, str] = {}
    names: tuple[str, ...] = ()
    replace: bool = False

    def __repr__(self) -> str:
        """A pasted block and answers may hold secrets, and a representation ends up in logs and questions."""
        pasted = f"{len(self.pasted)} characters" if self.pasted else "nothing"
        told = f"pasted={pasted}, file={self.file!r}, answers to {list(self.answers)}"
        return f"ImportRequest({self.hosts}, {told}, names={self.names}, replace={self.replace})"


class Candidate(Struct, frozen=True, kw_only=True):
    """A server that was found. ``found_in`` are the titles of all places that have the very same.

    ``command`` and ``environment`` are exact but for values that look like secrets, which are masked. ``secrets`` maps
    the name under which a value would be kept in the keyring to the variable or the argument it stands in. ``wanted``
    is what a bundle asks for. ``note`` is what to know before saying yes. ``problem`` says why it cannot be brought in,
    empty where it can; ``chosen`` whether it would be.
    """

    name: str
    found_in: tuple[str, ...]
    command: tuple[str, ...]
    title: str = ""
    description: str = ""
    wanted: tuple[Wanted, ...] = ()
    note: str = ""
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
    """What an import did, or what its undo took back; ``kept`` are sentences about what that left as it is."""

    servers: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    changes: tuple[HostChange, ...] = ()
    kept: tuple[str, ...] = ()


class ImportProgress(Struct, frozen=True, kw_only=True):
    """How far the bundles are that are read or unpacked at this moment; no ``total_bytes`` where there is none."""

    done_bytes: int = 0
    total_bytes: int = 0
