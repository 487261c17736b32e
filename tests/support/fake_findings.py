"""What the fake gateway finds when it looks: what is wrong on the machine, and servers in hosts' files."""

from __future__ import annotations

from ostiary.domain.finding import Finding
from ostiary.domain.host_import import Candidate, Imported, ImportPlan, ImportProgress, ImportRequest

FINDINGS = (
    Finding(
        code="server-github",
        ok=False,
        sentence="The server GitHub was given up.",
        action="Set the token that it needs on the page of secrets, then restart it.",
    ),
    Finding(
        code="definition",
        ok=False,
        sentence="A tool's definition cannot be read",
        action="Look at its command: it does not understand these arguments.",
    ),
    Finding(code="keyring", ok=True, sentence="The keyring is unlocked."),
    Finding(code="shim", ok=True, sentence="Hosts start ostiary-connect of this version."),
)

REPORT = "Ostiary 0.1.0\nThe server GitHub was given up.\n"
PROGRESS = ImportProgress(done_bytes=40_000_000, total_bytes=300_000_000)
BROUGHT_IN = Imported(servers=("git",), secrets=("GITHUB_TOKEN",))
TAKEN_BACK = Imported(servers=("git",), kept=("git stays: it was changed since it was brought in.",))

_CANDIDATES = (
    Candidate(
        name="git",
        found_in=("Cursor", "Zed"),
        command=("uvx", "mcp-server-git", "--repository", "/home/robin/Projects/a website with a long name"),
        environment={"GITHUB_TOKEN": "‹masked›"},
        secrets={"GITHUB_TOKEN": "GITHUB_TOKEN"},
        chosen=True,
    ),
    Candidate(
        name="linear",
        found_in=("Cursor",),
        command=("https://mcp.linear.app/mcp",),
        problem="It is reached over the network, not started by a command.",
    ),
)


def import_plan(request: ImportRequest) -> ImportPlan:
    """The same two servers wherever it looks; ticked as asked."""
    chosen = request.names or ("git",)
    shown = tuple(one for one in _CANDIDATES if not one.chosen or one.name in chosen)
    return ImportPlan(candidates=shown, token="t1")
