"""One project's dependencies as a graph: what it asks for itself, and what follows from that. Pure."""

from collections import deque
from dataclasses import dataclass

from ostiary_servers.code.dependencies.model import Ecosystem, Edge, Package, Requirement, Scope
from ostiary_servers.code.dependencies.projects import Project
from ostiary_servers.code.dependencies.versions import satisfies


@dataclass(frozen=True, slots=True)
class Graph:
    """``direct`` are the edges of the project itself; ``packages`` all that its lock file holds."""

    project: Project
    direct: tuple[Edge, ...]
    packages: dict[str, Package]
    include_dev: bool

    def edges_of(self, key: str | None) -> list[Edge]:
        """The edges that count out of a package; None stands for the project."""
        edges = self.direct if key is None else self.packages[key].edges
        return [edge for edge in edges if self.include_dev or not self._is_dev(edge)]

    def reachable(self) -> dict[str, int]:
        """Every package that is needed, with its distance from the project; cycles end where they began."""
        distances: dict[str, int] = {}
        pending: deque[tuple[str | None, int]] = deque([(None, 0)])
        while pending:
            key, distance = pending.popleft()
            for edge in self.edges_of(key):
                if edge.target is not None and edge.target not in distances:
                    distances[edge.target] = distance + 1
                    pending.append((edge.target, distance + 1))
        return distances

    def ways_to(self, name: str, limit: int) -> list[list[Package]]:
        """A shortest way from the project to each version of a package."""
        before: dict[str, str | None] = {}
        pending: deque[str | None] = deque([None])
        while pending:
            key = pending.popleft()
            for edge in self.edges_of(key):
                if edge.target is not None and edge.target not in before:
                    before[edge.target] = key
                    pending.append(edge.target)
        found = [key for key in before if name in {self.packages[key].name, self.packages[key].alias}]
        return [self._way(key, before) for key in found[:limit]]

    def _way(self, key: str, before: dict[str, str | None]) -> list[Package]:
        way: list[Package] = []
        at: str | None = key
        while at is not None:
            way.append(self.packages[at])
            at = before[at]
        return way[::-1]

    def _is_dev(self, edge: Edge) -> bool:
        if edge.scope is Scope.BUILD:
            return self.project.ecosystem is Ecosystem.PYTHON
        return edge.scope is Scope.DEV


def graph_of(project: Project, *, include_dev: bool) -> Graph:
    """The graph; without a lock file it has only the project's own edges, which lead nowhere."""
    packages = project.lock.packages if project.lock else {}
    member = project.member
    named = project.lock.by_name() if project.lock else {}
    asked = {each.name: each for each in project.manifest.requirements}
    if member is not None:
        direct = [_scoped(edge, asked.get(edge.name)) for edge in packages[member].edges]
        known = {edge.name for edge in direct}
        direct += [
            _chosen(project.ecosystem, each, named)
            for each in asked.values()
            if each.name not in known and each.scope is Scope.BUILD
        ]
    else:
        direct = [_chosen(project.ecosystem, each, named) for each in project.manifest.requirements]
    return Graph(project, tuple(direct), packages, include_dev)


def _scoped(edge: Edge, asked: Requirement | None) -> Edge:
    """Cargo.lock does not say what a dependency is for; the manifest does."""
    if asked is None:
        return edge
    return Edge(
        edge.name, edge.spec or asked.spec, edge.target, asked.scope if edge.scope is Scope.RUNTIME else edge.scope
    )


def _chosen(ecosystem: Ecosystem, asked: Requirement, named: dict[str, list[Package]]) -> Edge:
    found = named.get(asked.name, [])
    fitting = [each for each in found if satisfies(ecosystem, asked.spec, each.version)]
    exact = [each for each in found if each.version == asked.spec]
    target = next((each.key for each in [*exact, *fitting, *found]), None)
    return Edge(asked.name, asked.spec, target, asked.scope)
