"""A call as the rules and the prompt see it. A value only; what makes it is ``subjects``."""

from __future__ import annotations

from msgspec import Struct

from ostiary.domain.plan import ChangePlan
from ostiary.gateway.client import Client
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.pins import Definition
from ostiary.gateway.targets import Target


class Subject(Struct, frozen=True):
    """A call that may be judged, and the process it would go to."""

    call: Call
    target: Target
    client: Client
    definition: Definition | None
    plan: ChangePlan | None = None
