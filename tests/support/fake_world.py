"""A small household for the window to show: servers in every state, hosts, folders, secrets, calls, a question."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ostiary.domain.approval import (
    Argument,
    Caller,
    Decision,
    Duration,
    GateMode,
    Grant,
    Offer,
    Process,
    Question,
    QuestionKind,
    ResolvedPath,
    Scope,
)
from ostiary.domain.call import CallRow, DecidedBy, Outcome
from ostiary.domain.events import Notice, SessionView, Severity
from ostiary.domain.host import HostOffer, HostState, HostView
from ostiary.domain.house_rules import HouseRules
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange
from ostiary.domain.root import RootMode, RootView
from ostiary.domain.secret import KeyringState, SecretView
from ostiary.domain.server import ServerOrigin, ServerState, ServerView, ToolHints, ToolState, ToolView
from ostiary.gateway.watch import LATE

NOW = time.time()

READS = ToolHints(read_only=True, destructive=False, open_world=False)
LASTING = (Duration.FIVE_MINUTES, Duration.HOUR, Duration.UNTIL_DISCONNECT, Duration.UNTIL_QUIT)
TOKENS = 240
"""Of each tool's definition."""
OFFER = HostOffer(tools=7, tokens=7 * TOKENS, all_tools=7, all_tokens=7 * TOKENS)
WRITES = ToolHints(read_only=False, destructive=True, open_world=False)


@dataclass
class World:
    """What the fake gateway knows. Plain and mutable: commands change it."""

    first_start: bool = False
    refuses_host_writes: bool = False
    has_front: bool = True
    """Whether a second start finds a tray to raise."""
    servers: list[ServerView] = field(default_factory=list)
    removed: list[ServerView] = field(default_factory=list)
    hosts: list[HostView] = field(default_factory=list)
    sessions: list[SessionView] = field(default_factory=list)
    roots: list[RootView] = field(default_factory=list)
    secrets: list[SecretView] = field(default_factory=list)
    keyring: KeyringState = field(default_factory=lambda: KeyringState(backend="Secret Service"))
    grants: list[Grant] = field(default_factory=list)
    mode: GateMode = GateMode.NORMAL
    mode_until: float | None = None
    questions: list[Question] = field(default_factory=list)
    calls: list[CallRow] = field(default_factory=list)
    undoable: set[int] = field(default_factory=lambda: {1})
    """The calls that can be undone."""
    notices: list[Notice] = field(default_factory=list)
    rules: HouseRules = field(default_factory=HouseRules)


def fresh() -> World:
    """A first start: the bundled server is off, two hosts are on the machine, nothing else is there."""
    files, _, _, _ = _servers()
    off = _with_state(files, ServerState.STOPPED)
    return World(first_start=True, servers=[off], hosts=_hosts(HostState.AVAILABLE))


