"""What may hold secrets, as the ``code`` server comes upon it: nobody was asked, so nothing of it is given out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.arguments import (
    AnalyzeDependencyTree,
    SearchForFunctionDefinition,
    SummarizeFilePurpose,
)
from ostiary_servers.code.dependencies.operation import analyze_dependency_tree
from ostiary_servers.code.purpose.operation import summarize_file_purpose
from ostiary_servers.code.resources import read_uri
from ostiary_servers.code.search.operation import search_for_function_definition
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from tests.support.code_server import analysis_of, write

SECRET = "hunter2"
FILES = {
    ".env": f"PASSWORD={SECRET}\n",
    "credentials": f"#!/bin/sh\nlogin() {{\n  echo {SECRET}\n}}\n",
    "id_rsa": f"{SECRET}\n",
    "requirements.txt": "-r id_rsa\na==1\n",
    "firefox/id_maker.py": "def make_id():\n    return 1\n",
}


@pytest.fixture
def analysis(tmp_path: Path) -> Iterator[Analysis]:
    with analysis_of(write(tmp_path, FILES)) as ready:
        yield ready


@pytest.mark.parametrize("name", [".env", "id_rsa", "credentials"])
@pytest.mark.parametrize("what", ["block/1-9", "outline"])
def test_no_resource_gives_out_a_file_with_secrets(analysis: Analysis, tmp_path: Path, what: str, name: str) -> None:
    with pytest.raises(ToolError) as error:
        read_uri(analysis, f"code://{what}{tmp_path}/{name}")
    assert error.value.code in {ErrorCode.DENIED_BY_POLICY, ErrorCode.UNSUPPORTED}


def test_a_definition_among_secrets_is_left_out_and_the_file_is_named(analysis: Analysis, tmp_path: Path) -> None:
    answer = search_for_function_definition(analysis, SearchForFunctionDefinition(function_name="login"))
    assert SECRET not in everything(answer)
    assert answer.structured.to_wire()["files_skipped"] == [{"path": f"{tmp_path}/credentials", "reason": "sensitive"}]


def test_an_include_of_secrets_is_not_followed(analysis: Analysis) -> None:
    assert SECRET not in everything(analyze_dependency_tree(analysis, AnalyzeDependencyTree()))


def test_source_code_is_told_whatever_its_name_or_folder_sounds_like(analysis: Analysis, tmp_path: Path) -> None:
    call = SearchForFunctionDefinition(function_name="make_id")
    assert "return 1" in search_for_function_definition(analysis, call).text
    assert "return 1" in read_uri(analysis, f"code://block/1-2{tmp_path}/firefox/id_maker.py").text
    about = summarize_file_purpose(analysis, SummarizeFilePurpose(file_path="firefox/id_maker.py"))
    assert "function make_id" in about.text


def everything(answer: Answer) -> str:
    return f"{answer.text}{answer.note}{answer.structured.to_wire()}"
