"""``analyze_dependency_tree``: the projects of a repository, their graphs, and what is wrong in them."""

from collections.abc import Iterator

from ostiary_servers.code.advisories.book import Source
from ostiary_servers.code.advisories.records import SUMMARY_LIMIT
from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.arguments import AnalyzeDependencyTree
from ostiary_servers.code.dependencies.answers import (
    AdvisorySource,
    Conflict,
    DependencyTree,
    DirectDependency,
    ManifestRead,
    TreeLine,
    Unread,
    Vulnerability,
)
from ostiary_servers.code.dependencies.findings import Finding, Kind, findings, label
from ostiary_servers.code.dependencies.graph import Graph, graph_of
from ostiary_servers.code.dependencies.hints import Hint, hints
from ostiary_servers.code.dependencies.model import Ecosystem, Edge, Package, Scope
from ostiary_servers.code.dependencies.projects import Project, find_projects
from ostiary_servers.code.dependencies.python_names import normal
from ostiary_servers.code.plain import one_line
from ostiary_servers.code.repositories import Repository, scope_of
from ostiary_servers.code.work import step
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import fitting_prefix
from ostiary_servers.common.display import on_one_line

SHOWN_DIRECT = 100
SHOWN_LINES = 150
SHOWN_CONFLICTS = 40
SHOWN_REQUIRERS = 6
SHOWN_VERSIONS = 20
SHOWN_WAYS = 10
SHOWN_STEPS = 30
NAME_LIMIT = 150

SHOWN_HINTS = 40


def analyze_dependency_tree(analysis: Analysis, call: AnalyzeDependencyTree) -> Answer:
    """The dependencies in a scope. No manifest is no error."""
    scope = scope_of(analysis.gate, call.path)
    found = find_projects(scope, Ecosystem(call.ecosystem) if call.ecosystem else None)
    graphs = []
    for number, project in enumerate(found.projects):
        step(number, len(found.projects), f"Following {project.path}")
        graphs.append(graph_of(project, include_dev=call.include_dev))
    faults = {graph.project.path: findings(graph) for graph in graphs}
    repository = scope.repository
    direct = [each for graph in graphs for each in _direct(graph, repository)]
    lines = list(_lines(graphs, call.depth))
    conflicts = [each for several in faults.values() for each in several]
    hinted = hints(graphs, analysis.advisories)
    sources = analysis.advisories.sources()
    result = DependencyTree(
        path=repository.shown(scope.relative),
        ecosystems=sorted({project.ecosystem for project in found.projects}),
        manifests=[_manifest(graph, faults[graph.project.path], repository) for graph in graphs],
        manifests_left_out=found.left_out,
        direct=direct[:SHOWN_DIRECT],
        direct_total=len(direct),
        transitive_count=len(set().union(*map(_transitive, graphs))),
        transitive_known=all(graph.project.lock is not None for graph in graphs),
        tree=[] if call.package else lines[:SHOWN_LINES],
        tree_truncated=len(lines) > SHOWN_LINES,
        why=_why(graphs, call.package) if call.package else [],
        conflicts=[_conflict(each) for each in dict.fromkeys(conflicts)][:SHOWN_CONFLICTS],
        conflicts_total=len(set(conflicts)),
        vulnerabilities=[_vulnerability(each) for each in hinted[:SHOWN_HINTS]],
        vulnerabilities_total=len(hinted),
        advisories=[AdvisorySource(name=s.name, as_of=s.as_of, count=s.count, problem=s.problem) for s in sources],
        unread=[Unread(path=repository.shown(path), reason=reason) for path, reason in found.unread],
        notes=[*map(_about, sources), *_notes(found.projects)],
    )
    return Answer(fitting_prefix(_text(result, call.package)), result)


def _manifest(graph: Graph, faults: list[Finding], repository: Repository) -> ManifestRead:
    project = graph.project
    fresh = None if project.lock is None else not any(each.kind is Kind.LOCK_DRIFT for each in faults)
    return ManifestRead(
        path=repository.shown(project.path),
        ecosystem=project.ecosystem,
        lock_path=repository.shown(project.lock_path) if project.lock else None,
        lock_fresh=fresh,
    )


def _direct(graph: Graph, repository: Repository) -> Iterator[DirectDependency]:
    lines = {asked.name: asked.line for asked in graph.project.manifest.requirements}
    for edge in filter(_is_direct, graph.edges_of(None)):
        yield DirectDependency(
            name=one_line(edge.name, NAME_LIMIT),
            spec=one_line(edge.spec, NAME_LIMIT),
            resolved=one_line(_version(graph, edge), NAME_LIMIT) or None,
            scope=edge.scope,
            manifest=repository.shown(graph.project.path),
            line=lines.get(edge.name, 0),
        )


def _version(graph: Graph, edge: Edge) -> str:
    if edge.target is not None:
        return graph.packages[edge.target].version
    return edge.spec.removeprefix("==") if graph.project.manifest.pinned else ""


def _transitive(graph: Graph) -> set[str]:
    edges = graph.edges_of(None)
    direct = {edge.target for edge in filter(_is_direct, edges)}
    followed = {label(graph.packages[key]) for key in graph.reachable() if key not in direct}
    return followed | {f"{edge.name} {edge.spec}" for edge in edges if edge.target is None and not _is_direct(edge)}


def _is_direct(edge: Edge) -> bool:
    """go.mod lists what only others ask for as well."""
    return edge.scope is not Scope.INDIRECT


