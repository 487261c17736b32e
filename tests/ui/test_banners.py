"""What a screen reader says of the buttons above the pages: each tells what it is about."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from ostiary.domain.events import Notice, Severity
from ostiary.ui import words
from ostiary.ui.banners import Banners, MissedStrip, NoticeStrip
from ostiary.ui.theme import Theme
from tests.support.front import Front
from tests.ui import approval_cases as cases

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


def test_missed_questions_of_two_gateways_are_two_though_their_numbers_are_one(qtbot: QtBot, dressed: Theme) -> None:
    banners = Banners(dressed)
    qtbot.addWidget(banners)
    first = cases.changed(cases.edit(1), asked_at=100.0)
    second = cases.changed(cases.third_party(1), asked_at=200.0)
    banners.show_missed(first)
    banners.show_missed(second)
    strips = banners.findChildren(MissedStrip)
    assert len(strips) == 2

    looked_at: list[object] = []
    banners.missed_wanted.connect(looked_at.append)
    for strip in strips:
        next(one for one in strip.findChildren(QPushButton) if one.text() == words.LOOK_AT_IT).click()

    assert looked_at == [first, second]


def test_two_hosts_that_were_silenced_alike_are_dismissed_one_by_one(qtbot: QtBot, dressed: Theme) -> None:
    banners = Banners(dressed)
    qtbot.addWidget(banners)
    notices = [Notice(severity=Severity.WARNING, title="Silenced", silenced=host) for host in ("cursor", "zed")]
    banners.show_notices(tuple(notices))
    read: list[object] = []
    banners.notice_read.connect(read.append)
    for strip in banners.findChildren(NoticeStrip):
        strip.button.click()
    assert read == notices
