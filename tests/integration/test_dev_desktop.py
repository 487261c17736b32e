"""The desktop that dev.py starts for tests is a new one, and nothing of it is left afterwards."""

import os
from pathlib import Path

import psutil
import pytest

from devtools.desktop import surroundings

pytestmark = pytest.mark.desktop


def test_a_desktop_is_private_and_gone_when_its_run_ends_in_an_error() -> None:
    before = set(psutil.Process().children())

    with pytest.raises(KeyboardInterrupt), surroundings(os.environ) as variables:  # noqa: PT012 -- what is inside counts
        started = set(psutil.Process().children()) - before
        home = Path(variables["HOME"])
        names = {process.name() for process in started}
        assert names == {"Xvfb", "openbox", "dbus-daemon", "gnome-keyring-daemon"}
        assert variables["DISPLAY"] != os.environ["DISPLAY"]
        assert home.stat().st_mode & 0o077 == 0
        assert Path(variables["XDG_RUNTIME_DIR"]).stat().st_mode & 0o077 == 0
        raise KeyboardInterrupt

    assert not home.exists()
    assert not [process for process in started if process.is_running()]
