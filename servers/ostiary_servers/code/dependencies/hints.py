"""Which packages of a graph an advisory speaks of. A hint, no audit: advisories are as old as their list. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostiary_servers.code.advisories.book import AdvisoryBook
from ostiary_servers.code.advisories.records import FROM_THE_START, Advisory
from ostiary_servers.code.dependencies.graph import Graph
from ostiary_servers.code.dependencies.model import Ecosystem
from ostiary_servers.code.dependencies.versions import Order, order_of

NAMES = {
    Ecosystem.PYTHON: "PyPI",
    Ecosystem.JAVASCRIPT: "npm",
    Ecosystem.RUST: "crates.io",
    Ecosystem.GO: "Go",
}
"""What OSV calls our ecosystems."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One package in one version, and an advisory that speaks of it; ``fixed``: the next version that mends it."""

    package: str
    version: str
    fixed: str | None
    advisory: Advisory


def hints(graphs: Sequence[Graph], book: AdvisoryBook) -> list[Hint]:
    """Each once, by package, version and id."""
    chosen = {(graph.project.ecosystem, *each) for graph in graphs for each in _chosen(graph)}
    known = book.about({(NAMES[ecosystem], name) for ecosystem, name, _ in chosen})
    found = {
        (name, version, advisory.id): Hint(name, version, fixed_after(ecosystem, advisory, version), advisory)
        for ecosystem, name, version in chosen
        for advisory in known[NAMES[ecosystem], name]
        if affects(ecosystem, advisory, version)
    }
    return [found[key] for key in sorted(found)]


def affects(ecosystem: Ecosystem, advisory: Advisory, version: str) -> bool:
    """Whether an advisory speaks of a version; of one that cannot be read it does not."""
    at = order_of(ecosystem, version)
    plain = version.removeprefix("v")
    return plain in advisory.versions or any(_holds(ecosystem, each, at) for each in advisory.ranges)


def fixed_after(ecosystem: Ecosystem, advisory: Advisory, version: str) -> str | None:
    """The lowest version above this one in which it is mended; None where none is named."""
    at = order_of(ecosystem, version)
    ends = [name for each in advisory.ranges for event, name in each if event == "fixed"]
    later = [(order, name) for name in ends if at and (order := order_of(ecosystem, name)) and order > at]
    return min(later)[1] if later else None


def _holds(ecosystem: Ecosystem, events: Sequence[tuple[str, str]], at: Order | None) -> bool:
    """OSV schema, evaluation: the last event at or before a version decides."""
    ordered = [(() if name == FROM_THE_START else order_of(ecosystem, name), event) for event, name in events]
    known = [(order, event) for order, event in ordered if order is not None]
    if at is None or len(known) < len(ordered):
        return False
    inside = False
    for order, event in sorted(known):
        match event:
            case "introduced" if order <= at:
                inside = True
            case "fixed" if order <= at:
                inside = False
            case "last_affected" if order < at:
                inside = False
            case _:
                pass
    return inside


def _chosen(graph: Graph) -> Iterator[tuple[str, str]]:
    """Every package that is needed, with its version; a manifest that pins is its own lock file."""
    for key in graph.reachable():
        package = graph.packages[key]
        yield package.name, package.version
    for edge in graph.edges_of(None):
        if edge.target is None and graph.project.manifest.pinned:
            yield edge.name, edge.spec.removeprefix("==")
