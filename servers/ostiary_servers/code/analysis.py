"""What the four tools share: the gate, the outlines, and the places derived from them."""

from dataclasses import dataclass

from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.common.path_gate import PathGate


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an operation works with."""

    gate: PathGate
    outlines: Outlines
