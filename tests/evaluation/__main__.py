"""``python -m tests.evaluation``: do the bundled servers' tools say what they are for, and answer what they are asked?

Lints every tool definition, then asks the ``code`` server all questions in both protocol generations. With ``--model``
the questions go to a command of yours first, which chooses the calls (see ``model``). Exits with 1 when the lint or a
scripted answer has a fault; what a model makes of the questions is only told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path

import anyio

from tests.evaluation import manifest_lint
from tests.evaluation.model import Score, score
from tests.evaluation.questions import Question, load_questions
from tests.evaluation.scripted import Graded, grade_expected, list_all_tools
from tests.evaluation.shop import open_shop
from tests.support.server_client import ERAS


def main() -> int:
    """Evaluate and print. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="eval", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth question")
    parser.add_argument("--model", nargs=argparse.REMAINDER, metavar="COMMAND", help="a command that chooses the calls")
    options = parser.parse_args()
    questions = load_questions()[:: options.every]
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        shop = open_shop(top / "shop")
        return anyio.run(partial(_evaluate, shop, top / "state", questions, options.model or []))


async def _evaluate(shop: Path, state: Path, questions: Sequence[Question], command: Sequence[str]) -> int:
    tools = await list_all_tools(shop, state)
    found = manifest_lint.faults(tools)
    print(lint_report(tools, found))
    wrong = False
    for era in ERAS:
        graded = await grade_expected(shop, state, era, questions)
        wrong = wrong or any(each.faults for each in graded)
        print(answers_report(era, graded))
    if command:
        print(model_report(await score(command, shop, state, list(chain(*tools.values())), questions)))
    return 1 if found or wrong else 0


def lint_report(tools: manifest_lint.Tools, found: Sequence[manifest_lint.Fault]) -> str:
    """What each tool costs, and what is wrong with any."""
    lines = ["Tool definitions (tokens: about; as shown to a model, and whole)"]
    for server, listed in tools.items():
        shown, whole = (
            [count(tool) for tool in listed] for count in (manifest_lint.shown_tokens, manifest_lint.whole_tokens)
        )
        lines += [f"  {tool.name:<32}{a:>7}{b:>7}" for tool, a, b in zip(listed, shown, whole, strict=True)]
        lines += [f"  {f'{server}, {len(listed)} tools':<32}{sum(shown):>7}{sum(whole):>7}"]
    return "\n".join([*lines, f"  {len(found)} faults", *(f"  {fault}" for fault in found)])


def answers_report(era: str, graded: Sequence[Graded]) -> str:
    """How many answers are right, and which are not."""
    wrong = [each for each in graded if each.faults]
    lines = [f"Scripted client ({era}): {len(graded) - len(wrong)} of {len(graded)} answers are right"]
    return "\n".join([*lines, *(f"  {each.question.asked}: {'; '.join(each.faults)}" for each in wrong)])


def model_report(scores: Sequence[Score]) -> str:
    """How often the model chose the tool and got the answer, and where not."""
    total = len(scores)
    tools, answers = sum(each.right_tool for each in scores), sum(each.right_answer for each in scores)
    lines = [f"Model: {tools} of {total} tools as meant, {answers} of {total} answers are right"]
    for each in scores:
        if not (each.right_tool and each.right_answer):
            chosen = f"{each.choice.tool} {dict(each.choice.arguments)}" if each.choice else "nothing"
            lines.append(f"  {each.question.asked}: chose {chosen}; {'; '.join(each.faults) or 'the answer is right'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
