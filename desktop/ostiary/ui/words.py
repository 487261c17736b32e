"""Every sentence of the window, the tray and the notifications. (The approval prompt keeps its own.)

Plain, short, second person, verb first: what happened, what it means, what to do.
"""

from __future__ import annotations

import time
from typing import Final

from ostiary.domain.approval import Duration, GateMode, Question
from ostiary.domain.host import HostState, HostView
from ostiary.domain.server import ServerState, ServerView, ToolHints, ToolState
from ostiary.ui.approval.visible import reveal_line
from ostiary.ui.figures import count, duration, size
from ostiary.ui.language import tr, tr_n

NAME: Final = "Ostiary"

# Pages

SERVERS: Final = "Servers"
HOSTS: Final = "Hosts"
FOLDERS: Final = "Folders"
ACTIVITY: Final = "Activity"
APPROVALS: Final = "Approvals"
SECRETS: Final = "Secrets"
RULES: Final = "Rules"
SETTINGS: Final = tr("Settings")
PAGES: Final = "Pages"

# What several pages say

CANCEL: Final = "Cancel"
CLOSE: Final = "Close"
COPIED: Final = "Copied"
REMOVE: Final = "Remove"
REMOVE_ASK: Final = "Remove…"
RESTART: Final = "Restart"
DISMISS: Final = "Dismiss"

# The gateway, as the banner tells it

STARTING: Final = "Starting…"
RESTARTING: Final = "The gateway stopped; starting it again."
GATEWAY_LOST: Final = "The gateway cannot be started, so hosts reach no server."
ENDING: Final = "Closing…"
NO_TRAY: Final = "This desktop shows no tray, so closing this window quits Ostiary and hosts reach no server."
TRY_AGAIN: Final = "Try again"
RESUME: Final = "Resume"

LOOK_AT_IT: Final = "Look at it…"

FAULT: Final = "Something went wrong in this window"
NOT_RECORDED: Final = "Hosts may not find Ostiary when it is closed"

MODES: Final = {
    GateMode.NORMAL: "Normal",
    GateMode.ASK_ALL: "Ask for everything",
    GateMode.BLOCK_ALL: "Block everything",
    GateMode.PAUSED: "Pause prompts",
}
MODE_MEANS: Final = {
    GateMode.NORMAL: "Reads pass, writes ask you.",
    GateMode.ASK_ALL: "Every call asks you, reads too.",
    GateMode.BLOCK_ALL: "Nothing passes, and hosts see no tools.",
    GateMode.PAUSED: "You are not asked. What would ask is denied.",
}
MODE_BANNERS: Final = {
    GateMode.ASK_ALL: "Every call asks you.",
    GateMode.BLOCK_ALL: "Everything is blocked: hosts see no tools.",
    GateMode.PAUSED: "Prompts are paused: what would ask you is denied.",
}
PAUSE_MINUTES: Final = (5, 15, 60)

# Servers

SERVER_STATES: Final = {
    ServerState.STOPPED: "Off",
    ServerState.STARTING: "Starting",
    ServerState.RUNNING: "Running",
    ServerState.BACKOFF: "Waits to start again",
    ServerState.STOPPING: "Stopping",
    ServerState.EXITED: "Ended",
    ServerState.FATAL: "Problem",
    ServerState.IDLE: "Stopped, starts when needed",
}
TOOL_STATES: Final = {ToolState.ENABLED: "On", ToolState.ASKS: "Asks", ToolState.DISABLED: "Off"}
TOOL_STATE_MEANS: Final = {
    ToolState.ENABLED: "Reads pass; writes ask you.",
    ToolState.ASKS: "Every call asks you.",
    ToolState.DISABLED: "Hosts do not see it.",
}
SEARCH_SERVERS: Final = "Search servers"
NO_SERVERS: Final = "No server yet"
NO_SERVERS_TEACH: Final = "A server gives your assistant tools: files, code, a service. Add one by its command line."
NOTHING_FOUND: Final = "No server has this in its name or its tools."
ADDED_BY_YOU: Final = "Added by you"
RESTART_FOR_SECRET: Final = "Restart to use the new secret"  # noqa: S105 - a label
SHOW_OUTPUT: Final = "Show output"
HIDE_OUTPUT: Final = "Hide output"
COMMAND: Final = "Command"
TOOLS: Final = "Tools"
HINTS_ARE_CLAIMS: Final = "What stands under a tool is the server's own claim."
NO_TOOLS_YET: Final = "Its tools show here once it has run."
TOOL_CHANGED: Final = "Its definition has changed since you accepted it; its next call asks you."
TRUST: Final = "Believe its claims"
TRUST_MEANS: Final = "Tools that it calls read-only then pass without asking, as they are defined today."
USES_SECRETS: Final = "Uses the secrets"

ADD_SERVER: Final = "Add a server"
ADD: Final = "Add"
SERVER_NAME: Final = "Name"
SERVER_NAME_HINT: Final = "weather"
COMMAND_LINE: Final = "Command line"
COMMAND_LINE_HINT: Final = "uvx weather-mcp --units metric"
ENVIRONMENT: Final = "Environment, one NAME=value a line"
ENVIRONMENT_HINT: Final = "WEATHER_KEY=${secret:WEATHER_KEY}"
ADD_CONTINUE: Final = "Continue…"
ADD_CONFIRM: Final = "Add this server"
BAD_NAME: Final = "Choose a name of small letters, digits and hyphens, at most 32."
NO_COMMAND: Final = "Write the command that starts the server."
OPEN_QUOTE: Final = "A quotation mark in the command is not closed."

# Hosts

HOST_STATES: Final = {
    HostState.NOT_FOUND: "Not on this machine",
    HostState.AVAILABLE: "Not connected",
    HostState.CONNECTED: "Connected",
    HostState.CHANGED: "Changed",
    HostState.UNREADABLE: "Problem",
}
HOST_CHANGED: Final = "Its entry for Ostiary is not as Ostiary wrote it. Connect again to put it right."
CONNECT: Final = "Connect…"
RECONNECT: Final = "Connect again…"
DISCONNECT: Final = "Disconnect…"
WRITE_CHANGE: Final = "Write this change"
NOTHING_TO_CHANGE: Final = "Nothing has to be changed in its file."
REPAIR: Final = "Repair…"
LEAVE_IT: Final = "Leave it so"
NOT_HERE: Final = "Not on this machine"
COPY_SNIPPET: Final = "Copy the entry"
DIFF: Final = "The change to its file"
SNIPPET: Final = "Or paste this into the file yourself:"
NO_HOSTS: Final = "No host found"
NO_HOSTS_HERE: Final = "No host was found on this machine yet. Install one; it then shows on the page Hosts."
NO_HOSTS_TEACH: Final = "A host is the program you talk to your assistant in, such as Claude Desktop or Cursor."

# Folders

ADD_FOLDER: Final = "Add a folder"
CHOOSE_FOLDER: Final = "Choose a folder"
NO_FOLDERS: Final = "No folder yet"
NO_FOLDERS_TEACH: Final = (
    "The servers that come with Ostiary see only the folders you add. Drop one here, or choose it."
)
DROP_HINT: Final = "Drop a folder here to add it."
READ_ONLY: Final = "Read only"
CAN_READ: Final = "Can be read, never changed"
CAN_WRITE: Final = "Can be read; each change asks you"
PUT_BACK: Final = "Put it back"

# Approvals

WAITING: Final = "Waiting for you"
NOBODY_WAITS: Final = "Nobody waits for an answer."
REVIEW: Final = "Review…"
DENY: Final = "Deny"
HOW_TO_DECIDE: Final = "How calls are decided"
DURATIONS: Final = {
    Duration.ONCE: "once",
    Duration.FIVE_MINUTES: "for 5 minutes",
    Duration.HOUR: "for 1 hour",
    Duration.UNTIL_DISCONNECT: "until the host disconnects",
    Duration.UNTIL_QUIT: "until Ostiary quits",
    Duration.ALWAYS: "always",
}

# Secrets

ADD_SECRET: Final = "Add a secret"  # noqa: S105 - a label
SECRET_NAME: Final = "Name"  # noqa: S105 - a label
SECRET_NAME_HINT: Final = "GITHUB_TOKEN"  # noqa: S105 - a label
SECRET_VALUE: Final = "Value"  # noqa: S105 - a label
SET_SECRET: Final = "Set…"  # noqa: S105 - a label
KEEP_SECRET: Final = "Keep it"  # noqa: S105 - a label
NO_SECRETS: Final = "No secret yet"
NO_SECRETS_TEACH: Final = (
    "A token or password that a server needs is kept in your keyring. Servers name it as ${secret:NAME}."
)
NOT_SET: Final = "Not set"
IS_SET: Final = "Set"
UNUSED: Final = "No server uses it."
NEEDS_BOTH: Final = "Give it a name and a value."

# The first minute

WELCOME: Final = "Three steps, and your assistant reads your folder"
WELCOME_TEACH: Final = "Each can be skipped and done later. Nothing is shared before you say so."
STEP_FOLDERS: Final = "1.  Choose a folder"
STEP_FOLDERS_TEACH: Final = "Servers see only what you add here. Changes to a file always ask you first."
STEP_SERVERS: Final = "2.  Switch a server on"
STEP_SERVERS_TEACH: Final = "It starts at once, and every host that you connect sees its tools."
STEP_HOSTS: Final = "3.  Connect your assistant"
STEP_HOSTS_TEACH: Final = "You see the change to its file before it is written."
START_DONE: Final = "Done"
START_LATER: Final = "Do this later"

# The tray

OPEN: Final = "Open Ostiary"
QUIT: Final = "Quit"
PAUSE_PROMPTS: Final = "Pause prompts"


def pause_for(minutes: int) -> str:
    return "For 1 hour" if minutes == 60 else f"For {minutes} minutes"


