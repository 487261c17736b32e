"""The errors a person may meet, each with a title and a detail that says what to do.

::

    OstiaryError
    ├── UsageError          what was asked for makes no sense (unknown name, bad argument)
    ├── RefusedError        policy says no; asking again the same way will not help
    ├── SettingsError       settings or a data file cannot be read or are from a newer version
    ├── HostFileError       a host's configuration file cannot be edited safely
    ├── SecretError         the keyring is absent, locked or refused
    ├── ServerError         a server could not be started or spoken to
    └── UnreachableError    the gateway cannot be reached or did not answer in time

Neither title nor detail ever holds a secret.
"""


class OstiaryError(Exception):
    """Base of all errors that are shown to a person.

    ``title`` is a short sentence without a full stop; ``detail`` says what it means and what to do.
    """

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(in_sentences(title, detail) if detail else title)
        self.title = title
        self.detail = detail


def in_sentences(title: str, detail: str) -> str:
    """A title and what it means, one after the other; nothing without a title."""
    return f"{title}. {detail}".rstrip() if title else ""


class UsageError(OstiaryError):
    """What was asked for makes no sense: an unknown name, a bad argument."""


class RefusedError(OstiaryError):
    """Policy says no."""


class SettingsError(OstiaryError):
    """A file of ours cannot be read, or a newer version of Ostiary wrote it."""


class HostFileError(OstiaryError):
    """A host's configuration file cannot be edited without a risk to what is in it."""


class SecretError(OstiaryError):
    """The keyring is absent, locked, or refused."""


class ServerError(OstiaryError):
    """A server could not be started or spoken to."""


class UnreachableError(OstiaryError):
    """The gateway cannot be reached, or did not answer in time."""
