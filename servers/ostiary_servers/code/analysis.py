"""What the four tools share: the gate, the outlines, and the advisories."""

from dataclasses import dataclass, field

from ostiary_servers.code.advisories.book import AdvisoryBook
from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.common.path_gate import PathGate


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an operation works with."""

    gate: PathGate
    outlines: Outlines
    advisories: AdvisoryBook = field(default_factory=AdvisoryBook)
