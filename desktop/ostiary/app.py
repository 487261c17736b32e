"""Composition root of the tray: the process, its files, its signals, and the parts of ``ui`` that make the front.

What holds sentences is imported late: they are looked up in the language that the person's preferences name.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLibraryInfo, QLocale, QProcess, QStandardPaths, QTranslator
from PySide6.QtWidgets import QApplication

from ostiary import __version__
from ostiary.domain.events import Notice, Severity
from ostiary.ui import icons, language
from ostiary.ui.faults import Faults
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.icons import Doorway
from ostiary.ui.login.this_desktop import login_entry
from ostiary.ui.own_settings import OwnSettings
from ostiary.ui.preferences import FILE_NAME, PreferencesFile, languages
from ostiary.ui.quit_signals import QuitSignals
from ostiary.ui.theme import Scheme, Theme
from ostiary_connect.endpoint import ConnectError, Endpoint, locate
from ostiary_connect.launch import Keeping, record_launch

if TYPE_CHECKING:
    from ostiary.ui.application import Application

GATEWAY_ARGUMENTS = ("--headless", "--front-stdio")
NAME: Final = "Ostiary"
SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM")
"""What tells Qt of a screen on Linux; without one it would abort."""
NO_SCREEN: Final = "ostiary: There is no screen here to show a window on. `ostiary --headless` runs without one."
EXIT_NO_SCREEN: Final = 69
"""sysexits' EX_UNAVAILABLE."""
START_AGAIN: Final = 1_000
"""Ends the event loop for a new tray; no exit code of the process."""


def main(arguments: Sequence[str]) -> int:
    """Run the tray until the person quits. Gives the exit code; a second start raises the first and gives 0."""
    options = _parser().parse_args(arguments)
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):
        print(NO_SCREEN, file=sys.stderr)
        return EXIT_NO_SCREEN
    if options.home:
        os.environ["OSTIARY_HOME"] = os.path.abspath(options.home)  # noqa: PTH100 - as ``locate`` reads it
    endpoint = locate()
    folder = log_folder(endpoint)
    preferences = PreferencesFile(config_folder(endpoint) / FILE_NAME)
    preferences.load()
    spoken = languages(preferences.current.language, QLocale.system().uiLanguages())
    app = qt_application(language.choose(spoken))
    faults = Faults(folder / "tray.log")
    faults.install()
    signals = QuitSignals()
    try:
        code = _run(app, faults, signals, options, endpoint, preferences)
    finally:
        signals.close()
        faults.uninstall()
    if code == START_AGAIN:
        QProcess.startDetached(own_program(), list(arguments))
        os._exit(0)  # an orderly end would take the gateway with it, which is our child and goes on for its hosts
    return code


def _run(
    app: QApplication,
    faults: Faults,
    signals: QuitSignals,
    options: argparse.Namespace,
    endpoint: Endpoint,
    preferences: PreferencesFile,
) -> int:
    from ostiary.ui.application import Application
    from ostiary.ui.try_it import TryIt

    theme = Theme(app)
    theme.apply(app, Scheme(options.scheme or preferences.current.scheme))
    program, *rest = options.gateway or (own_program(), *GATEWAY_ARGUMENTS)
    link = GatewayLink(program, tuple(rest), faults.file.with_name("gateway.err"), endpoint)
    own = OwnSettings(preferences, login_entry(), login_command(endpoint))
    front = Application(theme, link, own, TryIt(shim_command(endpoint)))
    signals.arrived.connect(front.quit)
    # ``exit``, not ``quit``: that asks the window first, which would only hide
    front.ended.connect(lambda: app.exit(START_AGAIN if front.starts_again else 0))
    link.other_front.connect(lambda: app.exit(0))
    front.watch(faults)
    _record(endpoint, front)
    keep = partial(_keep, Keeping(endpoint))
    link.state_changed.connect(keep)
    keep(link.state)
    _tell_kept_aside(preferences, front)
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


def shim_command(endpoint: Endpoint) -> tuple[str, ...]:
    """What starts the shim of this installation, for a gateway that runs already."""
    name = f"ostiary-connect{Path(own_program()).suffix}"
    home = ("--home", endpoint.home) if endpoint.home else ()
    return (str(Path(own_program()).with_name(name)), "--no-start", *home)


def login_command(endpoint: Endpoint) -> tuple[str, ...]:
    """What starts this tray when the person logs in."""
    return (own_program(), "--home", endpoint.home) if endpoint.home else (own_program(),)


def qt_application(spoken: str) -> QApplication:
    """``spoken`` is the language of the window, "" for English; Qt's own dialogs and the direction go with it."""
    app = QApplication([NAME])
    locale = QLocale(spoken) if spoken else QLocale(QLocale.Language.English)
    translator = QTranslator(app)
    if translator.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    app.setLayoutDirection(locale.textDirection())
    app.setApplicationName("ostiary")
    app.setApplicationDisplayName(NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ostiary")
    app.setWindowIcon(icons.doorway(Doorway.IDLE))
    app.setQuitOnLastWindowClosed(False)
    return app


def _record(endpoint: Endpoint, front: Application) -> None:
    """Note how we were started, for hosts that find no gateway; without the note they start us less surely."""
    from ostiary.ui import words

    try:
        record_launch(endpoint, [own_program()], os.environ)
    except (ConnectError, OSError) as error:
        front.tell(Notice(severity=Severity.WARNING, title=words.NOT_RECORDED, detail=str(error)))


def _keep(keeping: Keeping, state: LinkState) -> None:
    """A gateway that died is started by us alone; shims wait for it. One that cannot be started is anybody's."""
    if state is LinkState.LOST:
        keeping.give_up()
        return
    with suppress(OSError):  # the folder cannot be used: told when the start could not be recorded
        keeping.claim()


def _tell_kept_aside(preferences: PreferencesFile, front: Application) -> None:
    from ostiary.ui.pages import settings_words

    if (aside := preferences.kept_aside) is not None:
        detail = settings_words.kept_aside(str(aside))
        front.tell(Notice(severity=Severity.WARNING, title=settings_words.KEPT_ASIDE, detail=detail))


def config_folder(endpoint: Endpoint) -> Path:
    """The gateway's settings folder too (``gateway.paths``, which a front may not import; a test compares them)."""
    if endpoint.home:
        return Path(endpoint.home) / "config"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "ostiary"
    elif sys.platform == "win32":  # noqa: RET505 - mypy needs the branches apart
        local = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        return Path(local) / "ostiary"
    else:
        config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
        return Path(config) / "ostiary"


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
    parser.add_argument("--scheme", choices=[*Scheme])
    parser.add_argument("--gateway", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser
