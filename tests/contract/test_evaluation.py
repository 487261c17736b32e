"""The evaluation itself: its questions are answered, its lint sees every kind of fault, any model can be put to it."""

import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest

from tests.evaluation import manifest_lint
from tests.evaluation.manifest_lint import RULES, faults
from tests.evaluation.model import NoChoiceError, choose
from tests.evaluation.questions import Choice, Question, load_questions
from tests.evaluation.scripted import grade, grade_expected, list_all_tools, serving
from tests.evaluation.shop import open_shop
from tests.support.server_client import ERAS, Era, ServerClient

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
EVERY = 6
"""A sixth of the questions is enough here; ``dev.py eval`` asks all."""

CHOOSES = "import json, sys; asked = json.load(sys.stdin); print(json.dumps({choice}))"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_shop(tmp_path_factory.mktemp("evaluation") / "shop")


@pytest.fixture(scope="module")
async def code(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerClient]:
    async with serving(shop, tmp_path_factory.mktemp("state")) as client:
        yield client


def test_there_are_sixty_questions_and_no_tool_is_forgotten() -> None:
    questions = load_questions()
    assert len({question.asked for question in questions}) == 60
    assert min(Counter(question.tool for question in questions).values()) >= 10
    assert all(question.answer for question in questions)


@pytest.mark.parametrize("era", ERAS)
async def test_questions_are_answered_in_both_generations(shop: Path, tmp_path: Path, era: Era) -> None:
    graded = await grade_expected(shop, tmp_path, era, load_questions()[::EVERY])
    assert [(each.question.asked, each.faults) for each in graded if each.faults] == []


async def test_no_bundled_tool_has_a_fault_in_what_it_says_of_itself(shop: Path, tmp_path: Path) -> None:
    assert list(map(str, faults(await list_all_tools(shop, tmp_path)))) == []


@pytest.mark.parametrize(
    ("choice", "fault"),
    [
        (Choice("find_definition", {}), "no tool"),
        (Choice("summarize_file_purpose", {"path": "a"}), "arguments:"),
        (Choice("summarize_file_purpose", {"file_path": "no-such-file"}), "an error"),
        (Choice("summarize_file_purpose", {"file_path": "README.md"}), "does not hold “PriceList”"),
    ],
    ids=["unknown tool", "outside the schema", "refused", "another answer"],
)
async def test_a_wrong_call_is_graded_as_wrong(code: ServerClient, choice: Choice, fault: str) -> None:
    question = Question("?", "summarize_file_purpose", {}, ("PriceList",))
    graded = await grade(code, question, choice)
    assert any(fault in each for each in graded.faults)


async def test_an_answer_with_what_it_must_not_hold_is_wrong(code: ServerClient) -> None:
    question = Question("?", "summarize_file_purpose", {"file_path": "README.md"}, (), never=("Corner",))
    graded = await grade(code, question, Choice(question.tool, question.arguments))
    assert graded.faults == ("holds “Corner”",)


def tool(**changes: Any) -> types.Tool:
    """A tool without a fault, but for the changes."""
    properties = {"limit": {"type": "integer", "description": "At most this many lines."}} | changes.pop("more", {})
    whole: dict[str, Any] = {
        "name": "count_lines",
        "title": "Count lines",
        "description": 'Counts the lines of all files. Example: {"limit": 3}.',
        "input_schema": {"type": "object", "properties": properties},
        "output_schema": {"type": "object"},
        "annotations": types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    }
    return types.Tool(**(whole | changes))


WRONG: dict[str, Callable[[], types.Tool]] = {
    "name": lambda: tool(name="countLines"),
    "title": lambda: tool(title=None),
    "description": lambda: tool(description="Counts."),
    "hints": lambda: tool(annotations=types.ToolAnnotations(read_only_hint=True)),
    "arguments": lambda: tool(more={"path": {"type": "string"}}),
    "units": lambda: tool(more={"depth": {"type": "integer", "description": "How deep it goes."}}),
    "example": lambda: tool(description='Counts the lines of all files. Example: {"limit": "x"}.'),
    "result": lambda: tool(output_schema=None),
}


