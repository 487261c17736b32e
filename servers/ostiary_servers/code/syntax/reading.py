"""Makes the outline of a file out of what the language's patterns captured.

Patterns only point at definitions; what is the same in all languages is done here: which definition lies in which,
where the block with its decorators and comments begins, and what its signature and documentation are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from tree_sitter import Node

from ostiary_servers.code.syntax.languages import Language
from ostiary_servers.code.syntax.outline import Definition, Import, Outline
from ostiary_servers.code.syntax.tree import Captures, matches, parse

SIGNATURE_LIMIT = 400
DOC_LIMIT = 1_500
IMPORT_LIMIT = 500
OWNER_LIMIT = 100
NAME_LIMIT = 200
NESTING_LIMIT = 12
"""So many names of what a definition lies in, the innermost, are kept; with all of them, a file of nothing but nested
functions would have an outline of the square of its length."""

_TYPES = {"class", "struct", "interface", "enum", "trait", "scope"}
"""A function directly in one of these is a method."""

_WRAPPERS = {"decorated_definition", "export_statement", "template_declaration"}
"""Nodes that belong to the one definition in them."""

_DECLARATIONS = {
    "lexical_declaration",
    "variable_declaration",
    "type_declaration",
    "expression_statement",
    "var_declaration",
}
"""As ``_WRAPPERS``, when they hold nothing else."""

_MARKERS = re.compile(r"^\s*(?:///?!?|/\*+!?|\*+/|\*(?!\*)|#+|--+\[*|\"\"\"|''')?[ \t]?|\s*\*+/\s*$", re.MULTILINE)
_GENERICS = re.compile(r"[<\[(].*", re.DOTALL)
_LICENCE = re.compile(r"copyright|licen[cs]e|spdx-|all rights reserved|^\s*#?!|-\*-|eslint-|vim:", re.I)

_Comments = dict[int, Node]
"""Comments (and attributes), each under its last row."""


@dataclass(slots=True)
class _Found:
    """A definition on its way to becoming one."""

    kind: str
    name: str
    owner: str
    node: Node
    block: Node
    name_row: int


def read_outline(language: Language, source: bytes) -> Outline:
    """The outline of UTF-8 source. May take as long as it likes: see ``tree``."""
    tree = parse(language, source)
    captured = matches(language, tree)
    comments = _comments_by_last_row(captured)
    found = _unique(each for captures in captured if (each := _definition(captures)))
    header, header_line = _header(tree.root_node, language)
    return Outline(
        language=language.name,
        lines=source.count(b"\n") + (not source.endswith(b"\n") and bool(source)),
        definitions=tuple(_finished(found, comments, source, language)),
        imports=tuple(_imports(captured)),
        header=header,
        header_line=header_line,
        broken=tree.root_node.has_error,
    )


def _definition(captures: Captures) -> _Found | None:
    kind = next(
        (kind for kind in captures if kind not in {"name", "owner", "declarator", "import", "comment", "_call"}), None
    )
    if kind is None:
        return None
    node = captures[kind][0]
    name_node = captures["name"][0] if "name" in captures else _declared(captures["declarator"][0])
    if name_node is None:
        return None
    owner = _text(captures["owner"][0])[:OWNER_LIMIT] if "owner" in captures else ""
    owner, name = _split(owner, _text(name_node), kind)
    return _Found(kind, name, owner, node, _wrapped(node), name_node.start_point.row) if name else None


def _declared(declarator: Node) -> Node | None:
    """The name in a declarator of C, through pointers, references and brackets."""
    node: Node | None = declarator
    while node is not None and not node.type.endswith(("identifier", "name", "operator_cast")):
        node = node.child_by_field_name("declarator") or next(iter(node.named_children), None)
    return node


def _split(owner: str, name: str, kind: str) -> tuple[str, str]:
    """What a name says of where it belongs: ``A::f`` of C++, ``(*T[K])`` of Go, ``impl<T> Vec<T>`` of Rust."""
    owner = _GENERICS.sub("", owner.strip("()*& ").split(" ")[-1].lstrip("*"))
    if kind == "scope":
        name = _GENERICS.sub("", name)
    *before, name = re.split(r"::(?![^<(]*[>)])", name.strip("\"'`"))
    owner = ".".join(filter(None, [owner, *(_GENERICS.sub("", part) for part in before)]))
    return owner[-NAME_LIMIT:], name.strip()[:NAME_LIMIT]


def _wrapped(node: Node) -> Node:
    while (parent := node.parent) is not None and (
        parent.type in _WRAPPERS or (parent.type in _DECLARATIONS and len(parent.named_children) == 1)
    ):
        node = parent
    return node


def _unique(found: Iterable[_Found]) -> list[_Found]:
    """Sorted by place, the outer before the inner; of two patterns on one name the more precise one counts."""
    precise: dict[tuple[int, int, str], _Found] = {}
    for each in found:
        place = (each.node.start_byte, each.node.end_byte, each.name)
        if each.kind != "type" or place not in precise:
            precise[place] = each
    return sorted(precise.values(), key=lambda each: (each.node.start_byte, -each.node.end_byte))


def _finished(found: list[_Found], comments: _Comments, source: bytes, language: Language) -> Iterator[Definition]:
    outer: list[tuple[int, str, str]] = []
    for each in found:
        while outer and outer[-1][0] <= each.node.start_byte:
            outer.pop()
        qualified = ".".join([*(name for _, name, _ in outer[-NESTING_LIMIT:]), *filter(None, [each.owner]), each.name])
        in_type = bool(outer) and outer[-1][2] in _TYPES
        kind = (
            "method" if each.kind == "function" and (in_type or (each.owner and language.name != "lua")) else each.kind
        )
        outer.append((each.node.end_byte, ".".join(filter(None, [each.owner, each.name])), each.kind))
        if each.kind != "scope":
            yield _as_definition(each, kind, qualified, comments, source, language)


def _as_definition(
    each: _Found, kind: str, qualified: str, comments: _Comments, source: bytes, language: Language
) -> Definition:
    first_row, above = _with_comments(each.block, comments, source)
    end = each.block.end_point
    doc = _python_docstring(each.node) if language.name == "python" else ""
    return Definition(
        kind=kind,
        name=each.name,
        qualified=qualified,
        start_line=first_row + 1,
        name_line=each.name_row + 1,
        end_line=max(end.row + (end.column > 0), first_row + 1),
        signature=_signature(each.node),
        doc=doc or _prose(above),
    )


def _signature(node: Node) -> str:
    """What stands before the body, on one line; the first line where there is no body, as in a lambda."""
    text = _bytes(node)
    body = node.child_by_field_name("body") or next(
        (child for child in node.children if child.type.endswith("body")), None
    )
    if body is not None and body.start_byte > node.start_byte:
        ends = [child.start_byte for child in node.children if child.type == "comment"]
        head = text[: min([body.start_byte, *ends]) - node.start_byte]
    else:
        head = text.split(b"\n", 1)[0]
    return " ".join(head.decode(errors="replace").rstrip(" \t\r\n={:").split())[:SIGNATURE_LIMIT]


def _python_docstring(node: Node) -> str:
    body = node.child_by_field_name("body") if node.type != "module" else node
    statement = next((child for child in body.named_children if child.type != "comment"), None) if body else None
    string = statement.named_children[0] if statement and statement.type == "expression_statement" else statement
    if string is None or string.type != "string":
        return ""
    parts = [child for child in string.children if child.type == "string_content"]
    return _trimmed("".join(map(_text, parts)))


def _comments_by_last_row(captured: list[Captures]) -> _Comments:
    nodes = [captures["comment"][0] for captures in captured if "comment" in captures]
    return {node.end_point.row - (node.end_point.column == 0): node for node in nodes}


def _with_comments(block: Node, comments: _Comments, source: bytes) -> tuple[int, str]:
    """The first row of a block with the comments right above it, and their text; code before any of them ends them."""
    row, above = block.start_point.row, list[str]()
    above_block = block
    while _begins_line(above_block, source) and (comment := comments.get(row - 1)) is not None:
        if not _begins_line(comment, source):
            break
        above_block, row = comment, comment.start_point.row
        above.append("" if comment.type in {"attribute_item", "decorator"} else _text(comment))
    return row, "\n".join(reversed(above))


def _begins_line(node: Node, source: bytes) -> bool:
    """Whether nothing but white space stands before the node on its line."""
    return not source[node.start_byte - node.start_point.column : node.start_byte].strip()


def _imports(captured: list[Captures]) -> Iterator[Import]:
    nodes = [captures["import"][0] for captures in captured if "import" in captures]
    for node in sorted(nodes, key=attrgetter("start_byte")):
        yield Import(" ".join(_text(node).split())[:IMPORT_LIMIT], node.start_point.row + 1)


def _header(root: Node, language: Language) -> tuple[str, int]:
    """What stands at the top to introduce the file: a docstring, else the first comment that is no licence."""
    if language.name == "python" and (doc := _python_docstring(root)):
        first = next(child for child in root.named_children if child.type != "comment")
        return doc, first.start_point.row + 1
    for block in _top_comments(root):
        text = "\n".join(map(_text, block))
        if not _LICENCE.search(text) and (prose := _prose(text)):
            return prose, block[0].start_point.row + 1
    return "", 0


def _top_comments(root: Node) -> Iterator[list[Node]]:
    """Neighbouring comments before the first code, together."""
    block: list[Node] = []
    for node in root.named_children[:60]:
        if "comment" not in node.type:
            if node.type in {"php_tag", "hash_bang_line", "package_clause", "package_declaration"}:
                continue
            break
        if block and node.start_point.row > block[-1].end_point.row + 1:
            yield block
            block = []
        block.append(node)
    if block:
        yield block


def _prose(comment: str) -> str:
    return _trimmed(_MARKERS.sub("", comment))


def _trimmed(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return "\n".join(lines)[:DOC_LIMIT].strip()


def _bytes(node: Node) -> bytes:
    return node.text or b""


def _text(node: Node) -> str:
    return _bytes(node).decode(errors="replace")
