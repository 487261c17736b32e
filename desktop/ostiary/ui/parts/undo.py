"""Says what was removed, right where it was, and offers the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ostiary.ui.language import tr
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.text import Text

V = TypeVar("V")


class Undo(Card, Generic[V]):
    """Hidden until something is offered; ``put_back`` gets that again. Only the newest can be put back here."""

    def __init__(self, put_back: Callable[[V], None]) -> None:
        super().__init__()
        self._put_back = put_back
        self._kept: V | None = None
        self._words = Text()
        self.button = button(tr("Put it back"), self._wanted)
        self.column.addLayout(Ends(self._words, self.button))
        self.hide()

    def offer(self, sentence: str, kept: V) -> None:
        """``sentence`` says what was removed."""
        self._kept = kept
        self._words.setText(sentence)
        self.button.setAccessibleDescription(sentence)
        self.show()

    def settle(self, is_back: Callable[[V], bool]) -> None:
        """Nothing is offered any more once what was removed is there again, however it came."""
        if self._kept is not None and is_back(self._kept):
            self._kept = None
            self.hide()

    def offer_again(self) -> None:
        """It was not put back: the way stays open."""
        self.show()

    def _wanted(self) -> None:
        self.hide()
        if self._kept is not None:
            self._put_back(self._kept)
