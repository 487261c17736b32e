"""Outlines, dependency graphs and the index as resources that change: by the state of the files behind them, which are
not read for it."""

from pathlib import Path

from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.dependencies.formats import lock_format, manifest_format
from ostiary_servers.code.repositories import scope_of
from ostiary_servers.code.resources import address_of
from ostiary_servers.code.uris import What
from ostiary_servers.common.anchored import read_stat, scan_directory
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.subscriptions import Stamps


class WatchableCode:
    """What changes with a resource of the ``code`` server, under the resource's own URI alone."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    def check(self, uri: str) -> None:
        """Raises ToolError for what is not there."""
        self.stamps(uri)

    def stamps(self, uri: str) -> Stamps:
        """Empty, too, for a folder without manifests. Raises ToolError."""
        found = self._behind(uri)
        return {uri: found} if found else {}

    def _behind(self, uri: str) -> tuple[object, ...]:
        address = address_of(uri)
        scope = scope_of(self._analysis.gate, address.path, must_exist=False)
        place = scope.repository.file(scope.relative) if scope.relative else scope.repository.place
        match address.what:
            case What.INDEX:
                return (self._analysis.outlines.kept(scope.repository),)
            case What.DEPENDENCIES:
                return tuple(_stamp(scope.repository.file(str(Path(scope.relative, name)))) for name in _named(place))
            case What.OUTLINE | What.BLOCK:
                return _stamp(place)


def _named(folder: Place) -> list[str]:
    """The manifests and lock files right in a folder."""
    with scan_directory(folder) as entries:
        return sorted(each.name for each in entries if manifest_format(each.name) or lock_format(each.name))


def _stamp(place: Place) -> tuple[int, int, int]:
    found = read_stat(place)
    return (found.st_ino, found.st_size, found.st_mtime_ns)
