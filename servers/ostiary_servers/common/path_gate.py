"""Decides whether a path may be reached, and under which approved folder.

The text of the path may be refused (``path_names``), and so is what no approved folder holds once every link is
followed. Where a link leads from one approved folder into another, the stricter of the two counts. The answer is a
``Place`` whose ``real`` path has no link left in it. Opening that is left to ``anchored``, which follows no link at
all: one that is put there after the decision makes the opening fail instead of leading outside.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import told_as_tool_error
from ostiary_servers.common.path_names import fault_in
from ostiary_servers.common.roots import Root, RootMode, Roots, RootsSource
from ostiary_servers.common.sensitive import is_sensitive


@dataclass(frozen=True, slots=True)
class Place:
    """A path that may be reached.

    ``requested`` is what the caller wrote and all that an error may name; ``real`` has no links and lies in
    ``root.real``. ``read_only`` is true when either the folder it was named in or the one it really lies in is.
    ``withheld``: it may hold secrets, and nobody allowed its content to be given out. ``denied_names`` are those of
    ``Roots``.
    """

    requested: str
    real: str
    root: Root
    read_only: bool
    withheld: bool = False
    denied_names: tuple[str, ...] = ()

    def denies(self, below: str) -> bool:
        """Whether a name below it, with the separator before, would be one that is never written."""
        return _is_named(f"{self.real}{below}", self.denied_names)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names from the root down to it; empty for the root itself."""
        return Path(self.real[len(self.root.real) :].lstrip(os.sep)).parts


class PathGate:
    """The one door to the file system. Holds no decision: the folders are asked for at every call."""

    def __init__(self, roots: RootsSource, *, withholds_secrets: bool = False) -> None:
        """``withholds_secrets``: where no gateway asks the person before a call that names what may hold them."""
        self._roots = roots
        self._withholds_secrets = withholds_secrets

    @property
    def roots(self) -> Roots:
        """The approved folders now. Raises ToolError ``roots_unavailable``."""
        return self._roots()

    def locate(self, requested: str) -> Place:
        """The place that ``requested`` means, to be read.

        Raises ToolError ``invalid_path`` or ``outside_roots``. Whether anything is there is told by opening it.
        """
        return self._marked(locate(requested, self._roots()))

    def locate_for_write(self, requested: str) -> Place:
        """The place that ``requested`` means, to be changed.

        Raises as ``locate``, and ToolError ``read_only_root`` or ``denied_by_policy``.
        """
        return self._writable(self.locate(requested))

    def locate_name(self, requested: str) -> Place:
        """The place of the name itself, be it a link, to be read. Raises as ``locate``."""
        return self._marked(locate_name(requested, self._roots()))

    def locate_name_for_write(self, requested: str) -> Place:
        """The place of the name itself, be it a link, to be put back, moved or taken away with all that is in it.

        Raises as ``locate_for_write``, also for a folder that holds an approved or a denied one. Whether a name in it
        is denied is told by ``Place.denies``.
        """
        roots = self._roots()
        place = self._writable(self._marked(locate_name(requested, roots)))
        protected = [root.real for root in roots.approved] + list(roots.denied)
        if any(holds(place.real, path) for path in protected):
            raise ToolError(
                ErrorCode.DENIED_BY_POLICY,
                f"“{requested}” is, or holds, a folder that is never moved or taken away.",
                "Name what is inside it, piece by piece; an approved folder itself stays where it is.",
            )
        return place

    def locate_new_name(self, requested: str) -> Place:
        """As ``locate_name_for_write``, for something whole that comes there.

        Refused is a name by which a file in it could become one that is denied, whatever is in it now: between a look
        and the deed there is time to put more there.
        """
        place = self.locate_name_for_write(requested)
        if _leads_to_denied(place.real, place.denied_names):
            raise ToolError(
                ErrorCode.DENIED_BY_POLICY,
                f"Nothing is put at “{requested}” as a whole: hosts read their settings in a folder of that name.",
                "Make the folder with create_directory, then put into it what belongs there, piece by piece.",
            )
        return place

    def _marked(self, place: Place) -> Place:
        if self._withholds_secrets and (is_sensitive(place.requested) or is_sensitive(place.real)):
            return replace(place, withheld=True)
        return place

    def _writable(self, place: Place) -> Place:
        requested, roots = place.requested, self._roots()
        if place.read_only:
            raise ToolError(
                ErrorCode.READ_ONLY_ROOT,
                f"“{requested}” is in “{place.root.label}”, which is approved for reading only.",
                "Write somewhere else, or ask the person to allow writing in that folder.",
            )
        if _is_denied(place.real, roots.denied) or place.denies(""):
            raise ToolError(
                ErrorCode.DENIED_BY_POLICY,
                f"“{requested}” is one of the files that are never written through Ostiary.",
                "Do not try another way to it; tell the person what you wanted to change.",
            )
        return place