def lived_in() -> World:
    """A machine in use, with one thing of every kind."""
    return World(
        servers=_servers(),
        hosts=_hosts(HostState.CONNECTED),
        sessions=[
            SessionView(
                id=1,
                host="cursor",
                title="Cursor",
                client="cursor-vscode 1.9",
                era="legacy",
                connected_at=NOW - 900,
                pid=4121,
                calls=12,
            )
        ],
        roots=[
            RootView(
                path="/home/robin/Projects/website",
                label="website",
                mode=RootMode.READ_WRITE,
                subscribers=("Cursor", "Claude Desktop"),
                late=LATE,
            ),
            RootView(path="/home/robin/Documents", label="Documents", mode=RootMode.READ_ONLY),
            RootView(
                path="/media/robin/Backup 2025",
                label="Backup 2025",
                mode=RootMode.READ_ONLY,
                problem="The folder is not there. Connect the disk, or remove the folder from this list.",
            ),
        ],
        secrets=[
            SecretView(name="GITHUB_TOKEN", used_by=("github",)),
            SecretView(name="WEATHER_KEY", used_by=("weather",), is_set=False),
            SecretView(name="OLD_TOKEN"),
        ],
        grants=[
            Grant(
                id=7,
                host="cursor",
                server="files",
                tool="edit_file",
                scope=Scope.FOLDER,
                folder="/home/robin/Projects/website",
                duration=Duration.HOUR,
                granted_at=NOW - 1_000,
                ends_at=NOW + 2_600,
                used_at=NOW - 40,
                uses=4,
            ),
            Grant(
                id=9,
                host="",
                server="github",
                tool="delete_repository",
                decision=Decision.DENY,
                scope=Scope.TOOL,
                duration=Duration.ALWAYS,
                granted_at=NOW - 90_000,
            ),
            Grant(
                id=12,
                host="claude-desktop",
                server="weather",
                tool="forecast",
                scope=Scope.TOOL,
                duration=Duration.ALWAYS,
                granted_at=NOW - 200_000,
                used_at=NOW - 90_000,
                uses=31,
                suspended="The tool's definition changed.",
            ),
        ],
        questions=[question()],
        calls=[call(1), call(2, Outcome.FAILED), call(3, Outcome.DENIED)],
        notices=[
            Notice(
                severity=Severity.WARNING,
                title="Cursor has not been restarted since you connected it",
                detail="Restart Cursor to see 12 new tools.",
            )
        ],
    )


def question(number: int = 1) -> Question:
    """Cursor wants to change one line of a file."""
    path = "/home/robin/Projects/website/config.toml"
    diff = (
        "--- a/config.toml\n+++ b/config.toml\n@@ -11,2 +11,3 @@\n [server]\n-port = 8080\n+port = 9090\n+tls = true\n"
    )
    change = PlannedChange(
        op=Operation.EDIT,
        path=path,
        real_path=path,
        root="website",
        inside=True,
        diff=diff,
        added=2,
        removed=1,
    )
    return Question(
        id=number,
        kind=QuestionKind.CALL,
        asked_at=time.time(),
        deadline=time.time() + 45,
        last_deadline=time.time() + 55,
        caller=Caller(
            host="cursor",
            title="Cursor",
            verified=True,
            processes=(Process(pid=4121, name="cursor", executable="/opt/cursor/cursor"),),
        ),
        sentence="Cursor wants to change 1 file",
        server="files",
        server_title="Files",
        origin=ServerOrigin.BUNDLED,
        tool="edit_file",
        tool_title="Edit file",
        hints=WRITES,
        arguments=(Argument(name="path", text=path, is_path=True),),
        paths=(ResolvedPath(path=path, real_path=path, root="website"),),
        plan=ChangePlan(id="p1", tool="edit_file", title="Edit file", items=(change,)),
        offers=(
            Offer(scope=Scope.FOLDER, durations=LASTING, folder="/home/robin/Projects/website"),
            Offer(scope=Scope.TOOL, durations=LASTING),
        ),
    )


def call(number: int, outcome: Outcome = Outcome.OK) -> CallRow:
    """Cursor read a file."""
    return CallRow(
        id=number,
        started_at=NOW - 100 + number,
        host="Cursor",
        server="files",
        method="tools/call",
        tool="read_text_file",
        item="/home/robin/Projects/website/config.toml",
        decision=Decision.DENY if outcome is Outcome.DENIED else Decision.ALLOW,
        decided_by=DecidedBy.DEFAULT,
        outcome=outcome,
        duration_ms=12.4,
        request_bytes=120,
        response_bytes=2_400,
    )


def added(name: str, title: str, command: tuple[str, ...]) -> ServerView:
    """A server as it is right after a person added it."""
    return ServerView(
        name=name,
        title=title or name,
        description="",
        origin=ServerOrigin.ADDED,
        command=command,
        enabled=False,
        state=ServerState.STOPPED,
    )


def _with_state(server: ServerView, state: ServerState) -> ServerView:
    return ServerView(
        name=server.name,
        title=server.title,
        description=server.description,
        origin=server.origin,
        command=server.command,
        enabled=False,
        state=state,
        tools=server.tools,
    )


def _servers() -> list[ServerView]:
    reading = [("read_text_file", "Read a file"), ("list_directory", "List a folder"), ("search_files", "Search")]
    writing = [("write_file", "Write a file"), ("edit_file", "Edit a file"), ("create_directory", "Make a folder")]
    tools = [_tool(name, title, READS) for name, title in reading]
    tools += [_tool(name, title, WRITES) for name, title in writing]
    return [
        ServerView(
            name="files",
            title="Files",
            description="Read and edit the files in your folders",
            origin=ServerOrigin.BUNDLED,
            command=("ostiary-serve", "files"),
            enabled=True,
            state=ServerState.RUNNING,
            trusted=True,
            pid=4200,
            started_at=NOW - 3 * 3600,
            cpu_percent=0.4,
            memory_bytes=34_000_000,
            tools=tuple(tools),
        ),
        ServerView(
            name="github",
            title="GitHub",
            description="",
            origin=ServerOrigin.ADDED,
            command=("npx", "-y", "@modelcontextprotocol/server-github"),
            enabled=True,
            state=ServerState.FATAL,
            restarts=5,
            error="The server ended with exit code 1; its last words: Bad credentials (401)",
            advice="Set the token that it needs on the page of secrets, then restart it.",
            stale=True,
            secrets=("GITHUB_TOKEN",),
        ),
        ServerView(
            name="weather",
            title="weather",
            description="",
            origin=ServerOrigin.ADDED,
            command=("uvx", "weather-mcp", "--units", "metric"),
            enabled=True,
            state=ServerState.BACKOFF,
            restarts=2,
            error="The server ended with exit code 2; its last words: unknown option --units",
            advice="Look at its command: it does not understand these arguments.",
            secrets=("WEATHER_KEY",),
            tools=(_tool("forecast", "Forecast", ToolHints(read_only=True, destructive=False), changed=True),),
        ),
        ServerView(
            name="notes",
            title="Notes",
            description="Search what you wrote",
            origin=ServerOrigin.ADDED,
            command=("/home/robin/.local/bin/notes-mcp", "--vault", "/home/robin/Documents/A long name/Notes of 2026"),
            enabled=False,
            state=ServerState.STOPPED,
        ),
    ]


def _tool(name: str, title: str, hints: ToolHints, *, changed: bool = False) -> ToolView:
    state = ToolState.ENABLED if hints.read_only else ToolState.ASKS
    return ToolView(name=name, own_name=name, title=title, hints=hints, state=state, changed=changed, tokens=TOKENS)


def _hosts(claude: HostState) -> list[HostView]:
    return [
        HostView(
            name="claude-desktop",
            title="Claude Desktop",
            config_path="/home/robin/.config/Claude/claude_desktop_config.json",
            state=claude,
            running=True,
            detail="",
            restart_hint="Quit Claude Desktop from its menu and open it again.",
            sessions=1 if claude is HostState.CONNECTED else 0,
            offer=OFFER,
            can_undo=claude is HostState.CONNECTED,
        ),
        HostView(
            name="cursor",
            title="Cursor",
            config_path="/home/robin/.cursor/mcp.json",
            state=HostState.AVAILABLE,
            running=False,
            detail="",
            restart_hint="Cursor reads the change when it is opened.",
            takes_projects=True,
            offer=OFFER,
        ),
        HostView(
            name="zed",
            title="Zed",
            config_path="/home/robin/.config/zed/settings.json",
            state=HostState.UNREADABLE,
            running=False,
            detail="Line 14 of its file is not valid JSON: a comma is missing.",
            restart_hint="",
        ),
        HostView(
            name="vscode",
            title="Visual Studio Code",
            config_path=None,
            state=HostState.NOT_FOUND,
            running=False,
            detail="",
            restart_hint="",
        ),
    ]
