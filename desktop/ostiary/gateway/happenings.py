"""What happens in one service and concerns others: passed on to fronts, hosts and the catalogue."""

from __future__ import annotations

import logging
from typing import Protocol

from ostiary.domain.approval import Question, QuestionEnd
from ostiary.domain.call import CallRow
from ostiary.domain.events import Calls, Mode, Notice, Noticed, QuestionClosed, QuestionOpened, Severity
from ostiary.domain.root import Root
from ostiary.gateway.arrival import ControlArrival
from ostiary.gateway.background import Background
from ostiary.gateway.catalogue import Catalogue, Changed
from ostiary.gateway.control_server import ControlServer
from ostiary.gateway.folder_watch import FolderWatch
from ostiary.gateway.folders import Watching
from ostiary.gateway.gate import Gate
from ostiary.gateway.reception import Reception
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.servers import Servers
from ostiary.gateway.showing import Showing
from ostiary.gateway.sightings import Sightings
from ostiary.gateway.views import Publisher, Topic
from ostiary.gateway.wire import methods

_LOG = logging.getLogger(__name__)


class Parts(Protocol):
    """The gateway's services. Looked at when something happens, because they are built one after the other."""

    catalogue: Catalogue
    control: ControlServer
    gate: Gate
    notifier: Notifier[int]
    publisher: Publisher
    reception: Reception
    servers: Servers
    showing: Showing
    sightings: Sightings
    watch: FolderWatch


class Happenings:
    """Everything belongs to the loop's thread."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._background = Background()

    async def stop(self) -> None:
        """End what is still being passed on."""
        await self._background.stop()

    def control_arrived(self, arrival: ControlArrival) -> None:
        """A command connected."""
        self._parts.control.add(arrival.channel, pid=arrival.peer_pid, front=False)

    def front_changed(self, is_there: bool) -> None:
        """A front came or went: without one nobody can be asked. Whether its screen is locked it says itself."""
        self._parts.gate.can_ask = is_there
        self._parts.gate.approvals.set_locked(locked=False)
        if not is_there:
            self._parts.gate.approvals.withdraw_all()

    def question(self, question: Question) -> None:
        """The person is asked something, or a question changed."""
        self._parts.control.publish(QuestionOpened(question=question))

    def question_closed(self, number: int, end: QuestionEnd) -> None:
        """A question ended."""
        self._parts.control.publish(QuestionClosed(id=number, end=end))

    def rows(self, rows: tuple[CallRow, ...]) -> None:
        """The call log has new or changed rows."""
        self._parts.control.publish(Calls(rows=rows))

    def notice(self, notice: Notice) -> None:
        """Something a person should know, kept until it is read."""
        _LOG.warning("%s. %s", notice.title, notice.detail)
        self._parts.showing.remember(notice)
        self._parts.control.publish(Noticed(notice=notice))

    def mode_changed(self) -> None:
        """The gate stands otherwise."""
        self._parts.control.publish(Mode(mode=self._parts.gate.mode, until=self._parts.gate.mode_until))
        self.offer_changed()

    def server_state(self, name: str) -> None:
        """A server's state changed."""
        self._parts.publisher.changed(Topic.SERVERS)
        self._parts.sightings.saw_server(name, self._parts.servers.state(name))
        if self._parts.servers.is_running(name):
            self._background.start(self._parts.reception.subscribe_again(name))

    def secret_changed(self, name: str) -> None:
        """A secret is another, is gone, or may be there though who set it was told otherwise."""
        self._parts.servers.secret_changed(name)
        self._parts.publisher.changed(Topic.SECRETS, Topic.SERVERS)

    def view_changed(self, host: str) -> None:
        """A host sees something else than before; the others do not."""
        self._parts.reception.view_changed(host)
        self._parts.publisher.changed(Topic.HOSTS)

    def sessions_changed(self) -> None:
        """A host came, said more of itself, or went."""
        self._parts.sightings.saw_sessions(self._parts.reception.views())
        self._parts.publisher.changed(Topic.SESSIONS, Topic.HOSTS)

    def server_trouble(self, name: str, words: str) -> None:
        """A server that runs keeps failing, or says too much."""
        self.notice(Notice(severity=Severity.WARNING, title=f"The server “{name}” has a problem", detail=words))
        self._parts.publisher.changed(Topic.SERVERS)

    def offer_changed(self) -> None:
        """Hosts are offered something else than before, for reasons of ours."""
        self._parts.catalogue.refresh()
        self._parts.reception.announce(tuple(methods.LIST_CHANGED))

    def server_lists(self, name: str, changed: Changed) -> None:
        """A server offers something else than before."""
        self._parts.publisher.changed(Topic.SERVERS)
        self._parts.reception.announce(changed.methods())

    def files_changed(self, paths: frozenset[str]) -> None:
        """Files in approved folders changed."""
        self._parts.notifier.changed(paths)

    def rescan(self, folder: str) -> None:
        """So much changed in a folder that nobody knows what."""
        self._parts.notifier.rescan(folder)
        self._parts.publisher.changed(Topic.ROOTS)

    def watching(self, root: Root) -> Watching:
        """The hosts that subscribed to something in a folder, and whether its changes are noticed late."""
        numbers = self._parts.notifier.subscribers(root)
        hosts = sorted({view.title for view in self._parts.reception.views() if view.id in numbers})
        return Watching(tuple(hosts), self._parts.watch.lateness(root.path))
