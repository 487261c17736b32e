"""Parsing one file, and asking the language's patterns what is in it.

Neither has a budget of its own. 200,000 opening brackets hold a query for 20 s and a megabyte of random bytes named
``.c`` holds the parser for up to 16 s; tree-sitter's progress callback, meant for this, crashes in queries (tree-sitter
0.25.2 to 0.26.1) and is ignored when bytes are parsed. So both run in a process that ``parsers`` kills in time.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor, Tree

from ostiary_servers.code.syntax.languages import Language

Captures = dict[str, list[Node]]


def parse(language: Language, source: bytes) -> Tree:
    """The syntax tree of UTF-8 source; there always is one, with errors in it where the source has them."""
    return Parser(_grammar(language)).parse(source)


def matches(language: Language, tree: Tree) -> list[Captures]:
    """What the language's patterns find, in the order of the source."""
    return [captures for _, captures in QueryCursor(_query(language)).matches(tree.root_node)]


@cache
def _grammar(language: Language) -> Grammar:
    return Grammar(getattr(import_module(language.module), language.entry)())


@cache
def _query(language: Language) -> Query:
    folder = Path(__file__).with_name("queries")
    patterns = "".join((folder / name).read_text("utf-8") for name in language.query_files)
    return Query(_grammar(language), patterns)
