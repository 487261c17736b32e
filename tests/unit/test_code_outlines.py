"""Outlines of source files: every language, blocks that are whole, and files that would hold the parser for ever."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary_servers.code.syntax.languages import BY_NAME, LANGUAGES, language_of, reason_to_skip
from ostiary_servers.code.syntax.outline import Definition, Outline
from ostiary_servers.code.syntax.parsers import ParseFailedError, Parsers

STANDARD_LIBRARY = Path(os.__file__).parent

SAMPLES = {
    "python": (
        "@dec\ndef go():\n    pass\nclass A:\n    async def m(self): ...\nf = lambda: 1\n",
        "go A A.m f",
    ),
    "javascript": (
        "export const f = () => 1;\nclass A { m() {} }\nx.y = function () {};\nfunction* g() {}\n"
        "(function once() {})();\n",
        "f A A.m x.y g once",
    ),
    "typescript": (
        "interface I { q(): void }\nexport abstract class A { abstract m(): void; n = () => 1 }\n"
        "const f = function f() { return function g() {} };\nh = function k(this: A) {};\n",
        "I I.q A A.m A.n f f.g h h.k",
    ),
    "tsx": (
        "export const View = (p: P) => <div>{p.a}</div>;\n",
        "View",
    ),
    "go": (
        "package a\ntype I interface {\n\tQ()\n}\nfunc (r *R[T]) M() {}\nfunc F() {}\ntype S struct{}\n",
        "I I.Q R.M F S",
    ),
    "rust": (
        "trait T { fn q(); }\nimpl<X> T for B<X> { fn q() {} }\nfn f() {}\nmod m { fn g() {} }\n",
        "T T.q B.q f m m.g",
    ),
    "java": (
        "@X\nclass A { A() {} int m() { return 1; } Runnable r = () -> {}; }\ninterface I { void q(); }\n",
        "A A.A A.m A.r I I.q",
    ),
    "c": (
        "static char **f(int a) { return 0; }\nstruct s { int a; };\n#define M(x) x\n",
        "f s M",
    ),
    "cpp": (
        "namespace n { class A { void m() {} }; }\nint *n::A::g() { return 0; }\nA::~A() {}\n",
        "n n.A n.A.m n.A.g A.~A",
    ),
    "csharp": (
        "namespace N { class A : I<int> { public A() {} void M() {} void I<int>.Q() {} }\n"
        "interface I<T> { void Q(); } }\n",
        "N N.A N.A.A N.A.M N.A.Q N.I N.I.Q",
    ),
    "ruby": (
        "module M\n  class A\n    def self.f; end\n    def g=(x); end\n  end\nend\nl = ->(x) { x }\n",
        "M M.A M.A.f M.A.g= l",
    ),
    "php": (
        "<?php\nfunction f() {}\nclass A { public function m() {} }\n$g = fn($x) => 1;\n",
        "f A A.m g",
    ),
    "bash": (
        "f() { :; }\nfunction g { :; }\n",
        "f g",
    ),
    "kotlin": (
        "class A {\n  fun m() {}\n}\nfun f(): Int = 1\nobject O {\n  fun q() {}\n}\n",
        "A A.m f O O.q",
    ),
    "swift": (
        "class A {\n  init() {}\n  func m() {}\n}\nprotocol P {\n  func q()\n}\n",
        "A A.init A.m P P.q",
    ),
    "scala": (
        "class A { def m(x: Int): Int = 1 }\nobject O\ntrait T { def q: Int }\n",
        "A A.m O T T.q",
    ),
    "lua": (
        "function M.f() end\nfunction M:g() end\nlocal function h() end\nlocal q = function() end\n",
        "M.f M.g h q",
    ),
}


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    pool = Parsers()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Parsers]:
    """Has time to load a grammar beside other work."""
    pool = Parsers(budget_s=20)
    yield pool
    pool.close()


def outline(parsers: Parsers, language: str, source: str | bytes) -> Outline:
    return parsers.outline(BY_NAME[language], source if isinstance(source, bytes) else source.encode())


def only(parsers: Parsers, language: str, source: str) -> Definition:
    (definition,) = outline(parsers, language, source).definitions
    return definition


def test_there_is_a_sample_of_every_language() -> None:
    assert set(SAMPLES) == {language.name for language in LANGUAGES}


@pytest.mark.parametrize("language", SAMPLES)
def test_definitions_of_every_language_are_found_under_their_qualified_names(patient: Parsers, language: str) -> None:
    source, expected = SAMPLES[language]
    found = outline(patient, language, source)
    assert not found.broken
    assert " ".join(definition.qualified for definition in found.definitions) == expected


@pytest.mark.parametrize(
    ("language", "source", "lines"),
    [
        ("python", "x = 1\n\n# why\n@dec(\n  1)\ndef f():\n    return 1\n", (3, 7)),
        ("python", "class A:\n    x = 1  # not of f\n    # of f\n    def f(self): pass\n", (3, 4)),
        ("rust", "/// Doc\n#[test]\nfn f() {}\n", (1, 3)),
        ("typescript", "/** Doc */\nexport function f() {\n}\n", (1, 3)),
        ("go", "package a\n\n// not of F\n\n// of F\nfunc F() {\n}\n", (5, 7)),
        ("java", "class A {\n  /** Doc */\n  @Override\n  public int f() { return 1; }\n}\n", (2, 4)),
    ],
)
def test_a_block_includes_its_decorators_and_the_comments_right_above_it(
    parsers: Parsers, language: str, source: str, lines: tuple[int, int]
) -> None:
    (found,) = [each for each in outline(parsers, language, source).definitions if each.name.lower() == "f"]
    assert (found.start_line, found.end_line) == lines


def test_signature_and_documentation_are_told_apart_from_the_body(parsers: Parsers) -> None:
    found = only(parsers, "python", 'def f(a,\n      b: int = 1) -> str:  # noqa\n    """Says f.\n\n    More."""\n')
    assert found.signature == "def f(a, b: int = 1) -> str"
    assert found.doc == "Says f.\n\nMore."
    assert only(parsers, "go", "// F does.\nfunc F(a int) error {\n}\n").doc == "F does."


def test_the_header_of_a_file_is_its_docstring_or_first_comment_that_is_no_licence(parsers: Parsers) -> None:
    assert outline(parsers, "python", '# Copyright\n"""What it is."""\n').header == "What it is."
    found = outline(parsers, "go", "// Copyright 2020, licence\n\n// Package a runs.\npackage a\n")
    assert (found.header, found.header_line) == ("Package a runs.", 3)


def ast_blocks(source: str) -> set[tuple[str, int, int]]:
    nodes = ast.walk(ast.parse(source))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        (node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno or 0)
        for node in nodes
        if isinstance(node, kinds)
    }


@pytest.mark.parametrize("folder", ["asyncio", "json", "unittest", "email", "concurrent/futures", "importlib"])
def test_blocks_of_python_are_those_of_the_compiler(parsers: Parsers, folder: str) -> None:
    for path in sorted((STANDARD_LIBRARY / folder).glob("*.py")):
        source = path.read_text("utf-8")
        lines = source.split("\n")
        found = {
            (each.name, first_code_line(lines, each), last_code_line(lines, each))
            for each in outline(parsers, "python", source).definitions
            if "lambda" not in each.signature
        }
        assert found == ast_blocks(source), path


def first_code_line(lines: list[str], definition: Definition) -> int:
    """The block's first line that is no comment."""
    line = definition.start_line
    while lines[line - 1].lstrip().startswith("#"):
        line += 1
    return line


