"""The questions as values, and what is right about an answer. Pure."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import mcp_types as types

FILE = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True, slots=True)
class Question:
    """``asked`` in plain words; the call to be made; texts that its answer must hold, and must not."""

    asked: str
    tool: str
    arguments: Mapping[str, Any]
    answer: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The call that somebody made of a question."""

    tool: str
    arguments: Mapping[str, Any]


def load_questions() -> list[Question]:
    """All of them, in the order of the file."""
    tables = tomllib.loads(FILE.read_text("utf-8"))["question"]
    return [
        Question(
            asked=table["asked"],
            tool=table["tool"],
            arguments=table["arguments"],
            answer=tuple(table["answer"]),
            never=tuple(table.get("never", ())),
        )
        for table in tables
    ]


def faults_of_choice(choice: Choice, tools: Sequence[types.Tool]) -> list[str]:
    """Why a call cannot be made as it is: no such tool, or arguments outside its schema."""
    tool = next((each for each in tools if each.name == choice.tool), None)
    if tool is None:
        return [f"there is no tool {choice.tool}"]
    return _against(tool.input_schema, dict(choice.arguments), "arguments")


def faults_of_result(question: Question, result: types.CallToolResult, tool: types.Tool) -> list[str]:
    """What is wrong with the result of a call: an error, outside the schema, or not the answer."""
    text = "\n".join(block.text for block in result.content if isinstance(block, types.TextContent))
    if result.is_error:
        return [f"an error: {text}"]
    if tool.output_schema is None or result.structured_content is None:
        return ["nothing structured"]
    faults = _against(tool.output_schema, result.structured_content, "result")
    whole = f"{text}\n{json.dumps(result.structured_content, ensure_ascii=False)}"
    faults += [f"does not hold “{wanted}”" for wanted in question.answer if wanted not in whole]
    return faults + [f"holds “{unwanted}”" for unwanted in question.never if unwanted in whole]


def _against(schema: Mapping[str, Any], value: Any, what: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return [f"{what}: {error.message}" for error in validator.iter_errors(value)]
