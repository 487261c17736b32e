"""The one way in which a development command gives up."""

EXIT_UNAVAILABLE = 69
"""Something the command needs is not there: EX_UNAVAILABLE of BSD sysexits(3)."""


class SetUpError(Exception):
    """The command cannot go on; the message says what the person can do about it."""
