"""What is wrong in a graph: versions twice, ranges that are not met, peers, and a lock file that lags behind. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ostiary_servers.code.dependencies.graph import Graph
from ostiary_servers.code.dependencies.model import Ecosystem, Package, Scope
from ostiary_servers.code.dependencies.versions import satisfies


class Kind(StrEnum):
    """What sort of fault it is."""

    DUPLICATE = "duplicate"
    UNSATISFIED = "unsatisfied"
    PEER = "peer"
    LOCK_DRIFT = "lock_drift"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, with the versions there are and who asks for what."""

    kind: Kind
    name: str
    versions: tuple[str, ...]
    requirers: tuple[str, ...]


def findings(graph: Graph) -> list[Finding]:
    """In a fixed order."""
    found = {*_duplicates(graph), *_edges(graph), *_drift(graph)}
    return sorted(found, key=lambda each: (list(Kind).index(each.kind), each.name, each.versions, each.requirers))


def _duplicates(graph: Graph) -> Iterator[Finding]:
    by_name: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key in [None, *graph.reachable()]:
        for edge in graph.edges_of(key):
            if edge.target is not None:
                target = graph.packages[edge.target]
                by_name[target.name][target.version].add(f"{_who(graph, key)} asks for {edge.spec or 'any'}")
    for name, versions in by_name.items():
        if len(versions) > 1:
            requirers = tuple(sorted(each for asked in versions.values() for each in asked))
            yield Finding(Kind.DUPLICATE, name, tuple(sorted(versions)), requirers)


def _edges(graph: Graph) -> Iterator[Finding]:
    """Edges that lead nowhere, or to a version outside their range. The project's own are drift, told there."""
    if graph.project.lock is None or graph.project.lock.flat:
        return
    for key in graph.reachable():
        for edge in graph.edges_of(key):
            who = (f"{_who(graph, key)} asks for {edge.spec or 'any'}",)
            if edge.target is None:
                if edge.scope is not Scope.OPTIONAL:
                    yield Finding(Kind.PEER if edge.scope is Scope.PEER else Kind.UNRESOLVED, edge.name, (), who)
                continue
            target = graph.packages[edge.target]
            if satisfies(graph.project.ecosystem, edge.spec, target.version) is False:
                kind = Kind.PEER if edge.scope is Scope.PEER else Kind.UNSATISFIED
                yield Finding(kind, edge.name, (target.version,), who)


def _drift(graph: Graph) -> Iterator[Finding]:
    """What the manifest asks for and the lock file does not give, and what it still gives."""
    project = graph.project
    if project.lock is None:
        return
    named = project.lock.by_name()
    chosen: dict[str, list[Package]] = defaultdict(list)
    for edge in graph.direct:
        if edge.target is not None:
            chosen[edge.name].append(graph.packages[edge.target])
    for asked in project.manifest.requirements:
        found = chosen[asked.name] or named.get(asked.name, [])
        if asked.scope is Scope.BUILD and project.ecosystem is Ecosystem.PYTHON:
            continue
        if not found:
            if not asked.marker and asked.scope not in {Scope.OPTIONAL, Scope.PEER, Scope.INDIRECT}:
                yield Finding(Kind.LOCK_DRIFT, asked.name, (), (f"{project.path} asks for {asked.spec or 'any'}",))
        elif all(satisfies(project.ecosystem, asked.spec, each.version) is False for each in found):
            versions = tuple(sorted(each.version for each in found))
            yield Finding(Kind.LOCK_DRIFT, asked.name, versions, (f"{project.path} asks for {asked.spec}",))
    yield from _left_over(graph)


def _left_over(graph: Graph) -> Iterator[Finding]:
    if graph.project.member is None:
        return
    names = {asked.name for asked in graph.project.manifest.requirements}
    for edge in graph.direct:
        target = graph.packages.get(edge.target or "")
        if edge.name not in names and (target is None or not {target.name, target.alias} & names):
            versions = (target.version,) if target else ()
            yield Finding(Kind.LOCK_DRIFT, edge.name, versions, (f"{graph.project.path} no longer asks for it",))


def _who(graph: Graph, key: str | None) -> str:
    return graph.project.path if key is None else label(graph.packages[key])


def label(package: Package) -> str:
    """Name and version on one line."""
    name = f"{package.alias} = {package.name}" if package.alias else package.name
    return f"{name} {package.version}".strip()
