"""What a screen reader says in the prompt where the words on the screen are not enough. Pure."""

from __future__ import annotations

from ostiary.domain.approval import Question, QuestionKind
from ostiary.ui.figures import number
from ostiary.ui.language import said, tr
from ostiary.ui.visible import reveal_line


def named(name: str, word: str) -> str:
    """What a screen reader says of a control that stands for one of several things."""
    return tr("{name}: {word}").format(name=name, word=word)


def deny(question: Question) -> str:
    """What a screen reader says of the buttons: what is answered too, for who hears no more than them."""
    return _about(tr("Deny {tool} for {host}"), question) if question.tool else _asked(tr("Deny"), question)


def allow_once(question: Question) -> str:
    widens = question.kind is QuestionKind.WIDEN
    if not question.tool:
        return _asked(tr("Allow") if widens else tr("Allow once"), question)
    return _about(tr("Allow {tool} for {host}") if widens else tr("Allow once {tool} for {host}"), question)


def allow_for(question: Question) -> str:
    return _about(tr("Allow {tool} for {host} for longer"), question)


def _about(told: str, question: Question) -> str:
    host = said(reveal_line(question.caller.title or question.caller.host))
    return " ".join(told.format(tool=reveal_line(question.tool), host=host).split())


def _asked(word: str, question: Question) -> str:
    """Where no tool says what is answered, the whole sentence does."""
    return named(word, said(reveal_line(question.sentence)))


def position(place: int, questions: int) -> str:
    return tr("Question {n} of {all}").format(n=number(place), all=number(questions))


def beginning(name: str) -> str:
    """The first rows of a long argument."""
    return tr("{name}, beginning").format(name=name)


def changes_to(path: str) -> str:
    return tr("Changes to {path}").format(path=reveal_line(path))
