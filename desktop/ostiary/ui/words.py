"""Every sentence of the window, the tray and the notifications. (The approval prompt keeps its own.)

Plain, short, second person, verb first: what happened, what it means, what to do.
"""

from __future__ import annotations

from typing import Final

from ostiary.domain.server import ServerState, ToolState

NAME: Final = "Ostiary"

# Pages

SERVERS: Final = "Servers"
HOSTS: Final = "Hosts"
FOLDERS: Final = "Folders"
ACTIVITY: Final = "Activity"
APPROVALS: Final = "Approvals"
SECRETS: Final = "Secrets"

# Buttons that several pages have

CANCEL: Final = "Cancel"
CLOSE: Final = "Close"
COPY: Final = "Copy"
REMOVE: Final = "Remove"
BACK: Final = "Back"

# The gateway

STARTING: Final = "Starting…"
RESTARTING: Final = "The gateway stopped; starting it again."
GATEWAY_LOST: Final = "The gateway cannot be started."
ENDING: Final = "Closing…"
OUTPUT_OF_GATEWAY: Final = "What it wrote last"

# Servers

SERVER_STATES: Final = {
    ServerState.STOPPED: "Off",
    ServerState.STARTING: "Starting",
    ServerState.RUNNING: "Running",
    ServerState.BACKOFF: "Waiting to start again",
    ServerState.STOPPING: "Stopping",
    ServerState.EXITED: "Ended",
    ServerState.FATAL: "Problem",
}
TOOL_STATES: Final = {ToolState.ENABLED: "On", ToolState.ASKS: "Asks", ToolState.DISABLED: "Off"}
TOOL_STATE_MEANS: Final = {
    ToolState.ENABLED: "Reads pass; writes ask you.",
    ToolState.ASKS: "Every call asks you.",
    ToolState.DISABLED: "Hosts do not see it.",
}


def duration(seconds: float) -> str:
    """How long, in its largest unit: "12 s", "4 min", "3 h", "2 days"."""
    whole = max(0, int(seconds))
    for unit, length in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if whole >= length:
            count = whole // length
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"
    return f"{whole} s"


def size(size_bytes: int) -> str:
    """A size a person can compare: "14 MB"."""
    amount = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 tool", "2 tools"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
