"""What a host's own parser takes beyond strict JSON."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Each flag is a thing that the host is known to read; without it, a file that has the thing is not edited."""

    bom: bool = False
    comments: bool = False
    trailing_commas: bool = False

    @classmethod
    def from_names(cls, names: Iterable[str]) -> "Tolerance":
        """Reads ``bom``, ``comments`` and ``trailing-commas``. Raises ``TypeError`` for any other name."""
        return cls(**{name.replace("-", "_"): True for name in names})


STRICT = Tolerance()
JSONC = Tolerance(bom=True, comments=True, trailing_commas=True)
