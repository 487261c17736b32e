"""Many messages above the pages: one line in their place, and none of them lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ostiary.domain.events import Notice, Severity
from ostiary.ui import message_fold
from ostiary.ui.banners import Banners
from ostiary.ui.looks import Look
from ostiary.ui.parts.mark import Shape
from tests.support.front import Front

HEIGHT, NARROW, WIDE = 640, 360, 960
LINE_PX = 48
PROBLEM, BUSY = Look(Shape.TRIANGLE, "problem"), Look(Shape.TRIANGLE, "busy")


def tell(front: Front, count: int, width: int) -> list[Notice]:
    """The window so wide, with so many notices and nothing else above its pages."""
    told = [Notice(severity=Severity.WARNING, title=f"Something {n} happened", detail="x " * 90) for n in range(count)]
    front.window.resize(width, HEIGHT)
    front.application.mirror.notices = tuple(told)
    front.application.mirror.notices_changed.emit()
    front.window.banners.show_tray(True)
    front.wait(lambda: front.window.width() == width)
    return told


def shown(banners: Banners, front: Front) -> set[str]:
    said = front.words(banners)
    return {f"Something {n} happened" for n in range(9) if f"Something {n} happened" in said}


@pytest.mark.parametrize(("count", "width"), [(1, NARROW), (3, WIDE)])
def test_few_messages_stand_open(front: Front, count: int, width: int) -> None:
    tell(front, count, width)
    front.wait(lambda: len(shown(front.window.banners, front)) == count)
    assert message_fold.messages(count) not in front.words(front.window.banners)


@pytest.mark.parametrize(("count", "width"), [(2, NARROW), (9, NARROW), (4, WIDE)])
def test_many_messages_take_one_line_that_opens_all_of_them(front: Front, count: int, width: int) -> None:
    told = tell(front, count, width)
    banners = front.window.banners
    front.wait(lambda: message_fold.messages(count) in front.words(banners))
    front.wait(lambda: banners.height() <= LINE_PX)
    assert shown(banners, front) == set()
    front.click(front.button(banners, message_fold.SHOW))
    front.wait(lambda: shown(banners, front) == {notice.title for notice in told})
    front.press(front.button(banners, message_fold.HIDE), Qt.Key.Key_Space)
    front.wait(lambda: shown(banners, front) == set())


def test_messages_stand_open_again_once_they_are_few(front: Front) -> None:
    told = tell(front, 2, NARROW)
    front.wait(lambda: shown(front.window.banners, front) == set())
    front.application.mirror.notices = (told[0],)
    front.application.mirror.notices_changed.emit()
    front.wait(lambda: shown(front.window.banners, front) == {told[0].title})


def test_the_line_has_the_mark_of_the_gravest() -> None:
    assert message_fold.gravest([BUSY, PROBLEM, BUSY]) == PROBLEM
    assert message_fold.gravest([BUSY, Look(Shape.FULL, "accent")]) == BUSY
