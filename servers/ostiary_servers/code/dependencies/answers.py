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
    version: str
    scope: str
    repeated: bool


class Conflict(SnakeAnswer):
    """A fault in what was chosen."""

    kind: Annotated[str, Field(description="duplicate, unsatisfied, peer, lock_drift or unresolved.")]
    name: str
    versions: list[str]
    requirers: list[str]


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
    tree: list[TreeLine]
    tree_truncated: bool
    why: Annotated[list[list[str]], Field(description="For package: shortest ways from a manifest to it.")]
    conflicts: list[Conflict]
    conflicts_total: int
    unread: list[Unread]
    notes: list[str]
