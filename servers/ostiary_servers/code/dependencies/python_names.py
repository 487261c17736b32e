"""Names and requirements of Python packages (PEP 503, PEP 508). Pure."""

import re

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508

from ostiary_servers.code.dependencies.model import Requirement, Scope


def normal(name: str) -> str:
    """The one form of a name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str, scope: Scope, line: int = 0) -> Requirement | None:
    """What a requirement in the form of PEP 508 says; None for what is none, such as a bare address."""
    try:
        parsed = Pep508(text)
    except InvalidRequirement:
        return None
    spec = f"@ {parsed.url}" if parsed.url else str(parsed.specifier)
    return Requirement(normal(parsed.name), spec, scope, line, str(parsed.marker or ""))
