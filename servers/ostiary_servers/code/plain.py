"""Text out of a repository, made fit to be shown: anybody may have written it, also to be read by a model. Pure."""

import unicodedata

_KEPT = {"\n", "\t"}


def plain(text: str, limit: int) -> str:
    """At most ``limit`` characters, without those that cannot be seen: controls, direction marks, tags, zero width."""
    shown = "".join(
        each for each in text if each in _KEPT or unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs"}
    )
    return shown if len(shown) <= limit else f"{shown[:limit]}…"


def one_line(text: str, limit: int) -> str:
    """As ``plain``, with all white space made single spaces."""
    return plain(" ".join(text.split()), limit)
