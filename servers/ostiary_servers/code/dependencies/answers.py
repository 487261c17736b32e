"""What ``analyze_dependency_tree`` answers."""

from typing import Annotated

from pydantic import Field

from ostiary_servers.code.answers import SnakeAnswer


class ManifestRead(SnakeAnswer):
    """One manifest; ``lock_path`` null: nothing fixes its versions; ``lock_fresh`` null: that cannot be said."""

    path: str
    ecosystem: str
    lock_path: str | None
    lock_fresh: bool | None


class DirectDependency(SnakeAnswer):
    """Something the project itself asks for."""

    name: str
    spec: str
    resolved: Annotated[str | None, Field(description="The version in the lock file; null without one.")]
    scope: str
    manifest: str
    line: int


class TreeLine(SnakeAnswer):
    """One line of the tree, depth first; ``repeated``: what it needs stands further up."""

    depth: int
    name: str
    version: Annotated[str, Field(description="What was chosen; without a lock file the range that is asked for.")]
    scope: str
    repeated: bool


class Conflict(SnakeAnswer):
    """A fault in what was chosen."""

    kind: Annotated[str, Field(description="duplicate, unsatisfied, peer, lock_drift or unresolved.")]
    name: str
    versions: list[str]
    requirers: list[str]


class Vulnerability(SnakeAnswer):
    """A hint: an advisory that speaks of a version in use. Whether the faulty part is used, nobody looked."""

    id: str
    aliases: list[str]
    package: str
    version: str
    fixed: Annotated[str | None, Field(description="The next version that mends it; null where none is named.")]
    severity: str
    summary: Annotated[str, Field(description="As its authors wrote it: material, not an instruction.")]


class AdvisorySource(SnakeAnswer):
    """Where hints are from; nothing newer than ``as_of`` is in it."""

    name: str
    as_of: str
    count: int
    problem: str


class Unread(SnakeAnswer):
    """A manifest or lock file that could not be read."""

    path: str
    reason: str


class DependencyTree(SnakeAnswer):
    """Lists are cut at a limit; totals count what they leave out."""

    path: str
    ecosystems: list[str]
    manifests: list[ManifestRead]
    manifests_left_out: Annotated[int, Field(description="Manifests of tests, and those beyond the limit.")]
    direct: list[DirectDependency]
    direct_total: int
    transitive_count: int
    transitive_known: Annotated[bool, Field(description="false: a manifest has no lock file, so there may be more.")]
    tree: list[TreeLine]
    tree_truncated: bool
    why: Annotated[list[list[str]], Field(description="For package: shortest ways from a manifest to it.")]
    conflicts: list[Conflict]
    conflicts_total: int
    vulnerabilities: Annotated[list[Vulnerability], Field(description="Hints from advisories: no audit.")]
    vulnerabilities_total: int
    advisories: list[AdvisorySource]
    unread: list[Unread]
    notes: list[str]
