"""What every test meets first: which Qt platform it gets, and whether a desktop test may run here at all.

`dev.py test` brings a screen, a window manager, a session bus and an unlocked keyring, and says so by OSTIARY_DESKTOP.
"""

import os

import pytest

from tests.support.relay import how_it_runs

PROMISED = os.environ.get("OSTIARY_DESKTOP") == "1"

if not PROMISED:
    # A plain pytest must neither abort for want of a display nor open windows on the developer's own.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

pytest_plugins = ["tests.support.desktop", "tests.support.patient_qtbot"]


def pytest_configure() -> None:
    """Refuse the whole run where a desktop was promised and is not there: Qt would abort at the first window."""
    lacking = [name for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS") if not os.environ.get(name)]
    if PROMISED and lacking:
        raise pytest.UsageError(f"OSTIARY_DESKTOP=1 promises a desktop, but not set: {', '.join(lacking)}")


def pytest_report_header() -> str:
    """What is tested."""
    return f"relay: {how_it_runs()}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a desktop test where no desktop was promised; where one was, nothing is skipped."""
    if not PROMISED and item.get_closest_marker("desktop") is not None:
        pytest.skip("needs a desktop of its own: python3 packaging/dev.py test")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """What clients of the SDK run on in tests: asyncio, as the bundled servers do."""
    return "asyncio"
