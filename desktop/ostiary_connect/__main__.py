"""``ostiary-connect``: what a host starts as if it were an MCP server.

Exit codes (BSD sysexits): 0 the session ended; 64 wrong arguments, or not started by a host; 69 no gateway could be
had; 75 the gateway vanished in the middle of the session and none came after it.
"""

# pathlib costs too much here: see the package's docstring
# ruff: noqa: PTH109

import os
import signal
import sys
from collections.abc import Callable

from ostiary_connect import VERSION
from ostiary_connect.carry import can_hand_over
from ostiary_connect.endpoint import ConnectError, locate, uses_tcp
from ostiary_connect.greeting import HOST, GreetingError, encode_hello
from ostiary_connect.host import Host
from ostiary_connect.reach import HostLeftError
from ostiary_connect.stand_in import StandIn, stand_in_from
from ostiary_connect.visit import GatewayVanishedError, Visit

OK, USAGE, UNAVAILABLE, TEMPORARY_FAILURE = 0, 64, 69, 75

HELP = """\
usage: ostiary-connect [--host NAME] [--home PATH] [--servers A,B] [--no-start]

Connects an MCP host to Ostiary. A host starts this as its MCP server.

  --host NAME    the host that starts it, as in `ostiary hosts`
  --home PATH    the folder that holds everything of Ostiary, when it is not the usual one (also: OSTIARY_HOME)
  --servers A,B  show only these configured servers
  --no-start     do not start Ostiary when it is not running
  --version      print the version
"""


class UsageError(Exception):
    """The arguments make no sense."""


def main() -> int:
    """Run as a host's MCP server. Gives the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # to end at once: the gateway sees the connection close
    try:
        options = parse(sys.argv[1:])
        os.fstat(0), os.fstat(1)
    except UsageError as error:
        return _complain(USAGE, f"{error} (see --help)")
    except OSError:
        return _complain(USAGE, "stdin and stdout have to be open: a host starts this program")
    if shown := {"--help": HELP, "--version": f"ostiary-connect {VERSION}\n"}.get(next(iter(options), "")):
        os.write(1, shown.encode())
        return OK
    return _serve(options)


def parse(arguments: list[str]) -> dict[str, str]:
    """Options with their values (empty for those without), ``--help`` or ``--version`` alone if they were asked for.

    UsageError when the arguments make no sense.
    """
    options: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, joined, value = argument.partition("=")
        match name:
            case "--help" | "-h" | "--version" if not joined:
                return {"--help" if name == "-h" else name: ""}
            case "--no-start" if not joined:
                options[name] = ""
            case "--host" | "--home" | "--servers":
                options[name] = value if joined else next(rest, "")
                if not options[name]:
                    raise UsageError(f"{name} needs a value")
            case _:
                raise UsageError(f"unknown argument {argument}")
    return options


def _serve(options: dict[str, str]) -> int:
    endpoint, name = locate(options.get("--home")), options.get("--host")

    def stand_in() -> StandIn | None:
        return None if "--servers" in options else stand_in_from(endpoint.answers_path, name)

    def hello(resume: str | None) -> bytes:
        return encode_hello(
            HOST,
            VERSION,
            host=name,
            servers=options["--servers"].split(",") if "--servers" in options else None,
            cwd=_cwd(),
            transport=host.transport,
            resume=resume,
        )

    host = _host(stand_in)
    visit = Visit(endpoint, host, hello, may_start="--no-start" not in options)
    try:
        hello(None)
        visit.arrive()
        visit.stay()
    except HostLeftError:
        return OK
    except GatewayVanishedError as error:
        return _complain(TEMPORARY_FAILURE, f"Ostiary ended in the middle of the session{error}")
    except GreetingError as error:
        return _complain(USAGE, str(error))
    except ConnectError as error:
        from ostiary_connect.refusal import refuse_first_request

        _complain(UNAVAILABLE, str(error))
        refuse_first_request(str(error), host.hear)
        return UNAVAILABLE
    return OK


def _host(stand_in: Callable[[], StandIn | None]) -> Host:
    if sys.platform != "win32" and can_hand_over() and not uses_tcp():
        from ostiary_connect.handed_over import HandedOver

        return HandedOver(stand_in)
    from ostiary_connect.pumped import Pumped  # with threads, which the others need not load

    return Pumped(stand_in)


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been removed
        return ""


def _complain(code: int, message: str) -> int:
    try:
        os.write(2, f"ostiary-connect: {message}\n".encode(errors="replace"))
    except OSError:
        return code  # no stderr, nobody to tell
    return code


if __name__ == "__main__":
    sys.exit(main())
