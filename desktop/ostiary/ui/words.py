"""Sentences of the window, the tray and the notifications that no page, and no prompt, keeps for itself.

Plain, short, second person, verb first: what happened, what it means, what to do.
"""

from __future__ import annotations

import time
from typing import Final

from ostiary.domain.approval import Duration, GateMode, Question
from ostiary.domain.events import Notice
from ostiary.domain.server import ServerState, ServerView, ToolHints, ToolState
from ostiary.ui.figures import duration, number, size
from ostiary.ui.language import said, tr, tr_n
from ostiary.ui.visible import reveal_line

NAME: Final = "Ostiary"

# Pages

SERVERS: Final = tr("Servers")
HOSTS: Final = tr("Hosts")
FOLDERS: Final = tr("Folders")
ACTIVITY: Final = tr("Activity")
APPROVALS: Final = tr("Approvals")
SECRETS: Final = tr("Secrets")
RULES: Final = tr("Rules")
SETTINGS: Final = tr("Settings")
PAGES: Final = tr("Pages")

# What several pages say

CANCEL: Final = tr("Cancel")
CLOSE: Final = tr("Close")
COPIED: Final = tr("Copied")
REMOVE: Final = tr("Remove")
REMOVE_ASK: Final = tr("Remove…")
RESTART: Final = tr("Restart")
DISMISS: Final = tr("Dismiss")

# The gateway, as the banner tells it

STARTING: Final = tr("Starting…")
RESTARTING: Final = tr("The gateway stopped; starting it again.")
GATEWAY_LOST: Final = tr("The gateway cannot be started, so hosts reach no server.")
ENDING: Final = tr("Closing…")
NO_TRAY_TITLE: Final = tr("This desktop shows no tray.")
NO_TRAY: Final = tr("This desktop shows no tray, so closing this window quits Ostiary and hosts reach no server.")
TRY_AGAIN: Final = tr("Try again")
RESUME: Final = tr("Resume")

LOOK_AT_IT: Final = tr("Look at it…")

FAULT: Final = tr("Something went wrong in this window")
NOT_RECORDED: Final = tr("Hosts may not find Ostiary when it is closed")

MODES: Final = {
    GateMode.NORMAL: tr("Normal"),
    GateMode.ASK_ALL: tr("Ask for everything"),
    GateMode.BLOCK_ALL: tr("Block everything"),
    GateMode.PAUSED: tr("Pause prompts"),
}
MODE_MEANS: Final = {
    GateMode.NORMAL: tr("Reads pass, writes ask you."),
    GateMode.ASK_ALL: tr("Every call asks you, reads too."),
    GateMode.BLOCK_ALL: tr("Nothing passes, and hosts see no tools."),
    GateMode.PAUSED: tr("You are not asked. What would ask is denied."),
}
MODE_BANNERS: Final = {
    GateMode.ASK_ALL: tr("Every call asks you."),
    GateMode.BLOCK_ALL: tr("Everything is blocked: hosts see no tools."),
    GateMode.PAUSED: tr("Prompts are paused: what would ask you is denied."),
}
PAUSE_MINUTES: Final = (5, 15, 60)

# Servers

SERVER_STATES: Final = {
    ServerState.STOPPED: tr("Off"),
    ServerState.STARTING: tr("Starting"),
    ServerState.RUNNING: tr("Running"),
    ServerState.BACKOFF: tr("Waits to start again"),
    ServerState.STOPPING: tr("Stopping"),
    ServerState.EXITED: tr("Ended"),
    ServerState.FATAL: tr("Problem"),
    ServerState.IDLE: tr("Stopped, starts when needed"),
}
TOOL_STATES: Final = {ToolState.ENABLED: tr("On"), ToolState.ASKS: tr("Asks"), ToolState.DISABLED: tr("Off")}
TOOL_STATE_MEANS: Final = {
    ToolState.ENABLED: tr("Reads pass; writes ask you."),
    ToolState.ASKS: tr("Every call asks you."),
    ToolState.DISABLED: tr("Hosts do not see it."),
}
SEARCH_SERVERS: Final = tr("Search servers")
NO_SERVERS: Final = tr("No server yet")
NO_SERVERS_TEACH: Final = tr(
    "A server gives your assistant tools: files, code, a service. Add one by its command line."
)
NOTHING_FOUND: Final = tr("No server has this in its name or its tools.")
ADDED_BY_YOU: Final = tr("Added by you")
RESTART_FOR_SECRET: Final = tr("Restart to use the new secret")
SHOW_OUTPUT: Final = tr("Show output")
HIDE_OUTPUT: Final = tr("Hide output")
COMMAND: Final = tr("Command")
TOOLS: Final = tr("Tools")
HINTS_ARE_CLAIMS: Final = tr("What stands under a tool is the server's own claim.")
NO_TOOLS_YET: Final = tr("Its tools show here once it has run.")
TOOL_CHANGED: Final = tr("Its definition has changed since you accepted it; its next call asks you.")
TRUST: Final = tr("Believe its claims")
TRUST_MEANS: Final = tr("Tools that it calls read-only then pass without asking, as they are defined today.")

ADD_SERVER: Final = tr("Add a server")
ADD: Final = tr("Add")
SERVER_NAME: Final = tr("Name")
SERVER_NAME_HINT: Final = "weather"
COMMAND_LINE: Final = tr("Command line")
COMMAND_LINE_HINT: Final = "uvx weather-mcp --units metric"
ENVIRONMENT: Final = tr("Environment, one NAME=value a line")
ENVIRONMENT_HINT: Final = "WEATHER_KEY=${secret:WEATHER_KEY}"
ADD_CONTINUE: Final = tr("Continue…")
ADD_CONFIRM: Final = tr("Add this server")
BAD_NAME: Final = tr("Choose a name of small letters, digits and hyphens, at most 32.")
NO_COMMAND: Final = tr("Write the command that starts the server.")
OPEN_QUOTE: Final = tr("A quotation mark in the command is not closed.")

# Folders

ADD_FOLDER: Final = tr("Add a folder")
CHOOSE_FOLDER: Final = tr("Choose a folder")
NO_FOLDERS: Final = tr("No folder yet")
NO_FOLDERS_TEACH: Final = tr(
    "The servers that come with Ostiary see only the folders you add. Drop one here, or choose it."
)
DROP_HINT: Final = tr("Drop a folder here to add it.")
READ_ONLY: Final = tr("Read only")
CAN_READ: Final = tr("Can be read, never changed")
CAN_WRITE: Final = tr("Can be read; each change asks you")
PUT_BACK: Final = tr("Put it back")

# Approvals

WAITING: Final = tr("Waiting for you")
NOBODY_WAITS: Final = tr("Nobody waits for an answer.")
REVIEW: Final = tr("Review…")
DENY: Final = tr("Deny")
HOW_TO_DECIDE: Final = tr("How calls are decided")
DURATIONS: Final = {
    Duration.ONCE: tr("once"),
    Duration.FIVE_MINUTES: tr("for 5 minutes"),
    Duration.HOUR: tr("for 1 hour"),
    Duration.UNTIL_DISCONNECT: tr("until the host disconnects"),
    Duration.UNTIL_QUIT: tr("until Ostiary quits"),
    Duration.ALWAYS: tr("always"),
}

# Secrets

ADD_SECRET: Final = tr("Add a secret")
SECRET_NAME: Final = tr("Name")
SECRET_NAME_HINT: Final = "GITHUB_TOKEN"  # noqa: S105 - a label
SECRET_VALUE: Final = tr("Value")
SET_SECRET: Final = tr("Set…")
KEEP_SECRET: Final = tr("Keep it")
NO_SECRETS: Final = tr("No secret yet")
NO_SECRETS_TEACH: Final = tr(
    "A token or password that a server needs is kept in your keyring. Servers name it as ${secret:NAME}."
)
NOT_SET: Final = tr("Not set")
IS_SET: Final = tr("Set")
UNUSED: Final = tr("No server uses it.")
NEEDS_BOTH: Final = tr("Give it a name and a value.")

# The tray

OPEN: Final = tr("Open Ostiary")
QUIT: Final = tr("Quit")
PAUSE_PROMPTS: Final = tr("Pause prompts")


def pause_for(minutes: int) -> str:
    return tr("For 1 hour") if minutes == 60 else tr_n("For {n} minute", "For {n} minutes", minutes).format(n=minutes)


def waiting(questions: int) -> str:
    return tr_n("{n} waiting", "{n} waiting", questions).format(n=number(questions))


def question_line(question: Question) -> str:
    """The one line of a question for the tray menu and the list."""
    who = said(reveal_line(question.caller.title))
    return f"{who} → {reveal_line(question.tool) or said(reveal_line(question.sentence))}"


def unanswered(question: Question) -> str:
    """What the person missed, and what they can still do."""
    return tr("Nobody answered, so this was denied once: {question}. Look at it to allow the identical retry.").format(
        question=question_line(question)
    )


def question_facts(question: Question) -> str:
    """Who asks which tool of which server."""
    who = said(reveal_line(question.caller.title))
    return " · ".join(filter(None, (who, reveal_line(question.server_title), reveal_line(question.tool))))


def tray_state(mode: GateMode, running: int, questions: int) -> str:
    """The first line of the tray menu."""
    if questions:
        told = tr_n("{n} question waits for you", "{n} questions wait for you", questions)
        return told.format(n=number(questions))
    return MODE_BANNERS.get(mode) or tr_n("{n} server runs", "{n} servers run", running).format(n=number(running))


def banner_until(sentence: str, until: float) -> str:
    """``until`` is Unix seconds; told as the clock on the wall shows it."""
    clock = time.strftime(tr("%H:%M"), time.localtime(until))
    return tr("{sentence} This ends at {time}.").format(sentence=sentence, time=clock)


def server_sentence(server: ServerView) -> str:
    return said(server.description) or ADDED_BY_YOU


def server_facts(server: ServerView, now: float) -> str:
    """What can be counted about a server, in one line; empty while there is nothing."""
    facts = [tools_cost(server)] if server.tools else []
    if server.state is ServerState.RUNNING:
        facts.append(size(server.memory_bytes))
        facts.append(tr("{n} % CPU").format(n=number(server.cpu_percent)))
        if server.started_at is not None:
            facts.append(tr("up {time}").format(time=duration(now - server.started_at)))
    if server.restarts:
        facts.append(tr_n("{n} restart", "{n} restarts", server.restarts).format(n=number(server.restarts)))
    if server.progress:
        facts.append(said(server.progress))
    return " · ".join(facts)


def tools_cost(server: ServerView) -> str:
    """How many tools, and about how much of a model's attention their definitions take."""
    tools = tr_n("{n} tool", "{n} tools", len(server.tools)).format(n=number(len(server.tools)))
    tokens = sum(tool.tokens for tool in server.tools)
    return tr("{tools} ≈ {tokens} tokens").format(tools=tools, tokens=number(tokens)) if tokens else tools


def hints(claimed: ToolHints) -> str:
    """A server's claims about a tool, in a few words."""
    writes = tr("may overwrite or delete") if claimed.destructive else tr("writes")
    words = [tr("reads only") if claimed.read_only else writes]
    if claimed.open_world:
        words.append(tr("reaches beyond this machine"))
    return tr("Says: {claims}").format(claims=", ".join(words))


def named(name: str, word: str) -> str:
    """What a screen reader says of a control that stands for one of several things."""
    return tr("{name}: {word}").format(name=name, word=word)


def remove(name: str) -> str:
    """The accessible name of what removes one of several things."""
    return tr("Remove {name}").format(name=name)


def with_key(page: str, digit: int) -> str:
    """A page's tool tip."""
    return tr("{page} (Ctrl+{digit})").format(page=page, digit=digit)


def turn(title: str) -> str:
    """The accessible name of a server's switch."""
    return tr("{title}: on or off").format(title=title)


def remove_server(title: str) -> str:
    return tr("Remove {title}? Its tool names and your answers about it are forgotten.").format(title=title)


def exact_command(command: tuple[str, ...]) -> str:
    """One argument a line, so that none can hide in another."""
    return "\n".join(map(reveal_line, command))


def folder_removed(label: str) -> str:
    return tr("{label} was removed: servers no longer see it.").format(label=label)


def watched_by(titles: tuple[str, ...]) -> str:
    return tr("Watched by {names}").format(names=", ".join(titles))


def used_by(names: tuple[str, ...]) -> str:
    return tr("Used by {names}").format(names=", ".join(names)) if names else UNUSED


def remove_secret(name: str, users: tuple[str, ...]) -> str:
    if not users:
        return tr("Remove {name} from your keyring? It cannot be brought back.").format(name=name)
    told = tr("Remove {name} from your keyring? {users} cannot start without it. It cannot be brought back.")
    return told.format(name=name, users=", ".join(users))


def secret_changed(name: str, users: tuple[str, ...]) -> str:
    """Whoever of ``users`` runs has the old one, if there was one, and whoever lacked it has not started."""
    one, many = "{name} is kept. {users} uses it after a restart.", "{name} is kept. {users} use it after a restart."
    return tr_n(one, many, len(users)).format(name=name, users=", ".join(users))


def notice(told: Notice) -> str:
    """A notice in one paragraph."""
    return f"{said(told.title)}. {said(told.detail)}" if told.detail else said(told.title)


def secret_value_of(name: str) -> str:
    return tr("New value of {name}").format(name=name)


def bad_variable(line: str) -> str:
    return tr("Write {line} as NAME=value").format(line=repr(line))


def fault(path: str) -> str:
    return tr("It may miss a change. What happened is written in {path}.").format(path=path)
