"""What the tray menu says and what each line wishes, as values. Pure: the tray makes a menu of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ostiary.domain.approval import GateMode, Question
from ostiary.domain.host import HostState, HostView
from ostiary.domain.server import ServerState, ServerView
from ostiary.ui import looks, words
from ostiary.ui.pages import host_words
from ostiary.ui.pages.server_words import state_word

STRICTNESS: Final = (GateMode.NORMAL, GateMode.ASK_ALL, GateMode.PAUSED, GateMode.BLOCK_ALL)


class Verb(Enum):
    """What a line of the menu is for."""

    OPEN = auto()
    TOGGLE = auto()
    """A click on the icon: show the window, or hide the one in front."""
    REVIEW = auto()
    """``argument`` is the question's id."""
    SHOW_SERVER = auto()
    """``argument`` is its name."""
    SHOW_HOSTS = auto()
    SHOW_APPROVALS = auto()
    SET_MODE = auto()
    """``argument`` is the mode, ``minutes`` how long."""
    QUIT = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """A line's purpose. None of them widens access: for that the window opens, where the person confirms."""

    verb: Verb
    argument: str | int | GateMode | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the menu; without a wish it only tells, with ``lines`` it opens another menu."""

    text: str
    wish: Wish | None = None
    checked: bool | None = None
    lines: tuple[Line, ...] = ()


SEPARATOR: Final = Line("")


def menu(
    servers: tuple[ServerView, ...],
    hosts: tuple[HostView, ...],
    questions: tuple[Question, ...],
    mode: GateMode,
    trouble: str = "",
) -> tuple[Line, ...]:
    """The whole menu. ``trouble`` is what is wrong with the gateway, in words; empty while it runs."""
    running = sum(server.state is ServerState.RUNNING for server in servers)
    groups = (
        (Line(trouble or words.tray_state(mode, running, len(questions))),),
        tuple(Line(words.question_line(question), Wish(Verb.REVIEW, question.id)) for question in questions),
        tuple(_server_line(server) for server in servers),
        tuple(_host_line(host) for host in hosts if host.state is not HostState.NOT_FOUND),
        () if trouble else _mode_lines(mode),
        (Line(words.OPEN, Wish(Verb.OPEN)), Line(words.QUIT, Wish(Verb.QUIT))),
    )
    lines: list[Line] = []
    for group in filter(None, groups):
        lines += [SEPARATOR, *group] if lines else group
    return tuple(lines)


def is_widening(now: GateMode, wanted: GateMode) -> bool:
    """Whether going from one mode to the other lets more through than before."""
    return STRICTNESS.index(wanted) < STRICTNESS.index(now)


def _server_line(server: ServerView) -> Line:
    mark, word = looks.server(server).shape, state_word(server)
    return Line(f"{mark} {server.title} — {word}", Wish(Verb.SHOW_SERVER, server.name))


def _host_line(host: HostView) -> Line:
    mark, word = looks.HOSTS[host.state].shape, host_words.HOST_STATES[host.state]
    return Line(f"{mark} {host.title} — {word}", Wish(Verb.SHOW_HOSTS))


def _mode_lines(mode: GateMode) -> tuple[Line, ...]:
    pauses = tuple(
        Line(words.pause_for(minutes), _mode_wish(mode, GateMode.PAUSED, float(minutes)))
        for minutes in words.PAUSE_MINUTES
    )
    return (
        Line(words.PAUSE_PROMPTS, checked=mode is GateMode.PAUSED, lines=pauses),
        _mode_line(mode, GateMode.ASK_ALL),
        _mode_line(mode, GateMode.BLOCK_ALL),
    )


def _mode_line(mode: GateMode, wanted: GateMode) -> Line:
    if mode is wanted:  # choosing it again would end it, which lets more through
        return Line(words.MODES[wanted], Wish(Verb.SHOW_APPROVALS), checked=True)
    return Line(words.MODES[wanted], _mode_wish(mode, wanted), checked=False)


def _mode_wish(mode: GateMode, wanted: GateMode, minutes: float | None = None) -> Wish:
    if is_widening(mode, wanted):
        return Wish(Verb.SHOW_APPROVALS)
    return Wish(Verb.SET_MODE, wanted, minutes)
