"""A gateway that is killed and started again under its hosts, with a server that notes what reached it."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ostiary.control.client import connect
from ostiary.control.messages import AddServer, GetStatus, TrustServer
from ostiary_connect.endpoint import locate
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.person import Person

SERVER = str(Path(__file__).with_name("children") / "lasting_server.py")


class MortalGateway:
    """One household; its gateway of the moment is ``now``."""

    def __init__(self, place: Household, *options: str) -> None:
        self.place = place
        self._options = options
        self._running = contextlib.ExitStack()
        self.now = self._start()

    def kill(self) -> None:
        """End it as the system does, without a last word."""
        self.now.process.kill()
        self.now.process.wait()
        self._running.close()

    def start(self) -> None:
        """Another one, until it answers."""
        self.now = self._start()

    def restart(self) -> None:
        self.kill()
        self.start()

    def end(self) -> None:
        self._running.close()

    def settle(self) -> None:
        """Until it has let go of every host that left."""
        deadline = time.monotonic() + DEADLINE_S
        with connect(str(self.place.ostiary)) as control:
            while self.journals and time.monotonic() < deadline:
                control.ask(GetStatus())
        assert not self.journals

    @property
    def journals(self) -> list[Path]:
        return list(Path(locate(str(self.place.ostiary)).folder).glob("*.journal"))

    @property
    def calls(self) -> list[list[Any]]:
        """What reached the server: name and arguments of each call."""
        noted = self.place.person / "calls"
        return [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []

    def _start(self) -> GatewayProcess:
        return self._running.enter_context(running_gateway(self.place, "--trust-cli", *self._options))


@contextlib.contextmanager
def mortal_gateway(*options: str) -> Iterator[MortalGateway]:
    """With the server ``lasting``, trusted and running. ``options`` are those of each gateway."""
    with household() as place:
        gateway = MortalGateway(place, *options)
        try:
            with connect(str(place.ostiary)) as control:
                person = Person(control)
                command = (sys.executable, "-S", "-E", SERVER, str(place.person / "calls"))
                person.do(AddServer(name="lasting", command=command, environment={}))
                person.do(TrustServer(name="lasting", trusted=True))
                person.enable("lasting")
            yield gateway
        finally:
            gateway.end()
