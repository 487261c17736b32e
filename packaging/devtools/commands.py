"""The commands: what each needs to be there, and what it then starts.

Owns the order of things and the exit code. How an environment, a package or a desktop is had is left to the others.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from devtools import compiled, desktop, environment, language, peers, system
from devtools.environment import ROOT, program
from devtools.errors import EXIT_UNAVAILABLE, SetUpError
from devtools.running import Run, wait_for

ARTEFACTS = ROOT / "artefacts"
WORKERS = "3"
"""Test processes side by side. Three keep two cores busy; more only make deadlines late (measured). The tests of a file
stay together, so that what the file starts is started once."""

ON_A_SCREEN = {"OSTIARY_DESKTOP": "1"}
"""The promise to tests that a desktop is there, and theirs alone."""

OTHER_SYSTEMS = tuple(system for system in ("linux", "darwin", "win32") if system != sys.platform)
ELSEWHERE = ("--no-warn-unreachable", "desktop", "servers", "resources")
"""What only another system reaches is meant to be unreachable on this one."""
MYPYS = tuple(
    ("mypy", "--platform", system, "--cache-dir", f".mypy_cache/{system}", *ELSEWHERE) for system in OTHER_SYSTEMS
)
LINTERS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), *MYPYS, ("lint-imports",))

NO_DISPLAY = """\
there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so there can be no window and no tray.
To run the same gateway without them:  python3 packaging/dev.py run --headless"""

NO_DESKTOP = """\
dev.py: Xvfb is not to be had on this system: the tests marked "desktop" are LEFT OUT of this run.
        On Linux the same command runs them."""

SUMMARY = """\
run    set everything up, then start ostiary with the arguments given
test   set everything up, then the linters and all tests but the soak tests;
       with arguments (dev.py test -- tests/ui -k prompt) only pytest, with these
bench  the benchmark, with the relay compiled where that can be done; with --plain, as Python runs it
eval   lint what the bundled servers say of their tools, and ask the code server 60 questions;
       with --model COMMAND the questions go to a command of yours first, which chooses the calls
