"""Whether a text of a host's file can be written and said at all. Pure.

JSON may name half of a character (``\\ud800``), and a parser gives it as it is. What is sent or kept cannot hold it.
"""


def is_sound(text: str) -> bool:
    """Says whether it is whole."""
    return text.isascii() or text == sound(text)


def sound(text: str) -> str:
    """Gives the text with a question mark for each half of a character."""
    return text.encode(errors="replace").decode()
