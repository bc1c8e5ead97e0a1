"""The server extension: builds everything of the server process, and closes it.

Loading it must stay cheap, so the objects that need httpx and the rest are made at their first use.
"""

from __future__ import annotations

from pathlib import Path

from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir
from jupyter_server.extension.application import ExtensionApp

from jupyter_posthog.handlers.routing import HANDLERS
from jupyter_posthog.handlers.services import SERVICES_SETTING, Services
from jupyter_posthog.redaction import redact_logs


class PostHog(ExtensionApp):
    """PostHog notebooks in Jupyter."""

    name = "jupyter_posthog"
    extension_url = "/posthog/status"
    load_other_extensions = True

    _services: Services | None = None

    @property
    def services(self) -> Services:
        """What the handlers call; built when the first request needs it."""
        if self._services is None:
            self._services = build_services(Path(jupyter_data_dir()), self)
        return self._services

    def initialize_settings(self) -> None:
        """Give the handlers the way to their services; nothing is built or sent yet."""
        self.settings[SERVICES_SETTING] = lambda: self.services

    def initialize_handlers(self) -> None:
        """Add the routes of design.md §3."""
        self.handlers.extend(HANDLERS)

    async def stop_extension(self) -> None:
        """Close the connections to PostHog."""
        if self._services is not None:
            await self._services.connections.aclose()


def build_services(data_dir: Path, parent: ExtensionApp | None = None) -> Services:
    """Build the objects of one server process from the settings of this machine.

    Args:
        data_dir: Jupyter's data directory.
    """
    from jupyter_posthog.connection.connections import Connections
    from jupyter_posthog.connection.desk import ConnectionDesk
    from jupyter_posthog.connection.enrolment import Enrolment
    from jupyter_posthog.connection.limits import SERVER_PER_MINUTE, limited_transport, pause_file
    from jupyter_posthog.connection.machine import machine_settings, own_config_dir
    from jupyter_posthog.contents.manager import PostHogContentsManager
    from jupyter_posthog.storage.assembly import build_storage

    settings = machine_settings()
    redact_logs(settings.secrets)
    runtime_dir = Path(jupyter_runtime_dir())
    transports = limited_transport(runtime_dir, per_minute=SERVER_PER_MINUTE, policy=settings.policy)
    connections = Connections(settings, open_transport=transports)
    storage = build_storage(
        api=connections.api, origin=connections.origin, data_dir=data_dir, process_name="jupyter-server"
    )
    contents = PostHogContentsManager(
        parent=parent,
        remote_notebooks=storage.remote_notebooks,
        new_notebooks=storage.new_notebooks,
        saver=storage.saver,
        connection_names=lambda: connections.names,
        default_project_id=connections.default_project_id,
    )
    pauses = pause_file(runtime_dir)
    enrolment = Enrolment(machine_settings, own_config_dir(), open_transport=transports)
    desk = ConnectionDesk(connections, enrolment, load=machine_settings, hide=redact_logs, pauses=pauses)
    return Services(connections=connections, pauses=pauses, desk=desk, contents=contents, drafts=storage.drafts)
