"""Builds the gateway's services, joins them, starts and stops them in order. Only wiring."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from ostiary import __version__
from ostiary.domain.approval import Caller
from ostiary.domain.events import Ending
from ostiary.domain.house_rules import Writes
from ostiary.gateway import heap, processes, settings, widening
from ostiary.gateway.background import Background
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.reading import CallReading
from ostiary.gateway.calllog.writer import Outlets
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.channel import Channel
from ostiary.gateway.commanders import is_our_program, put_to_person
from ostiary.gateway.commanding import commands_of
from ostiary.gateway.connections import Connections, Surroundings
from ostiary.gateway.control_server import ControlServer
from ostiary.gateway.enforcing import enforce
from ostiary.gateway.folder_watch import FolderWatch, watch_limit
from ostiary.gateway.folders import Folders
from ostiary.gateway.gate import Gate
from ostiary.gateway.happenings import Happenings
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.host_guard import guarded
from ostiary.gateway.host_views import HostViews
from ostiary.gateway.hosts.connect import HostConnections
from ostiary.gateway.hosts.machine import this_machine
from ostiary.gateway.hosts.presence import own_place
from ostiary.gateway.hosts.registry import config_path, known_hosts
from ostiary.gateway.hosts.shim_command import shim_command, shim_folders, shim_program
from ostiary.gateway.house import House
from ostiary.gateway.listener import Listener
from ostiary.gateway.local_links import LocalLinks
from ostiary.gateway.masking import Masking
from ostiary.gateway.paths import Paths
from ostiary.gateway.policy.approvals import Approvals, Listeners
from ostiary.gateway.policy.grants import Grants
from ostiary.gateway.policy.rule_store import RuleStore
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.reception import Reception
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.secret_names import Secrets, referred
from ostiary.gateway.secrets.keyring_store import KeyringStore, service_name
from ostiary.gateway.secrets.probing import probed_apart
from ostiary.gateway.servers import Powers, Servers, script
from ostiary.gateway.settings import SettingsStore
from ostiary.gateway.showing import Showing
from ostiary.gateway.sightings import Sightings
from ostiary.gateway.supervise.login_path import LoginPath
from ostiary.gateway.supervise.supervisor import Supervisor
from ostiary.gateway.views import Publisher, Topic
from ostiary_connect.endpoint import Endpoint

STOP_DEADLINE_S = 3.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """How a gateway is started."""

    endpoint: Endpoint
    paths: Paths
    writes: Writes | None = None
    """What ``--writes`` said; None: as in the settings."""
    trust_commands: bool = False


class Gateway:
    """The whole gateway. Made and used on its loop; ``quitting`` is set when it should end.

    With ``keeping_hosts`` set too, hosts are left to the gateway that comes next.
    """

    catalogue: Catalogue
    control: ControlServer
    gate: Gate
    notifier: Notifier[int]
    publisher: Publisher
    reception: Reception
    servers: Servers
    showing: Showing

    def __init__(self, options: Options) -> None:
        self.quitting = asyncio.Event()
        self.keeping_hosts = asyncio.Event()
        self._options = options
        self._paths = options.paths
        self._background = Background()
        self._happen = Happenings(self)
        self.settings = SettingsStore(self._paths.settings_file)
        self.settings.load()
        self._build_servers()
        self._build_gate()
        self._build_hosts()
        self._build_fronts()
        self._enforce()

    def _enforce(self) -> None:
        enforce(self.settings.current, self._options.writes, self.gate, self.log)

    # Building

    def _build_servers(self) -> None:
        paths = self._paths
        self.catalogue = Catalogue(paths.catalogue_file, settings.reserved_tools())
        self.catalogue.load()
        paths.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sightings = Sightings(paths.sightings_file, time.time)
        self.pins = PinStore(paths.pins_file)
        self.keyring = KeyringStore(service_name(_path(self._options.endpoint.home)), probe_apart=probed_apart)
        self.masking = Masking(self.keyring.known_values)
        self.links = LocalLinks()
        self.secrets = Secrets(
            self.keyring,
            self.settings,
            lambda name: self.servers.users_of(name),
            lambda name: self._happen.secret_changed(name),
        )
        self.connections = Connections(
            self.catalogue,
            self.pins,
            Surroundings(
                spec=lambda name: self.servers.spec(name),
                on_state=self._happen.server_state,
                on_lists=self._happen.server_lists,
                on_resource=lambda server, uri: self.reception.subscriptions.changed(server, uri),
                on_log=lambda client, *logged: self.reception.logged(client, *logged),
                on_drained=lambda: self.reception.resume_all(),
                on_trouble=self._happen.server_trouble,
                is_watched=lambda server: self.reception.subscriptions.are_of(server),
                legacy_capabilities=lambda name: self.reception.legacy_capabilities(name),
                own_info={"name": "ostiary", "title": "Ostiary", "version": __version__},
            ),
        )
        self.servers = Servers(
            self.settings,
            self.catalogue,
            self.pins,
            self.connections,
            Powers(
                fill=self.secrets.fill,
                names=referred,
                sample=processes.UsageSampler().sample,
                program=script,
                login_path=lambda: self.login_path.found(),
                now=time.time,
                on_offer=self._happen.offer_changed,
                on_added=self.sightings.forget_server,
                on_removed=lambda name: self.gate.grants.end_server(name),
                mask=self.masking.text,
                environment=os.environ,
                server_folder=paths.server_folder,
                roots_file=paths.roots_file,
            ),
        )
        self.connections.supervisor = Supervisor(
            launch=self.servers.launch,
            converse=self.connections.converse,
            on_state=self.connections.on_state,
            started_at=processes.started_at,
            output_folder=paths.output_folder,
            record_folder=paths.record_folder,
            mask=self.masking.text,
        )
        self.login_path = LoginPath(self.connections.supervisor.start_process, os.environ, Path.home())

    def _build_gate(self) -> None:
        self.log = CallLog(
            self._paths.call_log_file,
            time.time,
            Outlets(
                on_rows=self._happen.rows,
                on_notice=self._happen.notice,
                known_secrets=self.keyring.known_values,
                on_quiet=heap.give_back,
            ),
        )
        self.reading = CallReading(self._paths.call_log_file)
        listeners = Listeners(
            on_open=self._happen.question,
            on_changed=self._happen.question,
            on_close=self._happen.question_closed,
            on_notice=self._happen.notice,
        )
        self.gate = Gate(
            Approvals(time.time, listeners),
            Grants(RuleStore(self._paths.rules_file), time.time, lambda: self.publisher.changed(Topic.GRANTS)),
            self.pins,
            Writes.DENY,
            time.time,
            self._happen.mode_changed,
        )

    def _build_hosts(self) -> None:
        self.watch: FolderWatch = FolderWatch(
            self._happen.files_changed, self._happen.rescan, self._happen.notice, most_folders=watch_limit()
        )
        self.notifier = Notifier(
            watch=self.watch.set,
            on_updated=lambda session, uri: self.reception.file_changed(session, uri),
            on_list_changed=lambda: self.reception.announce(("notifications/resources/list_changed",)),
            roots=self.settings.current.roots,
        )
        self.folders = Folders(
            self.settings, self._paths.roots_file, self._protected, self.notifier.set_roots, self._happen.watching
        )
        house = House(
            catalogue=self.catalogue,
            connections=self.connections,
            servers=self.servers,
            gate=self.gate,
            pins=self.pins,
            log=self.log,
            roots=lambda: self.settings.current.roots,
            deadline=lambda host, told: self.hosts.deadline(host, told=told).within(
                self.settings.current.answer_within_s
            ),
            risky_always=lambda: self.settings.current.risky_always,
            mask=self.masking.value,
            choice=lambda hosts: self.host_views.of(hosts),
            links=self.links,
        )
        specs = known_hosts()
        names = frozenset(spec.name for spec in specs)
        self.host_views = HostViews(self.settings, house, names, self._happen.view_changed)
        self._place = this_machine()
        home = _path(self._options.endpoint.home)
        connections = HostConnections(
            specs=specs,
            place=self._place,
            backup_folder=self._paths.backup_folder,
            command=lambda host: shim_command(host, shim_program(shim_folders()), home),
            running=processes.running_programs,
            entry_servers=self.host_views.entry_servers,
        )
        self.hosts = HostFiles(
            connections, lambda host: self.reception.begun(host), self.host_views, self.settings.projects
        )
        self.host_guard = guarded(self.hosts.views, self._happen.notice, lambda: self.publisher.changed(Topic.HOSTS))
        self.reception = Reception(
            house,
            self.notifier,
            __version__,
            self._identify,
            self.hosts.title,
            self._happen.sessions_changed,
            Path(self._options.endpoint.answers_path),
            self.host_views.narrowed,
        )

    def _build_fronts(self) -> None:
        self.control = ControlServer(
            run=lambda command: self.commands.run(command),
            widens=lambda command: self.commands.widens(command),
            settle=lambda command: self.commands.settle(command),
            ask_person=lambda *asked: put_to_person(self.gate.approvals, self.commands.show, *asked),
            is_ours=is_our_program,
            trust_commands=self._options.trust_commands,
            on_trusted=lambda command: self.showing.remember(widening.review_notice(command)),
            on_front=self._happen.front_changed,
        )
        self.publisher = Publisher(
            lambda topic: self.showing.event(topic), self.control.publish, lambda: self.control.is_watched
        )
        self.showing = Showing(
            version=__version__,
            settings=self.settings,
            servers=self.servers,
            hosts=self.hosts,
            folders=self.folders,
            secrets=self.secrets,
            gate=self.gate,
            log=self.log,
            reception=self.reception,
            has_front=lambda: self.control.has_front,
            changed=self.publisher.changed,
        )
        self.commands = commands_of(self, self._paths, self._options.endpoint.socket_path, self._enforce)
        self.listener = Listener(
            self._options.endpoint, __version__, on_host=self.reception.arrive, on_control=self._happen.control_arrived
        )

    # Starting and stopping

    async def start(self) -> None:
        """Take the endpoint, then start what is switched on. Raises ``OstiaryError`` when it cannot be taken."""
        await self.listener.start()
        await self.log.start()
        await self.connections.supervisor.clean_up_leftovers()
        self.login_path.begin()
        self.folders.publish()
        self._background.start(self.publisher.run())
        self.host_guard.look_soon()
        self._background.start(self.commands.importing.sweep())
        await self.servers.start_enabled()
        self.reception.open()

    async def stop(self) -> None:
        """Stop asking, stop servers, close sessions, end; within three seconds."""
        self.control.raise_front(Ending())
        self.gate.close()
        await self.login_path.stop()
        try:
            async with asyncio.timeout(STOP_DEADLINE_S):
                await self.connections.supervisor.stop_all()
        except TimeoutError:
            _LOG.warning("Some servers did not stop in time")
        await self.listener.stop()
        if self.keeping_hosts.is_set():
            self.reception.leave_all()
        else:
            self.reception.close_all()
        await self.connections.stop()
        self.notifier.close()
        await self.watch.close()
        await self.host_guard.close()
        await self._happen.stop()
        await self._background.stop()
        await self.reading.stop()
        await self.log.stop()
        self.keyring.stop()
        self.links.close()
        self.control.close()

    def attach_front(self, channel: Channel) -> None:
        """The front that started this gateway speaks over this channel."""
        self.control.add(channel, pid=os.getppid(), front=True)

    async def _identify(self, host: str, pid: int | None) -> Caller:
        found = () if pid is None else await asyncio.to_thread(processes.ancestors, pid)
        return self.hosts.caller(host, found)

    def _protected(self) -> list[str]:
        """Ostiary's own folders, and those of hosts' configurations."""
        hosts = (config_path(spec, self._place) for spec in known_hosts())
        folders = [str(own_place(path, self._place)) for path in hosts if path is not None]
        return [*map(str, self._paths.all_folders), self._options.endpoint.folder, *folders]


def _path(home: str | None) -> Path | None:
    return None if home is None else Path(home)
