"""Composition root of the tray: the process, its files, its signals, and the parts of ``ui`` that make the front."""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication

from ostiary import __version__
from ostiary.domain.events import Notice, Severity
from ostiary.ui import icons, words
from ostiary.ui.application import Application
from ostiary.ui.faults import Faults
from ostiary.ui.gateway_link import GatewayLink
from ostiary.ui.icons import Doorway
from ostiary.ui.quit_signals import QuitSignals
from ostiary.ui.theme import Scheme, Theme
from ostiary_connect.endpoint import ConnectError, Endpoint, locate
from ostiary_connect.launch import record_launch

GATEWAY_ARGUMENTS = ("--headless", "--front-stdio")


def main(arguments: Sequence[str]) -> int:
    """Run the tray until the person quits. Gives the exit code; a second start raises the first and gives 0."""
    options = _parser().parse_args(arguments)
    if options.home:
        os.environ["OSTIARY_HOME"] = os.path.abspath(options.home)  # noqa: PTH100 - as ``locate`` reads it
    endpoint = locate()
    folder = log_folder(endpoint)
    app = _qt_application()
    faults = Faults(folder / "tray.log")
    faults.install()
    signals = QuitSignals()
    try:
        return _run(app, faults, signals, options, endpoint)
    finally:
        signals.close()
        faults.uninstall()


def _run(
    app: QApplication, faults: Faults, signals: QuitSignals, options: argparse.Namespace, endpoint: Endpoint
) -> int:
    theme = Theme(app)
    theme.apply(app, Scheme(options.scheme))
    program, *rest = options.gateway or (own_program(), *GATEWAY_ARGUMENTS)
    link = GatewayLink(program, tuple(rest), faults.file.with_name("gateway.err"), endpoint)
    front = Application(theme, link)
    signals.arrived.connect(front.quit)
    front.ended.connect(lambda: app.exit(0))  # not ``quit``: that asks the window first, which would only hide
    link.other_front.connect(lambda: app.exit(0))
    front.watch(faults)
    _record(endpoint, front)
    front.open()
    code = app.exec()
    front.close()
    return code


def own_program() -> str:
    """The installed program, by which a gateway is started too: never ``python -m``, which would look at the cwd."""
    if getattr(sys, "frozen", False):
        return sys.executable
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sysconfig.get_path("scripts")) / f"ostiary{suffix}")


def _qt_application() -> QApplication:
    app = QApplication([words.NAME])
    app.setApplicationName("ostiary")
    app.setApplicationDisplayName(words.NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ostiary")
    app.setWindowIcon(icons.doorway(Doorway.IDLE))
    app.setQuitOnLastWindowClosed(False)
    return app


def _record(endpoint: Endpoint, front: Application) -> None:
    """Note how we were started, for hosts that find no gateway; without the note they start us less surely."""
    try:
        record_launch(endpoint, [own_program()], os.environ)
    except (ConnectError, OSError) as error:
        front.tell(Notice(severity=Severity.WARNING, title=words.NOT_RECORDED, detail=str(error)))


def log_folder(endpoint: Endpoint) -> Path:
    """The gateway's log folder too (``gateway.paths``, which a front may not import; a test compares them)."""
    if endpoint.home:
        return Path(endpoint.home) / "logs"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "ostiary"
    elif sys.platform == "win32":  # noqa: RET505 - mypy needs the branches apart
        local = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        return Path(local) / "ostiary" / "Logs"
    else:
        state = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
        return Path(state) / "ostiary" / "log"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ostiary", add_help=False)
    parser.add_argument("--home")
    parser.add_argument("--scheme", choices=[*Scheme], default=Scheme.SYSTEM)
    parser.add_argument("--gateway", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser
