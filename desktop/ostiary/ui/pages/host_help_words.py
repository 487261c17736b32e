"""The sentences of what else can be done for a host."""

from __future__ import annotations

from typing import Final

from ostiary.ui.language import tr

MAKE_BUNDLE: Final = tr("Make a bundle…")
BUNDLE_NAME: Final = "ostiary.mcpb"
BUNDLE_MEANS: Final = tr(
    "A file that this host installs, which makes it start Ostiary without a change to its own file"
)


def bundle_made(path: str, title: str) -> str:
    return tr("Saved as {path}. Open it with {title} to install it.").format(path=path, title=title)


def not_written(path: str, reason: str) -> str:
    return tr("{path} could not be written: {reason}.").format(path=path, reason=reason)


def restart(title: str) -> str:
    return tr("Restart {title}…").format(title=title)


def restart_now(title: str) -> str:
    return tr("Restart {title}").format(title=title)


def restart_means(title: str) -> str:
    """What a restart does, asked before."""
    return tr(
        "{title} is asked to quit, as its own menu would, and opened again. What it does just now is cut off; "
        "if it asks you something first, answer there."
    ).format(title=title)
