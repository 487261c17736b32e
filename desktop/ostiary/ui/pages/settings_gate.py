"""The settings that the gateway enforces: asked for when the page shows, and changed one at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import ChangeHouseRules, GetHouseRules
from ostiary.domain.errors import OstiaryError
from ostiary.domain.house_rules import HouseRules, Writes
from ostiary.ui.asking import Ask
from ostiary.ui.pages import settings_words as words
from ostiary.ui.parts.card import Confirm
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.drop_down import DropDown
from ostiary.ui.parts.setting import Setting, section
from ostiary.ui.parts.switch import Switch
from ostiary.ui.theme import SPACE_S, Theme
from ostiary.ui.words import CANCEL


class GateSettings(QWidget):
    """What lets more pass without the person is confirmed first. Nothing can be chosen before the rules are known.

    A choice that comes before the answer to the last one builds on that: all rules travel together.
    """

    def __init__(self, theme: Theme, ask: Ask, refused: Callable[[OstiaryError], None], prompt: QWidget) -> None:
        """``prompt`` are the tray's own settings about questions, which stand among these."""
        super().__init__()
        self._ask, self._refused = ask, refused
        self.rules: HouseRules | None = None
        self._wished = 0
        self._wanted: HouseRules | None = None
        self.countdown = DropDown(
            words.COUNTDOWN, words.COUNTDOWNS_S, words.seconds, lambda chosen: self._change(answer_within_s=chosen)
        )
        self.risky = Switch(theme, words.RISKY)
        self.risky.clicked.connect(self._switch_risky)
        self.writes = DropDown(words.WRITES, Writes, words.writes, self._choose_writes)
        self.bodies = Switch(theme, words.BODIES)
        self.bodies.clicked.connect(lambda: self._change(keep_bodies=not self.bodies.isChecked()))
        self.days = DropDown(words.KEEP_FOR, words.DAYS, words.days, lambda chosen: self._change(log_days=chosen))
        self.largest = DropDown(
            words.LARGEST, words.SIZES_MB, words.size, lambda chosen: self._change(log_size_mb=chosen)
        )
        self.rows = DropDown(words.MOST_ROWS, words.ROWS, words.rows, lambda chosen: self._change(log_rows=chosen))
        self.confirm_risky, self.confirm_writes = Confirm(CANCEL), Confirm(CANCEL)
        self._controls = (self.countdown, self.risky, self.writes, self.bodies)
        self._limits = (self.days, self.largest, self.rows)
        self._lay_out(prompt)
        self._enable(False)

    def load(self) -> None:
        """Ask for the rules of this moment; without a gateway the banner says why there are none."""
        self._ask(GetHouseRules(), self._show, lambda _: self._enable(False))

    def _lay_out(self, prompt: QWidget) -> None:
        countdown = Setting(words.COUNTDOWN, words.COUNTDOWN_MEANS, self.countdown)
        risky = Setting(words.RISKY, words.RISKY_MEANS, self.risky)
        writes = Setting(words.WRITES, words.WRITES_MEANS, self.writes)
        bodies = Setting(words.BODIES, words.BODIES_MEANS, self.bodies)
        limits = Setting(words.KEEP_FOR, words.KEEP_FOR_MEANS, *self._limits)
        column_in(
            self,
            section(words.QUESTIONS, countdown, prompt, risky, self.confirm_risky),
            section(words.ALONE, writes, self.confirm_writes),
            section(words.CALL_LOG, bodies, limits),
            spacing=SPACE_S,
        )

    def _show(self, rules: HouseRules) -> None:
        self.rules = rules
        self._enable(True)
        self.countdown.show_value(rules.answer_within_s)
        self.risky.setChecked(rules.risky_always)
        self.writes.show_value(rules.writes)
        self.bodies.setChecked(rules.keep_bodies)
        self.days.show_value(rules.log_days)
        self.largest.show_value(rules.log_size_mb)
        self.rows.show_value(rules.log_rows)

    def _enable(self, known: bool) -> None:
        """The gateway's settings only: those of the tray beside them need no gateway."""
        for control in (*self._controls, *self._limits):
            control.setEnabled(known)

    def _change(self, **fields: object) -> None:
        if self.rules is not None:
            self._wanted = msgspec.structs.replace(self._wanted or self.rules, **fields)
            self._wished += 1
            number = self._wished
            wish = ChangeHouseRules(rules=self._wanted)
            self._ask(wish, partial(self._changed, number), partial(self._not_changed, number))

    def _changed(self, number: int, rules: HouseRules) -> None:
        self._end_wish(number)
        self._show(rules)

    def _not_changed(self, number: int, error: OstiaryError) -> None:
        self._end_wish(number)
        self._refused(error)

    def _end_wish(self, number: int) -> None:
        if number == self._wished:
            self._wanted = None

    def _switch_risky(self) -> None:
        if self.risky.isChecked():
            self._change(risky_always=False)
        else:
            self.confirm_risky.ask(words.RISKY_WARNING, words.RISKY_YES, lambda: self._change(risky_always=True))

    def _choose_writes(self, writes: Writes) -> None:
        self.confirm_writes.hide()
        if self.rules is not None and msgspec.structs.replace(self.rules, writes=writes).is_looser_than(self.rules):
            warning = words.LOOSER_WARNINGS[writes]
            self.confirm_writes.ask(warning, words.LOOSER_YES, lambda: self._change(writes=writes))
        else:
            self._change(writes=writes)
