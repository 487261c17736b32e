"""The person in front of the gateway: sees its events, answers its questions, and configures it.

``Person`` speaks over any control connection; what it may do is what the gateway grants that connection.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from ostiary.control.client import ControlClient
from ostiary.control.messages import (
    AddRoot,
    AddServer,
    AnswerQuestion,
    Command,
    EnableServer,
    ListCalls,
    ListServers,
    Subscribe,
)
from ostiary.domain.approval import Decision, Duration, Question, QuestionEnd, Scope
from ostiary.domain.call import CallRow, Outcome
from ostiary.domain.events import AnyEvent, Calls, QuestionClosed, QuestionOpened, Servers
from ostiary.domain.root import RootMode
from ostiary.domain.server import ServerState, ServerView
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess

SERVER: Final = str(Path(__file__).with_name("children") / "e2e_server.py")

T = TypeVar("T")


class Person:
    """Everything that happens is seen from the moment it is made."""

    def __init__(self, client: ControlClient) -> None:
        self._client = client
        self.seen = client.ask(Subscribe())

    def do(self, command: Command[T]) -> T:
        return self._client.ask(command)

    # Setting up

    def approve(self, folder: Path, mode: RootMode = RootMode.READ_WRITE) -> None:
        folder.mkdir(exist_ok=True)
        self.do(AddRoot(path=str(folder), mode=mode))

    def enable(self, name: str = "files") -> ServerView:
        """Switch a server on, and wait until it runs."""
        self.do(EnableServer(name=name))
        return self.server_in(name, ServerState.RUNNING)

    def add(self, name: str, definitions: Path, *options: str, environment: dict[str, str] | None = None) -> None:
        """Configure the server of faults."""
        command = (sys.executable, "-S", "-E", SERVER, str(definitions), *options)
        self.do(AddServer(name=name, command=command, environment=environment or {}))

    def server(self, name: str) -> ServerView:
        return next(view for view in self.do(ListServers()) if view.name == name)

    def server_in(self, name: str, *states: ServerState) -> ServerView:
        """The server, as soon as it is in one of these states."""
        return self.server_as(name, lambda view: view.state in states)

    def server_as(self, name: str, fits: Callable[[ServerView], bool]) -> ServerView:
        """The server, as soon as its view fits."""
        view = self.server(name)
        while not fits(view):
            self.see(lambda event: isinstance(event, Servers))
            view = self.server(name)
        return view

    # Questions

    def question(self) -> Question:
        """The next question that is put."""
        event = self.see(lambda event: isinstance(event, QuestionOpened))
        assert isinstance(event, QuestionOpened)
        return event.question

    def allow(
        self, question: Question, scope: Scope = Scope.CALL, duration: Duration = Duration.HOUR, folder: str = ""
    ) -> None:
        lasts = Duration.ONCE if scope is Scope.CALL else duration
        answer = AnswerQuestion(id=question.id, decision=Decision.ALLOW, scope=scope, duration=lasts, folder=folder)
        self.do(answer)

    def deny(self, question: Question) -> None:
        self.do(AnswerQuestion(id=question.id, decision=Decision.DENY))

    def end_of(self, question: Question) -> QuestionEnd:
        """How a question ends, waiting for it."""
        event = self.see(lambda event: isinstance(event, QuestionClosed) and event.id == question.id)
        assert isinstance(event, QuestionClosed)
        return event.end

    # The log

    def rows(self) -> tuple[CallRow, ...]:
        return self.do(ListCalls())

    def row(self, outcome: Outcome) -> CallRow:
        """The newest call, as soon as it ended so."""
        rows = self.rows()
        while not rows or rows[-1].outcome is not outcome:
            self.see(lambda event: isinstance(event, Calls))
            rows = self.rows()
        return rows[-1]

    def see(self, fits: Callable[[AnyEvent], bool]) -> AnyEvent:
        """The next event that fits; others before it are passed over."""
        for event in self._client.events(DEADLINE_S):
            if fits(event):
                return event
        raise AssertionError("what was waited for did not happen")


def person_at(gateway: GatewayProcess) -> Person:
    """Sits at the front of this gateway, which was started with one."""
    assert gateway.front is not None
    return Person(gateway.front)


def tool(name: str, *, description: str = "It does it.", **more: Any) -> dict[str, Any]:
    """A tool's definition as its server sends it."""
    return {"name": name, "description": description, "inputSchema": {"type": "object"}, **more}


def define(file: Path, tools: Sequence[dict[str, Any]]) -> Path:
    """Write the tools that a server of faults has from now on."""
    file.write_text(json.dumps(tools))
    return file
