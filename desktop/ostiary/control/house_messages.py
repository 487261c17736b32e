"""Commands about what a person chose for the gate and the log."""

from __future__ import annotations

from typing import Any, ClassVar

from ostiary.control.command import Command
from ostiary.domain.house_rules import HouseRules


class GetHouseRules(Command[HouseRules], frozen=True, kw_only=True, tag="house.get"):
    result: ClassVar[Any] = HouseRules


class ChangeHouseRules(Command[HouseRules], frozen=True, kw_only=True, tag="house.change"):
    """Choose all of them; they count at once. *Widens* where more may pass without a person."""

    result: ClassVar[Any] = HouseRules
    widens: ClassVar[bool] = True
    rules: HouseRules
