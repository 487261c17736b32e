"""What a screen reader says of the buttons above the pages: each tells what it is about."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QAbstractButton

from ostiary.domain.events import Notice, Severity
from ostiary.ui import words
from tests.support.front import Front

NO_TRAY = """
import json, sys
from ostiary.app import qt_application
from ostiary.ui.language import choose
app = qt_application(choose((sys.argv[1],)))
from PySide6.QtWidgets import QPushButton
from ostiary.ui.banners import Banners
from ostiary.ui.theme import Theme
banners = Banners(Theme(app))
banners.show_tray(False)
print(json.dumps([one.accessibleName() for one in banners.findChildren(QPushButton) if one.isVisibleTo(banners)]))
"""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Dismiss: This desktop shows no tray."),
        ("de", "Ausblenden: Dieser Desktop zeigt keinen Infobereich."),
    ],
)
def test_what_is_dismissed_about_the_tray_is_said(language: str, expected: str) -> None:
    command = [sys.executable, "-c", NO_TRAY, language]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert json.loads(said.stdout) == [expected]


def test_each_button_of_a_message_says_what_it_is_about(front: Front) -> None:
    notice = Notice(severity=Severity.WARNING, title="Cursor is denied", silenced="cursor")
    question = front.application.mirror.questions[0]
    front.application.tell(notice)
    front.window.banners.show_missed(question)
    told = {
        *(f"{verb}: {notice.title}" for verb in (words.RESUME, words.DISMISS)),
        *(f"{verb}: {words.question_line(question)}" for verb in (words.LOOK_AT_IT, words.DISMISS)),
    }
    assert told <= {button.accessibleName() for button in front.window.banners.findChildren(QAbstractButton)}