def refuse_withheld(place: Place) -> None:
    """Before its content is given out, or put where its name no longer tells what it is. Raises ToolError."""
    if place.withheld:
        raise ToolError(
            ErrorCode.DENIED_BY_POLICY,
            f"“{place.requested}” may hold secrets, and nobody can be asked here.",
            "Do not try another way to it. The person can allow it by starting the server with --allow-sensitive.",
        )


def locate(requested: str, roots: Roots) -> Place:
    """As ``PathGate.locate``, for the given folders."""
    written = _written(requested, roots)
    with told_as_tool_error(requested):  # realpath raises when a link vanishes while it is being followed
        return _place(requested, written, os.path.realpath(written), roots)


def locate_name(requested: str, roots: Roots) -> Place:
    """As ``PathGate.locate_name``, for the given folders: every link but the last is followed."""
    written = _written(requested, roots)
    folder, name = os.path.split(written)
    with told_as_tool_error(requested):
        return _place(requested, written, str(Path(os.path.realpath(folder), name)), roots)


def _written(requested: str, roots: Roots) -> str:
    """The absolute path as it is written, without "." and ".."."""
    if fault := fault_in(requested, windows=sys.platform == "win32"):
        raise ToolError(ErrorCode.INVALID_PATH, f"The path {fault}.", "Send the absolute path of a file or folder.")
    return os.path.normpath(_absolute(requested, roots))


def _place(requested: str, written: str, real: str, roots: Roots) -> Place:
    named_in = _longest(written, roots, real=False) or _longest(written, roots, real=True)
    lies_in = _longest(real, roots, real=True)
    if lies_in is None:
        raise _outside(requested)
    if not Path(lies_in.real).exists():
        raise _gone(lies_in)
    named_in = named_in or lies_in  # named by another way there, as /tmp and /home are links on some systems
    read_only = RootMode.READ_ONLY in (named_in.mode, lies_in.mode)
    return Place(requested, real, lies_in, read_only, denied_names=roots.denied_names)


def _absolute(requested: str, roots: Roots) -> str:
    if requested.startswith("/") and os.sep == "/":
        return requested
    path = Path(requested)
    if requested.startswith("~"):
        try:
            return str(path.expanduser())
        except RuntimeError:
            raise _outside(requested) from None
    if path.is_absolute():
        return requested
    if len(roots.approved) != 1:
        raise ToolError(
            ErrorCode.INVALID_PATH,
            f"“{requested}” is relative, and there is not exactly one approved folder it could be relative to.",
            "Send an absolute path; list_allowed_directories shows the folders.",
        )
    return str(Path(roots.approved[0].path) / path)


def _longest(path: str, roots: Roots, *, real: bool) -> Root | None:
    holding = [root for root in roots.approved if holds(root.real if real else root.path, path)]
    return max(holding, key=lambda root: len(root.real if real else root.path), default=None)


def holds(folder: str, path: str) -> bool:
    """Whether ``path`` is ``folder`` or lies in it; both absolute and normalised."""
    if os.sep == "\\":
        return Path(path).is_relative_to(folder)
    return path == folder or path.startswith(folder if folder == "/" else f"{folder}/")


def _is_denied(real: str, denied: tuple[str, ...]) -> bool:
    """By name, and by identity: a file system that ignores case or is mounted twice gives one folder several names."""
    if any(holds(folder, real) for folder in denied):
        return True
    identities = {identity for folder in denied if (identity := _identity(folder))}
    return bool(identities) and any(_identity(str(path)) in identities for path in (Path(real), *Path(real).parents))


def _is_named(real: str, names: Iterable[str]) -> bool:
    """Whether a path has one of these at its end, or a folder in it: one in place of a file would take its name.

    In whatever case: where case counts, too much is refused and no less. By name alone is enough, because a file is
    replaced and never written into: another hard link of it keeps what it had.
    """
    folded = f"/{real.replace(os.sep, '/')}/".casefold()
    return any(f"/{name}/".casefold() in folded for name in names)


def _leads_to_denied(real: str, names: tuple[str, ...]) -> bool:
    """Whether a folder put there could bring what is denied with it: ``.vscode`` for ``.vscode/mcp.json``."""
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents if folder.name}
    folded = f"/{real.replace(os.sep, '/')}".casefold()
    return any(folded.endswith(f"/{folder}".casefold()) for folder in folders)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return (stat.st_dev, stat.st_ino)


def _gone(root: Root) -> ToolError:
    return ToolError(
        ErrorCode.NOT_FOUND,
        f"The approved folder “{root.label}” itself is not there now.",
        "Tell the person: it was moved or deleted, or its disk is not connected.",
    )


def _outside(requested: str) -> ToolError:
    return ToolError(
        ErrorCode.OUTSIDE_ROOTS,
        f"“{requested}” is outside the approved folders.",
        "Use a path inside them (list_allowed_directories shows them), or ask the person to approve the folder.",
    )