def last_code_line(lines: list[str], definition: Definition) -> int:
    """The block's last line that is no comment: those at its end, as far in as the body, belong to it."""
    line = definition.end_line
    while not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


@pytest.mark.parametrize(
    ("language", "source"),
    [("python", b"(" * 200_000), ("python", b"[" * 300_000), ("c", os.urandom(1_400_000)), ("go", b"[" * 200_000)],
    ids=["round", "square", "random", "go"],
)
def test_a_file_that_would_hold_the_parser_is_given_up_and_the_next_one_is_parsed(
    parsers: Parsers, language: str, source: bytes
) -> None:
    try:
        parsers.outline(BY_NAME[language], source)
    except ParseFailedError as failed:
        assert failed.reason in {"too_complex", "too_deep", "parser_crashed"}  # noqa: PT017
    assert only(parsers, "python", "def f(): pass\n").name == "f"


def test_a_file_over_its_budget_is_called_too_complex() -> None:
    pool = Parsers(budget_s=0.2)
    with pytest.raises(ParseFailedError) as failed:
        pool.outline(BY_NAME["python"], b"(" * 200_000)
    pool.close()
    assert failed.value.reason == "too_complex"


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("de.ts", b'<?xml version="1.0"?>\n<!DOCTYPE TS>', None),
        ("de.ts", b"\xef\xbb\xbf<!DOCTYPE TS>", None),
        ("a.ts", b"const a = 1", "typescript"),
        ("a.h", b"int f(void);", "c"),
        ("a.h", b"namespace a {\n}", "cpp"),
        ("tool", b"#!/usr/bin/env -S python3 -u\n", "python"),
        ("tool", b"#!/bin/sh\n", "bash"),
        ("tool", b"hello", None),
        ("a.zig", b"fn f() void {}", None),
    ],
)
def test_the_language_is_told_by_name_and_content(name: str, content: bytes, language: str | None) -> None:
    found = language_of(name, content)
    assert (found.name if found else None) == language


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x" * 1_500_001, "too_large"),
        (b"a\0b", "binary"),
        (b"var a;" * 2_000, "minified"),
        (b"var a;\n" * 2_000, None),
    ],
)
def test_what_no_person_wrote_is_not_parsed(content: bytes, reason: str | None) -> None:
    assert reason_to_skip(content) == reason
