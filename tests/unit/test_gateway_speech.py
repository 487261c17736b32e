"""What the gateway says is known again by the window to the last word, whatever it is said about.

The language here is one without letters: each template's own letters become dots. All values are given without any,
so every letter that is left is a word that no template knew: it would stay English in a window of any language.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtools.sentences import too_short
from ostiary.control import messages as m
from ostiary.domain.approval import Caller, Decision, Duration, GateMode, Process, Scope
from ostiary.domain.errors import in_sentences
from ostiary.domain.finding import Finding
from ostiary.domain.host import HostState, HostView
from ostiary.domain.host_import import ImportRequest
from ostiary.domain.house_rules import HouseRules, Writes
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange
from ostiary.domain.root import RootMode
from ostiary.domain.secret import KeyringState
from ostiary.domain.server import ServerOrigin, ServerState, ServerView, ToolState
from ostiary.gateway import findings, widening
from ostiary.gateway.flood import Flood, Kind
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.identity import identify
from ostiary.gateway.policy.pins import PinState
from ostiary.gateway.policy.preview import Sight, Subject, draft
from ostiary.gateway.policy.rule import Rule, in_words
from ostiary.gateway.sightings import HostSighting, ServerStart
from ostiary.gateway.supervise.advice import advice
from ostiary.gateway.supervise.child import exit_words
from ostiary.gateway.supervise.login_path import FoundPath
from ostiary.ui.recognition import Recognition

ROOT = Path(__file__).parents[2]
TEMPLATES = (ROOT / "desktop/ostiary/locale/gateway.txt").read_text(encoding="utf-8").splitlines()
PLACE = re.compile(r"(\{\w+\})")
NAME, TITLE, PATH, OTHER = "§1", "§2", "/§3", "/§4"
NAMES = ("SIGSEGV", "SIGKILL", "fs", "inotify", "max", "user", "watches")
"""As they stand in every language."""


RUNTIMES = ((PATH, "1"), (PATH, ""), (None, ""))


def dotted(template: str) -> str:
    parts = PLACE.split(template)
    return "".join(part if PLACE.fullmatch(part) else re.sub(r"[A-Za-z]", "·", part) for part in parts)


KNOWN = Recognition(TEMPLATES, dotted)


def left_over(text: str) -> list[str]:
    """The words that no template knew."""
    return [word for word in re.findall(r"[A-Za-z]+", KNOWN.translated(text)) if word not in NAMES]


def of_findings() -> Iterator[Finding]:
    yield from (findings.front(has) for has in (True, False))
    yield from (findings.watches(limit) for limit in (None, 100, 1_000_000))
    yield findings.keyring(KeyringState(backend=NAME))
    yield findings.path(FoundPath(path=PATH, shell=OTHER))
    yield findings.path(FoundPath(path=PATH))
    for standing in HostState:
        yield findings.host(HostView(name=NAME, title=TITLE, state=standing, config_path=PATH))
    host = HostView(name=NAME, title=TITLE, state=HostState.CONNECTED)
    yield from (findings.host_program(host, PATH, is_there=there) for there in (True, False))
    yield findings.host_contact(host, None)
    for client, can in ((NAME, (TITLE,)), ("", ())):
        yield findings.host_contact(host, HostSighting(at=0.0, client=client, revision="7", capabilities=can))
    for state in ServerState:
        for enabled, modern in ((True, True), (False, False)):
            yield findings.server(server(state, enabled=enabled), ServerStart(first_s=1, last_s=2), modern=modern)
    yield from (findings.program(server(), place) for place in (PATH, None))
    yield from (findings.runtime(NAME, place, found, (TITLE, OTHER)) for place, found in RUNTIMES)
    yield from findings.roots(())


def server(state: ServerState = ServerState.FATAL, *, enabled: bool = True) -> ServerView:
    return ServerView(
        name=NAME,
        title=TITLE,
        description="",
        origin=ServerOrigin.ADDED,
        command=(PATH,),
        enabled=enabled,
        state=state,
        error=exit_words(3, ""),
        advice=advice(3, ""),
    )


def of_commands() -> Iterator[m.Command[Any]]:
    yield m.EnableServer(name=NAME)
    yield m.AddServer(name=NAME, command=(PATH,), environment={NAME: OTHER})
    yield m.RestoreServer(name=NAME)
    for request in (
        ImportRequest(),
        ImportRequest(hosts=(NAME,), names=(TITLE,)),
        ImportRequest(pasted="1"),
        ImportRequest(file=PATH),
    ):
        yield m.ApplyImport(request=request, token="")
    yield m.RestartHost(host=NAME)
    yield m.TrustServer(name=NAME, trusted=True)
    yield from (m.SetToolState(name=NAME, own_name=TITLE, state=state) for state in ToolState)
    yield m.ShowServerToHost(host=NAME, server=TITLE, shown=True)
    yield from (m.SetToolForHost(host=NAME, server=TITLE, own_name=OTHER, state=state) for state in ToolState)
    yield from (m.AddRoot(path=PATH, mode=mode) for mode in RootMode)
    yield from (m.SetMode(mode=mode) for mode in GateMode)
    for writes in Writes:
        yield from (m.ChangeHouseRules(rules=HouseRules(writes=writes, risky_always=risky)) for risky in (True, False))
    yield m.UndoCall(id=7)


CALL = Call(
    host=NAME,
    host_verified=True,
    session=1,
    server=NAME,
    server_identity="",
    origin=ServerOrigin.BUNDLED,
    pin=PinState.BEHAVIOURAL,
)
SIGHT = Sight(roots=(), real_path=lambda path: f"{path}§", is_missing=lambda _: False, mask=lambda _, value: value)


def questions() -> Iterator[str]:
    for operation in Operation:
        item = PlannedChange(op=operation, path=PATH, real_path=OTHER)
        for items in ((item,), (item, item)):
            yield from question(ChangePlan(id="", tool=NAME, title=TITLE, items=items), {})
    yield from question(None, {"/1": "/§/.env"})


def question(plan: ChangePlan | None, arguments: dict[str, object]) -> Iterator[str]:
    caller = Caller(host=NAME, title=TITLE)
    for pin in PinState:
        call = Call(**{**{field: getattr(CALL, field) for field in CALL.__struct_fields__}, "tool": NAME, "pin": pin})
        asked = draft(
            Subject(call=call, caller=caller, server_title=TITLE, tool_title=NAME, arguments=arguments, plan=plan),
            SIGHT,
        )
        yield from (asked.sentence, *(text.replace(".env", "") for text in asked.warnings))


def rules() -> Iterator[str]:
    for decision in Decision:
        for scope in Scope:
            for duration in Duration:
                yield in_words(
                    Rule(
                        id=7,
                        decision=decision,
                        scope=scope,
                        duration=duration,
                        host="",
                        server=NAME,
                        tool=TITLE,
                        folder=PATH,
                        given_at=0,
                    )
                )


def callers() -> Iterator[str]:
    odd = Process(pid=1, name=NAME, executable="/§/downloads/§")
    gone = Process(pid=1, name=NAME, executable="/§ (deleted)")
    for chain in ((), (Process(pid=1, name=NAME, executable=PATH),), (Process(pid=1, name=NAME),), (odd,), (gone,)):
        yield identify(NAME, TITLE, (), chain).warning.replace("downloads", "")


def ends() -> Iterator[str]:
    for code in (3, 126, 127, 137, 139, -9, -11, -99):
        for last_words in ("", "§. §"):
            yield in_sentences(exit_words(code, last_words), advice(code, ""))
    for said in ("401", "ENOENT", "No module named", "E404", "ENOTFOUND", "EADDRINUSE", "ENOSPC", "EACCES", "usage:"):
        yield advice(1, said)


def floods() -> Iterator[str]:
    told: list[str] = []

    async def left_out() -> str:
        flood = Flood(lambda _: None, told.append)
        for kind in (Kind.LOG, Kind.NOISE):
            while flood.passes(kind):
                pass
        while flood.progress_passes(1):
            pass
        return flood.words()

    yield asyncio.run(left_out())
    yield from told


SAID = (
    *((f"finding {one.code}", in_sentences(one.sentence.rstrip("."), one.action)) for one in of_findings()),
    *(
        (type(command).__name__, widening.draft(command, Caller(host="", title="")).sentence)
        for command in of_commands()
    ),
    *(
        (type(command).__name__, argument.name)
        for command in of_commands()
        for argument in widening.draft(command, Caller(host="", title="")).arguments
    ),
    *((type(command).__name__, widening.review_notice(command).title) for command in of_commands()),
    *(("question", text) for text in questions()),
    *(("rule", text) for text in rules()),
    *(("caller", text) for text in callers()),
    *(("end of a server", text) for text in ends()),
    *(("flood", text) for text in floods()),
)


@pytest.mark.parametrize(("by", "text"), dict.fromkeys(SAID))
def test_no_word_of_the_gateway_stays_english(by: str, text: str) -> None:
    assert not left_over(text), f"{by}: {text}"


def test_a_word_that_no_template_knows_would_be_seen() -> None:
    assert left_over("Everything is blocked. Quite.") == ["Quite"]
    assert left_over("Rule 7 suspends §1, for one hour.") == ["Rule", "suspends", "for", "one", "hour"]


NO_SENTENCE = {
    "gateway/calllog/store": "SQL",
    "gateway/import_secrets": "the name of an argument",
    "gateway/listener": "an error before there is a window",
    "gateway/policy/approvals": "a key",
    "gateway/supervise/life": "the name of a task",
    "domain/host_import": "a representation for logs",
}
"""Modules with a text that is filled with values, too short to be known again, and what that is."""


def test_no_text_for_a_person_is_too_short_to_be_known_again() -> None:
    found = too_short(ROOT)
    assert {name: texts for name, texts in found.items() if name not in NO_SENTENCE} == {}
    assert set(NO_SENTENCE) <= set(found)
