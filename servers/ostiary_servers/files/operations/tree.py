"""``directory_tree``: what is below a folder, each level whole before the next, as much as fits.

Level by level, because in an answer that must end somewhere the top of a tree says more than its first branch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.common.display import displayable, on_one_line
from ostiary_servers.common.glob import Glob
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.files.answers import Kind, Tree, TreeEntry
from ostiary_servers.files.arguments import DirectoryTree
from ostiary_servers.files.operations.walking import Found, Ignore, Names, Walk

DEPTH_LIMIT = 40
"""Readers of JSON refuse what is nested too deep."""

_ENTRY_OVERHEAD_BYTES = 50
"""What an entry needs beside its name in the larger of the two forms it is sent in."""


@dataclass(slots=True)
class _Node:
    """A name, and for a folder that was entered those in it."""

    name: str
    kind: Kind
    children: "list[_Node] | None" = None
    more: int = 0


@dataclass(slots=True)
class _Growth:
    """The tree as far as it has grown."""

    walk: Walk
    top: Place
    room: int = RESULT_BUDGET_BYTES
    truncated: bool = False
    next_level: list[tuple[_Node, Names, Ignore]] = field(default_factory=list)

    def grow(self, node: _Node, parts: Names, above: Ignore) -> None:
        """Enters the folder ``node``, which is in one where the rules ``above`` count."""
        children: list[_Node] = []
        inside, rules = self.walk.inside(self.top, parts, above)
        for found in inside:
            child = self._child(found)
            if child is None:
                node.more += 1
                continue
            children.append(child)
            if found.kind is Kind.DIRECTORY:
                self.next_level.append((child, found.parts, rules))
        node.children = children

    def _child(self, found: Found) -> _Node | None:
        name = displayable(found.parts[-1])
        self.room -= len(name.encode()) + _ENTRY_OVERHEAD_BYTES
        if self.room < 0:
            self.truncated = True
            return None
        return _Node(name, found.kind)


def directory_tree(gate: PathGate, arguments: DirectoryTree) -> Answer:
    """The tree below a folder. Raises ToolError when the folder itself cannot be listed."""
    walk = Walk(tuple(map(Glob.of, arguments.exclude_patterns)), arguments.respect_gitignore)
    growth = _Growth(walk, gate.locate(arguments.path))
    top = _Node("", Kind.DIRECTORY)
    growth.grow(top, (), walk.rules_above(growth.top))
    for _ in range(1, min(arguments.max_depth or DEPTH_LIMIT, DEPTH_LIMIT)):
        level, growth.next_level = growth.next_level, []
        for node, parts, above in level:
            if growth.room < 0 or walk.is_spent:
                growth.truncated = True
                break
            growth.grow(node, parts, above)
    tree = Tree(
        path=arguments.path,
        children=[_entry(child) for child in top.children or []],
        more=top.more,
        ignored=walk.ignored,
        unreadable=walk.unreadable,
        truncated=growth.truncated,
    )
    return Answer("\n".join(_lines(top, "")) or "The folder is empty.", tree, _note(tree))


def _entry(node: _Node) -> TreeEntry:
    children = None if node.children is None else [_entry(child) for child in node.children]
    return TreeEntry(name=node.name, type=node.kind, children=children, more=node.more)


def _lines(node: _Node, indent: str) -> Iterable[str]:
    for child in node.children or ():
        is_folder = child.kind is Kind.DIRECTORY
        unseen = " …" if is_folder and child.children is None else ""
        yield f"{indent}{on_one_line(child.name)}{'/' if is_folder else ''}{unseen}"
        yield from _lines(child, indent + " ")
    if node.more:
        yield f"{indent}… {node.more} more"


def _note(tree: Tree) -> str:
    notes = []
    if tree.truncated:
        notes.append("[Not all of it fits. Ask for a folder marked … by its own path.]")
    if tree.ignored:
        notes.append(f"[{tree.ignored} names that .gitignore hides were left out; respectGitignore=false shows them.]")
    return "\n".join(notes)
