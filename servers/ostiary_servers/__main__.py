"""``ostiary-serve NAME``: the arguments. Imports late, so that ``--help`` needs neither the SDK nor a server."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn, cast

from ostiary_servers.common.writes import Writes

if TYPE_CHECKING:
    from ostiary_servers.common.http import Address
    from ostiary_servers.common.roots import RootsSource
    from ostiary_servers.common.tool_server import Transport

EXIT_USAGE = 64
"""EX_USAGE of sysexits.h."""

EXIT_UNAVAILABLE = 69
"""EX_UNAVAILABLE: the arguments are right, but the address is taken or the token file will not do."""


class _Parser(argparse.ArgumentParser):
    """Leaves with EX_USAGE, where argparse would use 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(f"ostiary-serve {_installed_version()}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the named server until its client closes stdin or, over HTTP, until a signal ends it.

    Exits with 0, with 64 for wrong usage, or with 69 when it cannot be reached as it was asked for.
    """
    from ostiary_servers.common.cloud import never_fetch

    parser = _parser()
    options = parser.parse_args(arguments)
    roots = _roots(options, parser)
    writes = _writes(options, parser)
    alone = options.roots_file is None
    never_fetch()
    with _transport(options, parser) as transport:
        if options.server == "code":
            from ostiary_servers.code.server import serve as serve_code

            serve_code(
                roots,
                _installed_version(),
                alone=alone,
                state_dir=options.state_dir,
                advisories=options.advisories,
                transport=transport,
            )
        else:
            from ostiary_servers.files.server import build, serve

            server = build(
                roots,
                _installed_version(),
                alone=alone,
                state_dir=options.state_dir,
                allow_sensitive=options.allow_sensitive,
                writes=writes,
            )
            serve(server, transport)
    return 0


def _parser() -> _Parser:
    parser = _Parser(
        prog="ostiary-serve", description="Runs one of Ostiary's MCP servers, over stdin and stdout or over HTTP."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    servers = parser.add_subparsers(dest="server", metavar="NAME", required=True, parser_class=_Parser)
    files = servers.add_parser("files", help="read, search and edit files in approved folders")
    _add_folders(files)
    _add_http(files)
    files.add_argument(
        "--state-dir", type=Path, metavar="DIR", help="where changes are kept to be undone; else none can be"
    )
    files.add_argument(
        "--allow-sensitive",
        action="store_true",
        help="give out what may hold secrets too, such as .env, keys and .ssh; under Ostiary you are asked each time",
    )
    files.add_argument(
        "--writes",
        choices=list(Writes),
        help="alone: have the client ask before each write (the default), write at once, or write nothing",
    )
    code = servers.add_parser("code", help="answer questions about repositories in approved folders")
    _add_folders(code)
    _add_http(code)
    code.add_argument(
        "--state-dir", type=Path, metavar="DIR", help="where the index is kept; else in the person's cache"
    )
    code.add_argument(
        "--advisories",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a list of advisories that you downloaded (OSV, zip or JSON); else a small dated selection",
    )
    return parser


def _add_folders(server: argparse.ArgumentParser) -> None:
    server.add_argument("--root", action="append", default=[], metavar="DIR", help="a folder to read and write")
    server.add_argument("--read-only-root", action="append", default=[], metavar="DIR", help="a folder to read only")
    server.add_argument(
        "--roots-file", type=Path, metavar="PATH", help="a file that names the folders, read again when it changes"
    )


def _add_http(server: argparse.ArgumentParser) -> None:
    server.add_argument(
        "--http", type=_address, metavar="127.0.0.1:PORT", help="serve over HTTP there; port 0: any that is free"
    )
    server.add_argument(
        "--token-file",
        type=Path,
        metavar="PATH",
        help="a file of mode 0600 with the bearer token that HTTP clients must send; else one is made",
    )


def _address(text: str) -> "Address":
    from ostiary_servers.common.http import loopback_address

    try:
        return loopback_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


@contextmanager
def _transport(options: argparse.Namespace, parser: argparse.ArgumentParser) -> "Iterator[Transport]":
    """Over stdio, SIGINT ends the server as SIGTERM does, at once: Python would wait for the thread that waits for
    stdin. Nothing is lost by that, as every file is replaced whole."""
    if options.http is None:
        if options.token_file is not None:
            parser.error("--token-file is only for --http")
        _leave_out_the_web_server()
        from ostiary_servers.common.stdio import serve_stdio

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        yield serve_stdio
        return
    from ostiary_servers.common.http import CannotServeError, listening

    try:
        with listening(options.http, options.token_file) as transport:
            yield transport
    except CannotServeError as error:
        parser.exit(EXIT_UNAVAILABLE, f"{parser.prog}: {error}\n")


def _leave_out_the_web_server() -> None:
    """Over stdio nobody needs uvicorn. The SDK imports sse_starlette, which imports it where it can and does without it
    where not: 3 MB and 25 ms less (measured)."""
    sys.modules.setdefault("uvicorn", cast(ModuleType, None))


def _roots(options: argparse.Namespace, parser: argparse.ArgumentParser) -> "RootsSource":
    from ostiary_servers.common.roots import RootsFile, fixed_roots

    named: list[str] = [*options.root, *options.read_only_root]
    if options.roots_file is not None:
        if named:
            parser.error("--roots-file cannot be combined with --root or --read-only-root")
        return RootsFile(options.roots_file)
    if not named:
        parser.error("name at least one folder with --root, --read-only-root or --roots-file")
    if missing := [folder for folder in named if not Path(folder).is_dir()]:
        parser.error(f"not a folder: {', '.join(missing)}")
    return fixed_roots(options.root, options.read_only_root)


def _writes(options: argparse.Namespace, parser: argparse.ArgumentParser) -> Writes:
    chosen = vars(options).get("writes")
    if chosen is not None and options.roots_file is not None:
        parser.error("--writes cannot be combined with --roots-file: under Ostiary its gateway asks")
    return Writes(chosen or Writes.ASK)


def _installed_version() -> str:
    from importlib.metadata import version

    return version("ostiary")


if __name__ == "__main__":
    sys.exit(main())
