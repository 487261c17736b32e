"""The scripted client: asks a real server every question with the call that a model should make."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import mcp_types as types

from tests.evaluation.questions import Choice, Question, faults_of_choice, faults_of_result
from tests.support.server_client import Era, ServerClient, connected

BUNDLED = ("files", "code")
"""The servers whose tools a model sees together."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One question and what is wrong with how it went; nothing when all is right."""

    question: Question
    faults: tuple[str, ...]


@asynccontextmanager
async def serving(shop: Path, state: Path, era: Era = "auto") -> AsyncIterator[ServerClient]:
    """The ``code`` server as its own process, over stdio."""
    async with connected("code", "--root", shop, "--state-dir", state, era=era) as code:
        yield code


async def grade(code: ServerClient, question: Question, choice: Choice) -> Graded:
    """Makes a call and holds it, and its answer, against the question."""
    tools = (await code.client.list_tools()).tools
    faults = faults_of_choice(choice, tools)
    if not faults:
        result = await code.call(choice.tool, **choice.arguments)
        tool = next(each for each in tools if each.name == choice.tool)
        faults = faults_of_result(question, result, tool)
    return Graded(question, tuple(faults))


async def grade_expected(shop: Path, state: Path, era: Era, questions: Sequence[Question]) -> list[Graded]:
    """Each question with its own call, in one conversation of this era."""
    async with serving(shop, state, era) as code:
        return [await grade(code, each, Choice(each.tool, each.arguments)) for each in questions]


async def list_all_tools(shop: Path, state: Path) -> dict[str, list[types.Tool]]:
    """The tools of every bundled server, as it lists them itself."""
    found = {}
    for server in BUNDLED:
        async with connected(server, "--root", shop, "--state-dir", state) as client:
            found[server] = (await client.client.list_tools()).tools
    return found
