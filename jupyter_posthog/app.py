"""The server extension: builds everything of the server process, and closes it.

Loading it must stay cheap, so the objects that need httpx and the rest are made at their first use.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Float

from jupyter_posthog.handlers.routing import HANDLERS
from jupyter_posthog.handlers.services import SERVICES_SETTING, Services
from jupyter_posthog.redaction import redact_logs

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from jupyter_posthog.handlers.event_bus import EventBus
    from jupyter_posthog.live_events import LiveEvent, Tell
    from jupyter_posthog.storage.live import LivePace


class PostHog(ExtensionApp):
    """PostHog notebooks in Jupyter."""

    name = "jupyter_posthog"
    extension_url = "/posthog/status"
    load_other_extensions = True

    live_lease_s = Float(
        90.0,
        min=1.0,
        help="How long an open notebook is followed without hearing from its page, in seconds.",
    ).tag(config=True)
    live_check_interval_s = Float(
        30.0,
        min=0.1,
        help="How often PostHog is asked for the version of an open notebook, in seconds. "
        "Saves by PostHog's own page are told at once; this finds the others.",
    ).tag(config=True)

    _services: Services | None = None

    @property
    def services(self) -> Services:
        """What the handlers call; built when the first request needs it."""
        if self._services is None:
            from jupyter_posthog.storage.live import LivePace

            pace = LivePace(lease_s=self.live_lease_s, check_interval_s=self.live_check_interval_s)
            bus = event_bus(self.serverapp)
            self._services = build_services(Path(jupyter_data_dir()), self, tell=bus.tell, pace=pace)
        return self._services

    def initialize_settings(self) -> None:
        """Give the handlers the way to their services; nothing is built or sent yet."""
        self.settings[SERVICES_SETTING] = lambda: self.services

    def initialize_handlers(self) -> None:
        """Add the routes of design.md §3."""
        self.handlers.extend(HANDLERS)

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Make our events known to the bus, before a page can subscribe and after the start that people wait for."""
        event_bus(serverapp).register()

    async def stop_extension(self) -> None:
        """Close the connections to PostHog."""
        if self._services is not None:
            await self._services.live.aclose()
            await self._services.saver.aclose()
            await self._services.reverts.aclose()
            await self._services.connections.aclose()


def event_bus(serverapp: ServerApp | None) -> EventBus:
    """Return the bus of the server that this extension is loaded in."""
    from jupyter_posthog.handlers.event_bus import EventBus

    if serverapp is None or serverapp.event_logger is None:
        raise RuntimeError("The extension is not linked to a server.")
    return EventBus(serverapp.event_logger)


def build_services(data_dir: Path, parent: ExtensionApp, *, tell: Tell, pace: LivePace) -> Services:
    """Build the objects of one server process from the settings of this machine.

    Args:
        data_dir: Jupyter's data directory.
        tell: Tells the pages what happens.
    """
    from jupyter_posthog.connection.connections import Connections
    from jupyter_posthog.connection.desk import ConnectionDesk
    from jupyter_posthog.connection.enrolment import Enrolment
    from jupyter_posthog.connection.limits import SERVER_PER_MINUTE, ToldPauses, limited_transport, pause_file
    from jupyter_posthog.connection.machine import machine_settings, own_config_dir
    from jupyter_posthog.contents.manager import PostHogContentsManager
    from jupyter_posthog.execution.kernel_desk import KernelDesk
    from jupyter_posthog.execution.kernel_watch import KernelWatch
    from jupyter_posthog.execution.project_schemas import ProjectSchemas
    from jupyter_posthog.execution.run_desk import RunDesk
    from jupyter_posthog.storage.assembly import build_storage
    from jupyter_posthog.storage.exporting import Exports
    from jupyter_posthog.storage.live import LiveNotebooks
    from jupyter_posthog.storage.page_outputs import OutputKeepingSaver
    from jupyter_posthog.storage.redelivery import Redelivery
    from jupyter_posthog.storage.told_saving import ToldSaver

    settings = machine_settings()
    redact_logs(settings.secrets)
    runtime_dir = Path(jupyter_runtime_dir())
    pauses = ToldPauses(pause_file(runtime_dir), tell)
    transports = limited_transport(runtime_dir, per_minute=SERVER_PER_MINUTE, policy=settings.policy, pauses=pauses)
    connections = Connections(settings, open_transport=transports)
    storage = build_storage(
        api=connections.api,
        origin=connections.origin,
        connection_at=connections.name_at,
        data_dir=data_dir,
        process_name="jupyter-server",
        tell=tell,
    )

    def tell_and_look(event: LiveEvent) -> None:
        tell(event)
        storage.reverts.noticed(event)

    kernels = KernelDesk(data_dir, _now, tell)
    watch = KernelWatch(kernels, data_dir, api=connections.api, now=_now)
    live = LiveNotebooks(
        api=connections.api, client_id=storage.client_id, tell=tell_and_look, pace=pace, beside=watch.follow
    )
    keeping = OutputKeepingSaver(storage.saver, storage.page_outputs)
    saver = Redelivery(ToldSaver(keeping, track=live.track, tell=tell), storage.drafts)
    contents = PostHogContentsManager(
        parent=parent,
        remote_notebooks=storage.remote_notebooks,
        new_notebooks=storage.new_notebooks,
        saver=saver,
        versions=storage.versions,
        connection_names=lambda: connections.names,
        default_project_id=connections.default_project_id,
        project_ids=connections.project_ids,
    )
    enrolment = Enrolment(machine_settings, own_config_dir(), open_transport=transports)
    desk = ConnectionDesk(connections, enrolment, load=machine_settings, hide=redact_logs, pauses=pauses)
    return Services(
        connections=connections,
        pauses=pauses,
        desk=desk,
        contents=contents,
        exports=Exports(storage.remote_notebooks),
        drafts=storage.drafts,
        live=live,
        saver=saver,
        conflicts=storage.conflicts,
        versions=storage.versions,
        history=storage.history,
        reverts=storage.reverts,
        bases=storage.bases,
        kernels=kernels,
        runs=RunDesk(data_dir, _now),
        schemas=ProjectSchemas(connections.api, time.monotonic),
        rescuing=storage.rescuing,
    )


def _now() -> datetime:
    return datetime.now(UTC)
