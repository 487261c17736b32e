"""Who subscribed to which file or folder, and whom a change concerns. Pure: paths come in resolved.

A URI is kept byte for byte as it was subscribed, for that is what its subscriber compares. Two spellings of one file
are two subscriptions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Target:
    """What a URI stands for on disk.

    ``path`` is real. ``entry`` is the same as its folder lists it, which differs where it is itself a link: the link
    may be pointed elsewhere, and that is a change too.
    """

    path: str
    entry: str
    is_folder: bool


class Watched(NamedTuple):
    """A folder to watch: only itself, or with everything below."""

    path: str
    recursive: bool


class Subscriptions(Generic[S]):
    """Subscriptions by subscriber. A subscriber is whatever tells one from another; here it is only compared."""

    def __init__(self) -> None:
        self._targets: dict[tuple[S, str], Target] = {}
        self._by_path: defaultdict[str, set[tuple[S, str]]] = defaultdict(set)

    def add(self, subscriber: S, uri: str, target: Target) -> None:
        """Adds a subscription; one that is there already takes the new target."""
        self.remove(subscriber, uri)
        self._targets[subscriber, uri] = target
        for path in {target.path, target.entry}:
            self._by_path[path].add((subscriber, uri))

    def remove(self, subscriber: S, uri: str) -> None:
        """Ends a subscription. One that is not there is fine."""
        target = self._targets.pop((subscriber, uri), None)
        if target is None:
            return
        for path in {target.path, target.entry}:
            self._by_path[path].discard((subscriber, uri))
            if not self._by_path[path]:
                del self._by_path[path]

    def drop(self, subscriber: S) -> None:
        """Ends all subscriptions of a subscriber."""
        for uri in [uri for found, uri in self._targets if found == subscriber]:
            self.remove(subscriber, uri)

    def __contains__(self, key: tuple[S, str]) -> bool:
        return key in self._targets

    def __iter__(self) -> Iterator[tuple[S, str, Target]]:
        return ((subscriber, uri, target) for (subscriber, uri), target in list(self._targets.items()))

    def watched(self) -> frozenset[Watched]:
        """What must be watched: subscribed folders with all below, and the folder around each subscribed file.

        The folder around, and not the file: most programs save by writing another file and renaming it.
        """
        targets = self._targets.values()
        whole = {target.path for target in targets if target.is_folder}
        around = {_folder(path) for target in targets for path in _listed(target)}
        alone = {path for path in around if not whole.intersection((path, *_folders_around(path)))}
        return frozenset({Watched(path, True) for path in whole} | {Watched(path, False) for path in alone})

    def affected(self, changed: Iterable[str]) -> dict[S, list[str]]:
        """Whom changes of these paths concern: each subscriber with its URIs, in the order of the changes.

        A change concerns subscriptions to the path itself and to each folder around it.
        """
        found: dict[S, dict[str, None]] = {}
        for path in changed:
            for subscriber, uri in self._concerned(path):
                found.setdefault(subscriber, {})[uri] = None
        return {subscriber: list(uris) for subscriber, uris in found.items()}

    def _concerned(self, path: str) -> Iterator[tuple[S, str]]:
        yield from sorted(self._by_path.get(path, ()), key=lambda key: key[1])
        for folder in _folders_around(path):
            for key in sorted(self._by_path.get(folder, ()), key=lambda key: key[1]):
                if self._targets[key].is_folder:
                    yield key


def _listed(target: Target) -> set[str]:
    """The paths that can only be watched from the folder around them."""
    listed = {target.path, target.entry}
    return listed - {target.path} if target.is_folder else listed


def _folders_around(path: str) -> tuple[str, ...]:
    return tuple(map(str, PurePath(path).parents))


def _folder(path: str) -> str:
    return str(PurePath(path).parent)
