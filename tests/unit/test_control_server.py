"""A front that subscribes misses nothing between its snapshot and the first event after it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from typing import Any

from ostiary.control import codec
from ostiary.control import messages as m
from ostiary.domain.approval import GateMode
from ostiary.domain.events import Mode
from ostiary.gateway.control_server import ControlServer
from ostiary.gateway.pipe_channel import PipeChannel

DEADLINE_S = 20.0


async def _nothing(*_: object) -> None:
    """Nobody is asked here."""


def test_what_happens_while_a_snapshot_is_made_is_told_after_it() -> None:
    reply, event = asyncio.run(asyncio.wait_for(_told_to_a_new_front(), DEADLINE_S))
    assert reply == {"id": 1, "result": "the snapshot"}
    assert event["event"] == "mode"


async def _told_to_a_new_front() -> list[dict[str, Any]]:
    """Its first two lines, where something happens in the midst of its first command."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    server = _server()
    descriptors = os.dup(theirs.fileno()), theirs.detach()
    server.add(PipeChannel(asyncio.get_running_loop(), *descriptors), pid=None, front=False)
    reader, writer = await asyncio.open_connection(sock=ours)
    writer.write(codec.encode_command(1, m.Subscribe()) + b"\n")
    lines = [json.loads(await reader.readline()) for _ in range(2)]
    server.close()
    writer.close()
    await writer.wait_closed()
    return lines


def _server() -> ControlServer:
    async def snapshot(_command: m.Command[Any]) -> object:
        server.publish(Mode(mode=GateMode.PAUSED))
        return "the snapshot"

    server = ControlServer(
        run=snapshot,
        widens=lambda _: False,
        settle=lambda command: command,
        ask_person=_nothing,
        is_ours=lambda _: False,
        trust_commands=False,
        on_trusted=lambda _: None,
        on_front=lambda _: None,
    )
    return server
