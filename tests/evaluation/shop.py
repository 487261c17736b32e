"""The repository that the questions are about, with a history whose days count from now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from tests.evaluation.shop_packages import packages
from tests.evaluation.shop_sources import OTHERS, PYTHON
from tests.support.code_server import commit, git, new_repository

_DAY_S = 86_400
_EARLIER_STORE = "src/shop/archive.py"
"""The name under which ``store.py`` began."""


def open_shop(folder: Path) -> Path:
    """Makes the repository in a folder that is not there yet, and gives it back."""
    shop = new_repository(folder)
    everything = {**PYTHON, **OTHERS, **packages()}
    store = everything.pop("src/shop/store.py")
    _commit(shop, 400, "Ada", "open the shop", {**everything, _EARLIER_STORE: store})
    rounded = PYTHON["src/shop/prices.py"].replace("To whole cents, never down.", "Rounds up to whole cents.")
    _commit(shop, 40, "Bob", "fix: prices are never rounded down", {"src/shop/prices.py": rounded})
    git(shop, "mv", _EARLIER_STORE, "src/shop/store.py")
    _commit(shop, 20, "Ada", "store: has its right name", {})
    body = "feat!: an order needs a customer\n\nBREAKING CHANGE: Order takes a name"
    _commit(shop, 5, "Carol", body, {"src/shop/orders.py": PYTHON["src/shop/orders.py"] + "\n# needs a customer\n"})
    secured = OTHERS["service/main.go"].replace("looks the path up.", "looks the cleaned path up.")
    _commit(shop, 3, "Bob", "security: paths are cleaned before use", {"service/main.go": secured})
    _commit(shop, 2, "Ada", "data: all regions", {"data/places.csv": "place\n" * 700})
    _commit(shop, 1, "Carol", 'Revert "data: all regions"', {"data/places.csv": "place\n"})
    return shop


def _commit(shop: Path, days_ago: int, author: str, message: str, files: Mapping[str, str | bytes]) -> None:
    moment = f"@{int(time.time()) - days_ago * _DAY_S + 3_600} +0000"
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    commit(shop, message, files, GIT_AUTHOR_NAME=author, **dates)
