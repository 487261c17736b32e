"""One gateway for all tests of a module, with the person in front of it, and households for those that need their own.

Fixtures, for a module to import by name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person, person_at


@pytest.fixture
def place() -> Iterator[Household]:
    """An empty household, for a gateway of the test's own."""
    with household() as empty:
        yield empty


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with household() as shared, running_gateway(shared, front=True) as running:
        yield running


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    """Sits at the front of the gateway; ``files`` runs, and a folder is approved."""
    someone = person_at(gateway)
    someone.approve(gateway.household.person / "docs")
    someone.enable()
    return someone


@pytest.fixture
def docs(gateway: GatewayProcess, person: Person) -> Path:
    """The folder that ``person`` approved."""
    return gateway.household.person / "docs"


@pytest.fixture
def host(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    """A host of 2025-11-25."""
    with line_host(gateway) as speaker:
        yield speaker