def _lines(graphs: list[Graph], depth: int) -> Iterator[TreeLine]:
    for graph in graphs:
        shown: set[str] = set()
        stack = [(0, edge) for edge in reversed(graph.edges_of(None))]
        while stack:
            level, edge = stack.pop()
            repeated = edge.target in shown and bool(graph.edges_of(edge.target))
            name = label(graph.packages[edge.target]).rsplit(" ", 1)[0] if edge.target else edge.name
            version = _version(graph, edge)
            yield TreeLine(
                depth=level,
                name=one_line(name, NAME_LIMIT),
                version=one_line(version or edge.spec, NAME_LIMIT),
                scope=edge.scope,
                repeated=repeated,
            )
            if edge.target is not None and not repeated and level + 1 < depth:
                shown.add(edge.target)
                stack += [(level + 1, deeper) for deeper in reversed(graph.edges_of(edge.target))]


def _why(graphs: list[Graph], package: str) -> list[list[str]]:
    ways = []
    for graph in graphs:
        name = normal(package) if graph.project.ecosystem is Ecosystem.PYTHON else package
        ways += [[graph.project.path, *_steps(way)] for way in graph.ways_to(name, SHOWN_WAYS)]
        if not graph.packages:
            ways += [
                [graph.project.path, one_line(f"{edge.name} {edge.spec}", NAME_LIMIT)]
                for edge in graph.edges_of(None)
                if edge.name == name
            ]
    return ways[:SHOWN_WAYS]


def _steps(way: list[Package]) -> list[str]:
    """A long way without its middle."""
    shown = [one_line(label(each), NAME_LIMIT) for each in way]
    if len(shown) <= SHOWN_STEPS:
        return shown
    half = SHOWN_STEPS // 2
    return [*shown[:half], f"… {len(shown) - 2 * half} more …", *shown[-half:]]


def _conflict(finding: Finding) -> Conflict:
    return Conflict(
        kind=finding.kind,
        name=one_line(finding.name, NAME_LIMIT),
        versions=_some(finding.versions, SHOWN_VERSIONS),
        requirers=_some(finding.requirers, SHOWN_REQUIRERS),
    )


def _some(texts: tuple[str, ...], limit: int) -> list[str]:
    more = [f"… and {len(texts) - limit} more"] if len(texts) > limit else []
    return [one_line(each, NAME_LIMIT) for each in texts[:limit]] + more


def _vulnerability(hint: Hint) -> Vulnerability:
    return Vulnerability(
        id=one_line(hint.advisory.id, NAME_LIMIT),
        aliases=[one_line(each, NAME_LIMIT) for each in hint.advisory.aliases[:SHOWN_REQUIRERS]],
        package=one_line(hint.package, NAME_LIMIT),
        version=one_line(hint.version, NAME_LIMIT),
        fixed=one_line(hint.fixed, NAME_LIMIT) if hint.fixed else None,
        severity=one_line(hint.advisory.severity, NAME_LIMIT),
        summary=one_line(hint.advisory.summary, SUMMARY_LIMIT),
    )


def _about(source: Source) -> str:
    """What a list of advisories is worth, in every answer: one that is old or small says little by saying nothing."""
    day = f"nothing newer than {source.as_of} is in them" if source.as_of else "of unknown age"
    known = f"{source.count} advisories ({source.name}; {day})"
    return f"Vulnerabilities are hints and no audit, from {known}. {source.problem}".rstrip()


def _notes(projects: list[Project]) -> list[str]:
    notes = []
    if any(project.ecosystem is Ecosystem.GO for project in projects):
        notes.append("Go: which module asks for which is not in go.mod; indirect ones are listed as such.")
    if any(
        project.lock is not None and project.lock.flat and project.ecosystem is Ecosystem.PYTHON for project in projects
    ):
        notes.append("A lock file here does not record who asks for what, so its tree has one level.")
    return notes


def _text(result: DependencyTree, package: str | None) -> str:
    count = len(result.manifests)
    unknown = "" if result.transitive_known else ", and more that no lock file tells of"
    lines = [
        f"{on_one_line(result.path)}: {count} manifest{'' if count == 1 else 's'} "
        f"({', '.join(result.ecosystems) or 'none'}), "
        f"{result.direct_total} direct and {result.transitive_count} transitive dependencies{unknown}."
    ]
    for each in result.manifests:
        state = {True: "in step with", False: "out of step with", None: "no lock file"}[each.lock_fresh]
        lines.append(f"  {on_one_line(each.path)}: {state} {on_one_line(each.lock_path or '')}".rstrip())
    lines += [f"Not read: {on_one_line(each.path)}. {each.reason}" for each in result.unread]
    if package:
        lines += [" → ".join(map(on_one_line, way)) for way in result.why] or [_not_needed(package, result)]
    if result.conflicts:
        lines.append(f"Conflicts ({len(result.conflicts)} of {result.conflicts_total}):")
        lines += [
            f"  {each.kind}: {each.name} {', '.join(each.versions)} ({'; '.join(each.requirers)})"
            for each in result.conflicts
        ]
    if result.vulnerabilities:
        lines.append(f"Known vulnerabilities ({len(result.vulnerabilities)} of {result.vulnerabilities_total}):")
        lines += [
            f"  {each.package} {each.version}: {each.id} {each.severity}, "
            f"mended in {each.fixed or 'no version named'}: {each.summary}"
            for each in result.vulnerabilities
        ]
    lines += [
        f"{'  ' * each.depth}{each.name} {each.version} [{each.scope}]{' (see above)' if each.repeated else ''}"
        for each in result.tree
    ]
    lines += ["[The tree is cut; ask with path, ecosystem or a smaller depth.]"] if result.tree_truncated else []
    return "\n".join([*lines, *result.notes])


def _not_needed(package: str, result: DependencyTree) -> str:
    if result.transitive_known:
        return f"{package} is not needed here."
    return f"{package} is not asked for here. Whether something that is asked for needs it, no lock file tells."
