"""Where ``completion/complete`` goes: to the server that owns the prompt or the template."""

from __future__ import annotations

from ostiary.gateway.asking import Asked, Ended, RefusedRequestError
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.house import House
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INVALID_PARAMS

Target = tuple[str, dict[str, object]]
"""The server that is asked, and the parameters in its own words."""


async def complete(house: House, session: int, servers: tuple[str, ...], asked: Asked) -> Ended:
    """Ask it; ``servers`` are those the session sees. Raises ``RefusedRequestError`` and ``OstiaryError``."""
    server, params = await _target_soon(asked, house, servers)
    client = await house.connections.ready(server, session)
    if not client.lists.can_complete:
        raise RefusedRequestError(INVALID_PARAMS, "This server completes nothing")
    answer = await client.ask(methods.COMPLETE, params)
    return Ended(answer.result, answer.error, modern=client.modern)


async def _target_soon(asked: Asked, house: House, servers: tuple[str, ...]) -> Target:
    """What nobody offers may be offered by a server that is being asked for the first time."""
    target = _target(asked, house.catalogue, servers)
    if target is None:
        await house.connections.first_lists(servers)
        target = _target(asked, house.catalogue, servers)
    if target is None:
        raise RefusedRequestError(INVALID_PARAMS, "Nothing is known that could be completed here")
    return target


def _target(asked: Asked, catalogue: Catalogue, servers: tuple[str, ...]) -> Target | None:
    match asked.params.get("ref"):
        case {"type": "ref/prompt", "name": str(name), **rest}:
            found = catalogue.find_prompt(name, servers)
            if found is not None:
                ref = {**rest, "type": "ref/prompt", "name": found.own_name}
                return found.server, asked.params | {"ref": ref}
        case {"type": "ref/resource", "uri": str(uri)}:
            owners = catalogue.template_owners(uri, servers)
            if owners:
                return owners[0], asked.params
    return None