def waiting(number: int) -> str:
    return f"{number} waiting"


def question_line(question: Question) -> str:
    """The one line of a question for the tray menu and the list."""
    return f"{question.caller.title} → {question.tool or question.sentence}"


def unanswered(question: Question) -> str:
    """What the person missed, and what they can still do."""
    return (
        f"Nobody answered in time, so this was denied once: {question_line(question)}. "
        "Look at it to allow the identical retry."
    )


def question_facts(question: Question) -> str:
    """Who asks which tool of which server."""
    return " · ".join(filter(None, (question.caller.title, question.server_title, question.tool)))


def tray_state(mode: GateMode, running: int, questions: int) -> str:
    """The first line of the tray menu."""
    if questions:
        return f"{count(questions, 'question waits', 'questions wait')} for you"
    return MODE_BANNERS.get(mode) or f"{count(running, 'server runs', 'servers run')}"


def banner_until(sentence: str, until: float) -> str:
    """``until`` is Unix seconds; told as the clock on the wall shows it."""
    return f"{sentence} This ends at {time.strftime('%H:%M', time.localtime(until))}."


def server_sentence(server: ServerView) -> str:
    return server.description or ADDED_BY_YOU


def server_facts(server: ServerView, now: float) -> str:
    """What can be counted about a server, in one line; empty while there is nothing."""
    facts = [tools_cost(server)] if server.tools else []
    if server.state is ServerState.RUNNING:
        facts.append(size(server.memory_bytes))
        facts.append(f"{server.cpu_percent:.0f} % CPU")
        if server.started_at is not None:
            facts.append(f"up {duration(now - server.started_at)}")
    if server.restarts:
        facts.append(count(server.restarts, "restart"))
    if server.progress:
        facts.append(server.progress)
    return " · ".join(facts)


def tools_cost(server: ServerView) -> str:
    """How many tools, and about how much of a model's attention their definitions take."""
    tools = tr_n("{n} tool", "{n} tools", len(server.tools)).format(n=len(server.tools))
    tokens = sum(tool.tokens for tool in server.tools)
    return tr("{tools} ≈ {tokens} tokens").format(tools=tools, tokens=f"{tokens:,}") if tokens else tools


def hints(claimed: ToolHints) -> str:
    """A server's claims about a tool, in a few words."""
    words = ["reads only" if claimed.read_only else "may overwrite or delete" if claimed.destructive else "writes"]
    if claimed.open_world:
        words.append("reaches beyond this machine")
    return "Says: " + ", ".join(words)


def turn(title: str) -> str:
    """The accessible name of a server's switch."""
    return f"{title}: on or off"


def remove_server(title: str) -> str:
    return f"Remove {title}? Its tool names and your answers about it are forgotten."


def confirm_command(command: tuple[str, ...]) -> str:
    """The exact command, one argument a line, so that none can hide in another."""
    shown = "\n".join(f"    {reveal_line(part)}" for part in command)
    return f"Ostiary will run this program as you, with these arguments, when you switch it on:\n{shown}"


def change_of(path: str, *, exists: bool) -> str:
    return f"This would change {path}" if exists else f"This would create {path}"


def host_restart(host: HostView) -> str:
    """What makes a change to its file count."""
    return host.restart_hint or f"Restart {host.title} to make the change count."


def host_note(host: HostView) -> str:
    """What there is to add to a host's state; empty when that says it all."""
    if host.harm or host.detail:
        return f"{host.harm} {host.detail}".strip()
    if host.restart_needed:
        return host.restart_needed
    match host.state:
        case HostState.CHANGED:
            return HOST_CHANGED
        case HostState.CONNECTED if host.sessions:
            return count(host.sessions, "session is open", "sessions are open")
        case HostState.CONNECTED:
            return host_restart(host)
        case _:
            return ""


def folder_removed(label: str) -> str:
    return f"{label} was removed: servers no longer see it."


def not_a_folder(path: str) -> str:
    return f"Only folders can be added, and this is a file: {path}"


def watched_by(titles: tuple[str, ...]) -> str:
    return f"Watched by {', '.join(titles)}"


def used_by(names: tuple[str, ...]) -> str:
    return f"Used by {', '.join(names)}" if names else UNUSED


def remove_secret(name: str, users: tuple[str, ...]) -> str:
    loses = f" {', '.join(users)} cannot start without it." if users else ""
    return f"Remove {name} from your keyring?{loses} It cannot be brought back."


def secret_changed(name: str, users: tuple[str, ...]) -> str:
    return f"{name} is kept. {', '.join(users)} still {'uses' if len(users) == 1 else 'use'} the old one."


def secret_value_of(name: str) -> str:
    return f"New value of {name}"


def bad_variable(line: str) -> str:
    return f"Write {line!r} as NAME=value"


def try_it(folder: str) -> str:
    return f"All set. Ask your assistant: what is in my folder {folder}?"


def fault(path: str) -> str:
    return f"It may miss a change. What happened is written in {path}."
