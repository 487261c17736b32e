"""Composition root of the gateway process: its arguments, its loop, its own log, its signals, its end."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from ostiary.domain.errors import OstiaryError
from ostiary.domain.house_rules import Writes
from ostiary.gateway import busy_poll, heap, paths
from ostiary.gateway.channel import Channel
from ostiary.gateway.gateway import Gateway, Options
from ostiary.gateway.listener import AlreadyRunningError
from ostiary.gateway.masking import MaskedFormatter
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.stream_channel import over_pipes_of
from ostiary.own_log import OwnLog
from ostiary_connect import endpoint

EXIT_FAILED = 1
EXIT_RUNNING = 75
"""Another gateway of this user runs already (sysexits' EX_TEMPFAIL)."""

LOG_BYTES = 1_000_000
LOG_FILES = 3
LOG_LAYOUT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_LOG = logging.getLogger("ostiary")


def main(arguments: Sequence[str]) -> int:
    """Run a gateway until it is asked to end. Returns the exit code."""
    heap.share()
    gc.freeze()  # what is loaded stays; looking through it for garbage stops every call for 25 ms (measured)
    chosen = _parser().parse_args(arguments)
    where = endpoint.locate(chosen.home)
    places = paths.find(where.home)
    try:
        _log_to(places.log_file)
        writes = None if chosen.writes is None else Writes(chosen.writes)
        with asyncio.Runner(loop_factory=busy_poll.new_event_loop) as runner:
            return runner.run(_serve(Options(where, places, writes, chosen.trust_cli), chosen.front_stdio))
    except OstiaryError as error:
        _LOG.error("%s", error)
        print(f"ostiary: {error}", file=sys.stderr)
        return EXIT_RUNNING if isinstance(error, AlreadyRunningError) else EXIT_FAILED
    except OSError as error:
        _LOG.exception("The gateway ended")
        print(f"ostiary: {error}", file=sys.stderr)
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ostiary --headless",
        description="Run Ostiary without a window: hosts reach their servers, and nobody is asked.",
        epilog="Writes are denied unless you say otherwise: --writes elicit has the host ask in its own window, "
        "--writes allow lets them pass without asking.",
    )
    parser.add_argument("--headless", action="store_true", help="run without a window")
    parser.add_argument(
        "--writes",
        choices=[choice.value for choice in Writes],
        help="what happens to a write that nobody can be asked about (default: as in the settings, at first deny)",
    )
    parser.add_argument(
        "--trust-cli",
        action="store_true",
        help="obey commands that widen access; they are listed for review when a window is next opened",
    )
    parser.add_argument("--home", metavar="PATH", help="keep everything under this folder (as OSTIARY_HOME does)")
    parser.add_argument("--front-stdio", action="store_true", help=argparse.SUPPRESS)
    return parser


async def _serve(options: Options, front_stdio: bool) -> int:
    gateway = Gateway(options)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(MaskedFormatter(LOG_LAYOUT, gateway.masking))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_uncaught)
    _end_on_signals(loop, gateway.quitting)
    try:
        await gateway.start()
        if front_stdio:
            gateway.attach_front(await _own_stdio())
        _LOG.info("Ostiary %s listens at %s", os.getpid(), options.endpoint.socket_path)
        await gateway.quitting.wait()
    finally:
        await gateway.stop()
    return 0


async def _own_stdio() -> Channel:
    """The channel to who started us. Our stdout carries nothing else: what is printed goes to stderr."""
    loop = asyncio.get_running_loop()
    read_fd, write_fd = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform == "win32":
        return await over_pipes_of(loop, read_fd, write_fd)
    return PipeChannel(loop, read_fd, write_fd)


def _end_on_signals(loop: asyncio.AbstractEventLoop, quitting: asyncio.Event) -> None:
    """SIGTERM and SIGINT end the gateway as Quit does; a closed terminal does not."""
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda _number, _frame: loop.call_soon_threadsafe(quitting.set))
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, quitting.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)


def _log_to(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = OwnLog(file, longest_bytes=LOG_BYTES, older=LOG_FILES)
    handler.setFormatter(logging.Formatter(LOG_LAYOUT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    sys.excepthook = lambda kind, error, trace: _LOG.critical("Uncaught", exc_info=(kind, error, trace))


def _uncaught(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    _LOG.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
