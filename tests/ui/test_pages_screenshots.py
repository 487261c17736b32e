"""Pictures of the prompt, and of everything at 200 %, for a person to look at after the run.

The README's pictures are some of them, and of ``test_screenshots``. To renew them, run
``python3 packaging/dev.py test -- tests/ui/test_pages_screenshots.py tests/ui/test_screenshots.py`` and copy to
``resources/readme/``: ``prompt-edit-light.png`` as ``prompt.png``, ``window-first-start.png`` as ``first-steps.png``,
and each ``readme-NAME.png`` as ``NAME.png``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import Question, QuestionEnd
from ostiary.ui.approval.placing import WIDTH
from ostiary.ui.approval.question_view import QuestionView
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.theme import Scheme, Theme
from tests.support.desktop import Screenshot, wait_on_screen
from tests.ui import approval_cases as cases

pytestmark = pytest.mark.desktop

HERE = Path(__file__).parent
README_PICTURES = HERE.parents[1] / "resources" / "readme"
NAMES = ("prompt", "servers", "server", "hosts", "activity", "first-steps")
LARGEST_BYTES = 150_000
QUESTIONS = (
    cases.edit,
    cases.create,
    cases.third_party,
    cases.unverified,
    cases.changed_tool,
    cases.widen,
    cases.hidden,
    cases.huge,
)
TWICE_TIMEOUT_S = 110
SCROLL_BAR_PX = 10
TWICE = "is_pictured and not dark"
"""Dark has the same room, and is looked at as it is."""


IN_DARK = (cases.edit, cases.third_party, cases.hidden)
"""What they show is of every colour that a prompt has."""

PICTURED = [(make, Scheme.LIGHT) for make in QUESTIONS] + [(make, Scheme.DARK) for make in IN_DARK]


@pytest.mark.parametrize(("make", "scheme"), PICTURED, ids=[f"{make.__name__}-{scheme}" for make, scheme in PICTURED])
def test_prompt_is_pictured_with_its_buttons_on_the_screen(
    qtbot: QtBot,
    qapp: QApplication,
    dressed: Theme,
    screenshot: Screenshot,
    scheme: Scheme,
    make: Callable[[int], Question],
) -> None:
    dressed.apply(qapp, scheme)
    window = ApprovalWindow(dressed)
    qtbot.addWidget(window)
    window.open_question(make(1))
    qtbot.waitUntil(window.bar.allow_once.isEnabled)
    picture = QImage(str(screenshot(f"prompt-{make.__name__}-{scheme}", window)))
    assert picture.size() == window.size() * window.devicePixelRatio()
    assert window.rect().contains(window.bar.geometry())
    wait_on_screen(qtbot, window)


def on_the_edge(theme: Theme) -> Question:
    """A question whose last word fits in its line only as long as no scroll bar takes the room."""
    for length in range(1, 200):
        question = cases.changed(cases.widen(2), sentence="word" + "s" * length)
        view = QuestionView(theme, question)
        if view.heightForWidth(WIDTH - SCROLL_BAR_PX) > view.heightForWidth(WIDTH):
            return question
    raise AssertionError("no length is on the edge")


def test_prompt_that_fits_does_not_scroll_when_it_appears_again(qtbot: QtBot, dressed: Theme) -> None:
    window = ApprovalWindow(dressed)
    qtbot.addWidget(window)
    window.open_question(cases.widen(1))
    qtbot.waitUntil(window.bar.allow_once.isEnabled)
    window.close_question(1, QuestionEnd.ALLOWED)
    window.open_question(on_the_edge(dressed))
    qtbot.waitUntil(window.bar.allow_once.isEnabled)
    (view,) = window.findChildren(QuestionView)
    assert view.width() == WIDTH


def test_the_same_pictures_are_taken_at_200_percent(artefacts: Path) -> None:
    folder = artefacts / "200-percent"
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "OSTIARY_ARTEFACTS": str(folder)}
    files = (__file__, str(HERE / "test_screenshots.py"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", TWICE, *files]
    taken = subprocess.run(command, env=environment, timeout=TWICE_TIMEOUT_S, stdout=subprocess.PIPE, text=True)
    assert taken.returncode == 0, taken.stdout
    assert QImage(str(folder / "window-servers-light-narrow.png")).width() == 720


@pytest.mark.parametrize("name", NAMES)
def test_the_pictures_of_the_readme_are_there_and_small(name: str) -> None:
    picture = README_PICTURES / f"{name}.png"
    assert not QImage(str(picture)).isNull()
    assert picture.stat().st_size < LARGEST_BYTES
