"""The installed tray on a screen, and a person who reads the screen and uses the mouse. Nothing of it is imported."""

from __future__ import annotations

import contextlib
import fcntl
import json
import subprocess
from collections.abc import Callable, Iterator
from subprocess import CalledProcessError
from typing import Final

import psutil
from pytestqt.qtbot import QtBot

from tests.support.desktop import Xdotool
from tests.support.gateway_process import OSTIARY, Household
from tests.support.screen_reader import Node, ScreenReader

WAIT_MS: Final = 20_000
ACCESSIBLE: Final = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
PROGRAM: Final = "ostiary"
TITLE: Final = "Ostiary"
SMALLEST_ICON_PX: Final = 16


class InstalledTray:
    """Started as a person starts it, and killed at the end if it has not ended."""

    def __init__(self, qtbot: QtBot, xdotool: Xdotool, place: Household) -> None:
        self._qtbot, self._xdotool, self._place = qtbot, xdotool, place
        self._reader = ScreenReader(PROGRAM)  # before the program: it looks for the bus of screen readers at its start
        self._started: list[subprocess.Popen[bytes]] = []
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the program, a first or a second time."""
        self.process = subprocess.Popen([OSTIARY], env={**self._place.environment, **ACCESSIBLE})
        self._started.append(self.process)
        return self.process

    def start_again(self) -> None:
        """A second start, which ends at once as the first runs already."""
        subprocess.run([OSTIARY], env=self._place.environment, timeout=WAIT_MS / 1000, check=True)

    def close_window(self) -> None:
        """By the window manager's key, once the window has the keyboard."""
        self.wait(lambda: self._look("getactivewindow", "getwindowname") == TITLE)
        self.press("alt+F4")

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """One of its commands, which may have to wait for the person."""
        return subprocess.Popen([OSTIARY, *arguments], env=self._place.environment, stdout=subprocess.DEVNULL)

    def wait(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=WAIT_MS)

    def see(self, name: str, role: str = "") -> Node:
        """The thing of that name, once it rests where it is and would take a click."""
        seen: list[Node | None] = []

        def rests() -> bool:
            seen.append(self._reader.find(name, role))
            newest = seen[-1]
            return newest is not None and newest.sensitive and seen[-3:] == [newest] * 3

        self.wait(rests)
        newest = seen[-1]
        assert newest is not None
        return newest

    def see_sentence(self, start: str) -> None:
        """Some words, however short they show."""
        self.wait(lambda: self.shows(start))

    def shows(self, name: str, role: str = "") -> bool:
        return self._reader.find(name, role) is not None

    def click(self, name: str, role: str = "") -> None:
        x, y = self.see(name, role).middle
        self._xdotool("mousemove", x, y, "click", 1)

    def open_menu(self) -> None:
        """A right click on the icon in the tray. Qt tells screen readers nothing of this menu; keys move in it."""
        before = self._windows(PROGRAM)
        self._xdotool("mousemove", *self._icon(), "click", 3)
        self.wait(lambda: not self._windows(PROGRAM) <= before)

    def press(self, *keys: str) -> None:
        """Keys by their X names, to whatever has the keyboard."""
        self._xdotool("key", *keys)

    def click_icon(self) -> None:
        self._xdotool("mousemove", *self._icon(), "click", 1)

    def _icon(self) -> tuple[int, int]:
        """The middle of the only icon that the tray host has, once it has made room for it."""
        found: list[tuple[int, int]] = []

        def rests() -> bool:
            shape = self._shape_of("trayer")
            if shape is None:
                return False  # it hides while it has no icon
            x, y, width, height = shape
            found.append((x + width // 2, y + height // 2))
            return width >= SMALLEST_ICON_PX and found[-10:] == [found[-1]] * 10

        self.wait(rests)
        return found[-1]

    def _windows(self, program: str) -> frozenset[str]:
        """The windows of a program that show."""
        return frozenset(self._look("search", "--onlyvisible", "--class", program).split())

    def _shape_of(self, program: str) -> tuple[int, int, int, int] | None:
        """Where its first window that shows stands, and its size."""
        windows = self._windows(program)
        said = self._look("getwindowgeometry", "--shell", min(windows)) if windows else ""
        shape = dict(line.split("=") for line in said.splitlines())
        return (int(shape["X"]), int(shape["Y"]), int(shape["WIDTH"]), int(shape["HEIGHT"])) if shape else None

    def _look(self, *arguments: str) -> str:
        try:
            return self._xdotool(*arguments)
        except CalledProcessError:  # how xdotool says that it found no such window
            return ""

    def gateway(self) -> psutil.Process | None:
        """The gateway that answers now; None while none does."""
        command = [OSTIARY, "status", "--json"]
        said = subprocess.run(command, env=self._place.environment, capture_output=True, check=False)
        return psutil.Process(json.loads(said.stdout)["pid"]) if said.returncode == 0 else None

    @contextlib.contextmanager
    def kill_gateway(self) -> Iterator[None]:
        """Until the block ends no other can take its place, however often one is started."""
        gateway = self.gateway()
        assert gateway is not None
        with (self._place.ostiary / "run" / "gateway.lock").open("rb+") as place:
            gateway.kill()
            fcntl.flock(place, fcntl.LOCK_EX)  # waits only for the end of what was killed
            yield

    def trays(self) -> list[psutil.Process]:
        """Whatever runs as a tray in this household, whoever started it."""
        return [program for program in self._programs() if "--headless" not in program.cmdline()]

    def everything(self) -> list[psutil.Process]:
        """Trays, gateways, commands, and what they started."""
        found: list[psutil.Process] = []
        for program in self._programs():
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [program, *program.children(recursive=True)]
        return found

    def _programs(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            of_this_home = process.environ().get("OSTIARY_HOME") == str(self._place.ostiary)
            return of_this_home and OSTIARY in process.cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def close(self) -> None:
        """Leave nothing behind, however the test went: a tray that stayed would be met by the next test."""
        self.process.kill()  # first of all: it would start a gateway anew
        for one in self.everything():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        for process in self._started:
            process.wait()
        self._reader.close()
