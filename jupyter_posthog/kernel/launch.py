"""Builds the objects of a kernel process and starts it."""

from __future__ import annotations

import os
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp
from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

from jupyter_posthog.connection.capabilities import SCRATCHPAD
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.limits import KERNEL_PER_MINUTE, limited_transport
from jupyter_posthog.connection.machine import machine_kernel_options, machine_settings
from jupyter_posthog.connection.ways import find_way
from jupyter_posthog.execution.assembly import FoundWay, build_session
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.kernel.addresses import NOTEBOOK_VARIABLE, find_address
from jupyter_posthog.kernel.kernel import PostHogKernel
from jupyter_posthog.kernel.notebook_lookup import find_drive_path, find_server, kernel_id_of
from jupyter_posthog.kernel.session_door import OpenedSession
from jupyter_posthog.redaction import redact_logs
from jupyter_posthog.settings import KernelOptions, OnShutdown
from jupyter_posthog.storage.paths import NotebookAddress

_SCRATCHPAD_NOTICE = (
    "This kernel belongs to no PostHog notebook, so cells run on your PostHog scratchpad. "
    f"Open a notebook from the PostHog sidebar, or set {NOTEBOOK_VARIABLE}, to run them on a notebook's own kernel.\n"
)


def main() -> None:
    """Start the kernel named in this process's arguments."""
    IPKernelApp.launch_instance(kernel_class=LaunchedKernel)


class LaunchedKernel(PostHogKernel):
    """The kernel with its way to PostHog, read from this machine's settings at the first cell."""

    async def open_session(self) -> OpenedSession:
        """Find the notebook and the connection."""
        settings = machine_settings()
        redact_logs(settings.secrets, self.log.name)
        transports = limited_transport(
            Path(jupyter_runtime_dir()), per_minute=KERNEL_PER_MINUTE, policy=settings.policy
        )
        connections = Connections(settings, open_transport=transports)
        try:
            said = await self._session_path() or os.environ.get(NOTEBOOK_VARIABLE, "").strip()
            address = await find_address(connections, said)
        except BaseException:
            await connections.aclose()  # the next cell tries anew
            raise
        return _open(connections, address, machine_kernel_options())

    async def _session_path(self) -> str | None:
        server = find_server(os.environ, Path(jupyter_runtime_dir()))
        if server is None:
            return None
        connection_file: str = self.parent.abs_connection_file  # type: ignore[union-attr]  # set by IPKernelApp
        return await find_drive_path(server, kernel_id_of(connection_file))


def _open(connections: Connections, address: NotebookAddress, options: KernelOptions) -> OpenedSession:
    api = connections.api(address.connection)
    project_id, short_id = address.project_id, address.short_id
    is_stored = short_id != SCRATCHPAD

    async def find() -> FoundWay:
        way = await find_way(api, project_id, short_id, choice=options.executor)
        return (way.family.value if way.family is not None else None), way.cause

    session = build_session(
        NotebookPlace(api=api, connection=address.connection, project_id=project_id, short_id=short_id),
        origin=connections.origin(address.connection),
        is_stored=is_stored,
        data_dir=Path(jupyter_data_dir()),
        find_way=find,
    )
    return OpenedSession(
        session=session,
        notice="" if is_stored else _SCRATCHPAD_NOTICE,
        close=connections.aclose,
        stops_at_shutdown=options.on_shutdown is OnShutdown.STOP,
    )
