"""Asks a model of the person's own choosing, through a command of theirs; nothing here knows a provider or a network.

The command is started once for each question. It reads one JSON object on stdin and writes one on stdout:

    stdin   {"question": "…", "repository": "/path", "tools": [{"name", "title", "description", "input_schema"}, …]}
    stdout  {"tool": "…", "arguments": {…}}

``tools`` are those of all bundled servers. A command that fails, or writes anything else, has chosen nothing.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import mcp_types as types

from tests.evaluation.questions import Choice, Question
from tests.evaluation.scripted import Graded, grade, serving

ANSWER_DEADLINE_S: Final = 120.0


class NoChoiceError(Exception):
    """The command chose nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went: what was chosen, and what is wrong with it."""

    question: Question
    choice: Choice | None
    faults: tuple[str, ...]

    @property
    def right_tool(self) -> bool:
        """Whether the tool is the one that was meant."""
        return self.choice is not None and self.choice.tool == self.question.tool

    @property
    def right_answer(self) -> bool:
        """Whether the call, however it was made, gives what the question asks for."""
        return not self.faults


def choose(command: Sequence[str], question: str, shop: Path, tools: Sequence[types.Tool]) -> Choice:
    """The call that a command chooses. Raises NoChoiceError."""
    asked = {"question": question, "repository": str(shop), "tools": [_shown(tool) for tool in tools]}
    try:
        ended = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=ANSWER_DEADLINE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoChoiceError(str(error)) from error
    if ended.returncode:
        raise NoChoiceError(f"exit code {ended.returncode}: {ended.stderr.strip()[-300:]}")
    return _read(ended.stdout)


def _shown(tool: types.Tool) -> Mapping[str, Any]:
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "input_schema": tool.input_schema,
    }


def _read(text: str) -> Choice:
    try:
        said = json.loads(text)
        tool, arguments = said["tool"], said["arguments"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoChoiceError(f"not a choice: {text.strip()[:200]!r}") from error
    if not isinstance(tool, str) or not isinstance(arguments, dict):
        raise NoChoiceError(f"not a choice: {text.strip()[:200]!r}")
    return Choice(tool, arguments)


async def score(
    command: Sequence[str], shop: Path, state: Path, tools: Sequence[types.Tool], questions: Sequence[Question]
) -> list[Score]:
    """Each question put to the command, and its call made for real."""
    found = []
    async with serving(shop, state) as code:
        for question in questions:
            try:
                choice = choose(command, question.asked, shop, tools)
            except NoChoiceError as error:
                found.append(Score(question, None, (str(error),)))
                continue
            graded: Graded = await grade(code, question, choice)
            found.append(Score(question, choice, graded.faults))
    return found
