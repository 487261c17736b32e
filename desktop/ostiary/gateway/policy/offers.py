"""Which answers that last a prompt offers for a call. Pure.

Nothing is offered that would not count for the next such call: a new definition, and a file that may hold secrets, are
asked about whatever lets the tool pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from ostiary.domain.approval import Duration, Offer, Scope
from ostiary.domain.root import Root
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.odd_names import told
from ostiary.gateway.policy.call import TOOLS_CALL, Call

_FOR_ANYBODY = (Duration.FIVE_MINUTES, Duration.HOUR, Duration.UNTIL_DISCONNECT)
"""An unverified host is known only as long as it stays connected."""
_FOR_THE_VERIFIED = (*_FOR_ANYBODY, Duration.UNTIL_QUIT)


def offers(call: Call, roots: tuple[Root, ...], *, risky_always: bool = False) -> tuple[Offer, ...]:
    """The scopes for this call, narrowest first, each with how long it may hold.

    *Always* is for verified hosts, and not for what may destroy or reaches beyond this computer, unless the settings
    say so (``risky_always``): an added server's word for it does not count, and a whole server may do either.
    """
    if call.method != TOOLS_CALL or call.definition_changed:
        return ()
    lasts = _FOR_THE_VERIFIED if call.host_verified else _FOR_ANYBODY
    tame = is_tame(call.hints, call.origin, trusted=call.trusted)
    lasts_for_tool = (*lasts, Duration.ALWAYS) if call.host_verified and (tame or risky_always) else lasts
    lasts_for_server = (*lasts, Duration.ALWAYS) if call.host_verified and risky_always else lasts
    found = [Offer(scope=Scope.ARGUMENTS, durations=lasts_for_tool)]
    if call.sensitive:
        return tuple(found)
    found += [Offer(scope=Scope.FOLDER, durations=lasts_for_tool, folder=folder) for folder in _folders(call, roots)]
    found.append(Offer(scope=Scope.TOOL, durations=lasts_for_tool))
    if call.tool_state is ToolState.ASKS:
        return tuple(found)  # that is narrower than what a rule for the server says
    if call.hints.read_only:
        found.append(Offer(scope=Scope.SERVER_READS, durations=lasts_for_tool))
    found.append(Offer(scope=Scope.SERVER, durations=lasts_for_server))
    return tuple(found)


def is_tame(hints: ToolHints, origin: ServerOrigin, *, trusted: bool) -> bool:
    """Whether a tool, by the word of a server that is believed, neither destroys nor leaves this computer."""
    believed = trusted or origin is ServerOrigin.BUNDLED
    return believed and not hints.open_world and (hints.read_only or not hints.destructive)


def _folders(call: Call, roots: tuple[Root, ...]) -> tuple[str, ...]:
    """The folder that holds all of the call's paths, then the approved folder around it.

    Of bundled servers only: what another server does with a text that does not look like a path is not known.
    """
    if call.origin is not ServerOrigin.BUNDLED or not call.paths:
        return ()
    around = [root.path for root in roots if all(PurePath(path).is_relative_to(root.path) for path in call.paths)]
    if not around:
        return ()
    nearest = max(around, key=len)
    folders = dict.fromkeys((_common(call.paths, nearest), nearest))
    return tuple(folder for folder in folders if folder == told(folder))  # a rule cannot hold any other


def _common(paths: Iterable[str], root: str) -> str:
    """The deepest folder that all the paths are in, not above ``root``."""
    parents = [PurePath(path) if path == root else PurePath(path).parent for path in paths]
    first, *others = parents
    while not all(other.is_relative_to(first) for other in others):
        first = first.parent
    return str(first)
