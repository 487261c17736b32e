"""What becomes of a write when a server runs alone. Under Ostiary the gateway asks, and this has no say."""

from enum import StrEnum


class Writes(StrEnum):
    """The values of ``--writes``. A dry run is done with each of them."""

    ASK = "ask"
    """The client puts it to the person; one that cannot is answered ``approval_required``."""

    ALLOW = "allow"
    """It is done at once."""

    REFUSE = "refuse"
    """It is an error at once."""