soak   the tests that take long; with --sources FOLDER, those of the code server on what lies there too
lint   ruff, mypy (for the three systems) and import-linter alone
language   find what is to be translated, and build the language files; 1 when a translation is missing
With --compiled before it, run, test and soak take the relay compiled."""


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code: its own, or 69 when something it needs cannot be had."""
    parser = argparse.ArgumentParser(
        prog="dev.py", epilog=SUMMARY, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compiled", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", choices=("run", "test", "bench", "eval", "soak", "lint", "language"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to what the command starts")
    chosen = parser.parse_args(arguments)
    rest = chosen.arguments[1:] if chosen.arguments[:1] == ["--"] else chosen.arguments
    signal.signal(signal.SIGTERM, _end_in_order)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts its background jobs with it ignored
    try:
        relay = _compiled() if chosen.compiled else {}
        match chosen.command:
            case "run":
                return run(rest, relay)
            case "test":
                return test(rest, relay)
            case "bench":
                return bench(rest)
            case "eval":
                _set_up((*system.PYTHON, *system.CODE_TESTS))
                return wait_for(Run([str(program("python")), "-m", "tests.evaluation", *rest], os.environ))[0]
            case "soak":
                return soak(rest, relay)
            case "language":
                return language.main(ROOT)
            case _:
                return lint(rest)
    except SetUpError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return EXIT_UNAVAILABLE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def run(arguments: list[str], more: Mapping[str, str]) -> NoReturn:
    """Become `ostiary` with these arguments."""
    windowed = opens_window(arguments)
    if windowed and not has_display(os.environ):
        raise SetUpError(NO_DISPLAY)
    system.ensure((*system.PYTHON, *system.WINDOWS) if windowed else system.PYTHON)
    environment.ensure()
    command = [str(program("ostiary")), *arguments]
    if sys.platform == "win32":
        # exec on Windows gives the terminal back while the program still runs.
        sys.exit(subprocess.run(command, env={**os.environ, **more}, check=False).returncode)
    os.execve(command[0], command, {**os.environ, **more})


def bench(arguments: list[str]) -> int:
    """The benchmark. What it measures beside Ostiary is installed first, but for the servers', which does so itself."""
    if arguments[:1] != ["files"]:
        peers.ensure()
    measured = [argument for argument in arguments if argument != "--plain"]
    relay = {} if "--plain" in arguments else _compiled_or_plain()
    return _inside_a_desktop([str(program("python")), "-m", "tests.bench", *measured], relay)


def opens_window(arguments: list[str]) -> bool:
    """Whether `ostiary` with these arguments is the tray application, and no command and nothing headless."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--home")
    parser.add_argument("--headless", "--version", "--help", "-h", dest="windowless", action="store_true")
    parser.add_argument("command", nargs="?")
    known, _ = parser.parse_known_args(arguments)
    return not known.windowless and known.command is None


def has_display(variables: Mapping[str, str]) -> bool:
    """Whether a window can be opened: always on macOS and Windows, elsewhere when a display or platform is named."""
    if sys.platform != "linux":
        return True
    return any(variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def test(arguments: list[str], more: Mapping[str, str]) -> int:
    """The linters and the tests; with arguments, only pytest with these. Everything runs even if a part fails."""
    if arguments:
        return _pytest("not soak", arguments, more)
    _set_up((*system.PYTHON, *system.DESKTOP_TESTS))
    shutil.rmtree(ARTEFACTS, ignore_errors=True)  # a screenshot of an older run would pass for one of this
    lint_code = lint([])
    test_code = _all_tests(more)
    if lint_code != 0:
        print("dev.py: the tests are done, and the linters found faults (see the top)", file=sys.stderr)
    return test_code or lint_code


def soak(arguments: list[str], more: Mapping[str, str]) -> int:
    """The tests that take long; the rest of the arguments is pytest's."""
    parser = argparse.ArgumentParser(prog="dev.py soak", add_help=False, allow_abbrev=False)
    parser.add_argument("--sources", action="append", default=[])
    known, rest = parser.parse_known_args(arguments)
    if missing := [folder for folder in known.sources if not Path(folder).is_dir()]:
        raise SetUpError(f"not a folder: {', '.join(missing)}")
    folders = os.pathsep.join(str(Path(folder).resolve()) for folder in known.sources)
    return _pytest("soak", rest, {**more, "OSTIARY_SOURCES": folders})


def _compiled() -> dict[str, str]:
    """What has the programs find the compiled relay. Raises SetUpError where it cannot be compiled."""
    _set_up(system.PYTHON)
    compiled.ensure()
    return compiled.VARIABLES


def _compiled_or_plain() -> dict[str, str]:
    try:
        return _compiled()
    except SetUpError as error:
        print(f"dev.py: measured as Python runs it: {error}", file=sys.stderr, flush=True)
        return {}


def _all_tests(more: Mapping[str, str]) -> int:
    """Side by side, because most tests wait for processes: those that need no screen, and those of the desktop one by
    one, which share one screen and one keyboard.
    """
    screenless = ["-n", WORKERS, "--dist", "loadfile"]
    if not desktop.available():
        return _pytest("not soak", screenless, more)
    _set_up((*system.PYTHON, *system.DESKTOP_TESTS))
    with desktop.surroundings(os.environ) as one, desktop.surroundings(os.environ) as other:
        codes = wait_for(
            Run([*_tests("not soak and not desktop"), *screenless], {**one, **_artefacts(), **more}),
            Run(_tests("not soak and desktop"), {**other, **_artefacts(), **more, **ON_A_SCREEN}),
        )
    return next((code for code in codes if code), 0)


def lint(arguments: list[str]) -> int:
    """All four linters, also when the first finds something; 1 if any did."""
    if arguments:
        raise SetUpError("lint takes no arguments")
    _set_up(system.PYTHON)
    failed = [" ".join(linter) for linter in LINTERS if not _passes(linter)]
    if failed:
        print(f"dev.py: faults found by: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def _passes(linter: tuple[str, ...]) -> bool:
    print(f"dev.py: {' '.join(linter)}", flush=True)
    return subprocess.run([program(linter[0]), *linter[1:]], cwd=ROOT, check=False).returncode == 0


def _pytest(marks: str, arguments: list[str], more: Mapping[str, str]) -> int:
    if not desktop.available():
        print(NO_DESKTOP, flush=True)
        marks += " and not desktop"
    return _inside_a_desktop([*_tests(marks), *arguments], more)


def _tests(marks: str) -> list[str]:
    return [str(program("pytest")), "-m", marks]


def _artefacts() -> dict[str, str]:
    ARTEFACTS.mkdir(exist_ok=True)
    return {"OSTIARY_ARTEFACTS": str(ARTEFACTS)}


def _inside_a_desktop(command: list[str], more: Mapping[str, str] | None = None) -> int:
    """Run a command of the project where the desktop tests find what they need, or as it is where that cannot be."""
    more = {**_artefacts(), **(more or {})}
    if not desktop.available():
        _set_up(system.PYTHON)
        return wait_for(Run(command, {**os.environ, **more}))[0]
    _set_up((*system.PYTHON, *system.DESKTOP_TESTS))
    with desktop.surroundings(os.environ) as variables:
        return wait_for(Run(command, {**variables, **more, **ON_A_SCREEN}))[0]


def _set_up(needs: tuple[system.Need, ...]) -> None:
    system.ensure(needs)
    environment.ensure()


def _end_in_order(_number: int, _frame: object) -> NoReturn:
    # Unwinds the stack, and with it everything that was started.
    raise SystemExit(128 + signal.SIGTERM)