def test_the_lint_has_nothing_against_a_tool_without_a_fault() -> None:
    assert faults({"one": [tool()]}) == []


def test_every_rule_of_the_lint_is_tried() -> None:
    assert set(WRONG) == set(RULES)


@pytest.mark.parametrize("rule", WRONG)
def test_the_lint_sees_a_tool_that_breaks_a_rule(rule: str) -> None:
    assert [fault.rule for fault in faults({"one": [WRONG[rule]()]})] == [rule]


def test_a_pattern_without_an_example_is_a_fault() -> None:
    asked = {"pattern": {"type": "string", "description": "A glob of names."}}
    found = faults({"one": [tool(description="Counts the lines of all files there are.", more=asked)]})
    assert [fault.rule for fault in found] == ["example"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"name": "lines_count"}, "name"),
        ({"name": "sum_words"}, "title"),
        ({"name": "sum_words", "title": "Sum"}, "purpose"),
    ],
)
def test_tools_of_different_servers_that_cannot_be_told_apart_are_a_fault(changes: dict[str, str], what: str) -> None:
    (fault,) = faults({"one": [tool()], "two": [tool(**changes)]})
    assert (fault.rule, what in fault.detail) == ("ambiguous", True)
    assert (
        faults({"one": [tool()], "two": [tool(**changes, description="Deprecated: the old name of count_lines.")]})
        == []
    )


def test_a_tool_that_costs_too_much_is_a_fault() -> None:
    more = {f"path{number}": {"type": "string", "description": "A file of the shop."} for number in range(80)}
    assert [fault.rule for fault in faults({"one": [tool(more=more)]})] == ["tokens"]
    assert manifest_lint.shown_tokens(tool()) < manifest_lint.whole_tokens(tool())


def test_a_command_sees_question_tools_and_folder_and_its_choice_is_read(tmp_path: Path) -> None:
    choice = "{'tool': asked['tools'][0]['name'], 'arguments': {'q': asked['question'], 'r': asked['repository']}}"
    command = [sys.executable, "-c", CHOOSES.format(choice=choice)]
    chosen = choose(command, "Why?", tmp_path, [tool()])
    assert chosen == Choice("count_lines", {"q": "Why?", "r": str(tmp_path)})


@pytest.mark.parametrize("program", ["raise SystemExit('no key')", "print('I think …')", "print('[1]')"])
def test_a_command_that_chooses_nothing_is_told_as_that(tmp_path: Path, program: str) -> None:
    with pytest.raises(NoChoiceError):
        choose([sys.executable, "-c", program], "Why?", tmp_path, [])
    with pytest.raises(NoChoiceError):
        choose([str(tmp_path / "no-such-program")], "Why?", tmp_path, [])


def test_the_evaluation_runs_as_a_program_and_tells_how_a_model_did() -> None:
    choice = "{'tool': 'summarize_file_purpose', 'arguments': {'file_path': 'README.md'}}"
    model = [sys.executable, "-c", CHOOSES.format(choice=choice)]
    command = [sys.executable, "-m", "tests.evaluation", "--every", "29", "--model", *model]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "code, 4 tools" in ended.stdout
    assert ended.stdout.count("3 of 3 answers are right") == len(ERAS)
    assert "Model: 1 of 3 tools as meant, 0 of 3 answers are right" in ended.stdout


def test_what_the_settings_say_of_a_bundled_server_is_short_and_whole() -> None:
    for path in sorted((ROOT / "resources" / "ostiary_resources" / "servers").glob("*.toml")):
        manifest = tomllib.loads(path.read_text("utf-8"))
        assert manifest["name"] == path.stem
        assert manifest["command"] == ["ostiary-serve", path.stem]
        assert len(manifest["title"]) <= 20
        assert 40 <= len(manifest["description"]) <= 160
        assert manifest["description"].endswith(".")
