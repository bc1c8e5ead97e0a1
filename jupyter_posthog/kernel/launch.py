"""Builds the objects of a kernel process and starts it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp
from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

from jupyter_posthog.connection.capabilities import SCRATCHPAD
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.families import Family
from jupyter_posthog.connection.limits import KERNEL_PER_MINUTE, limited_transport
from jupyter_posthog.connection.machine import machine_kernel_options, machine_settings
from jupyter_posthog.connection.ways import find_way
from jupyter_posthog.errors import WrongNotebookError
from jupyter_posthog.execution.attaching import attach_command
from jupyter_posthog.execution.cell_watch import CellWatch
from jupyter_posthog.execution.classic import ClassicExecutor
from jupyter_posthog.execution.executor import Executor
from jupyter_posthog.execution.kernel_commands import kernel_commands
from jupyter_posthog.execution.kernel_life import KernelLife
from jupyter_posthog.execution.place_commands import place_commands
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.query import QueryExecutor
from jupyter_posthog.execution.run_log import RunLog
from jupyter_posthog.execution.runs import RunExecutor
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.execution.stored_cells import StoredCells
from jupyter_posthog.kernel.kernel import OpenedSession, PostHogKernel
from jupyter_posthog.kernel.notebook_lookup import find_drive_path, find_server, kernel_id_of
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.outputs import OutputStore
from jupyter_posthog.records.runs import RunStore
from jupyter_posthog.redaction import redact_logs
from jupyter_posthog.settings import KernelOptions, OnShutdown, read_reference
from jupyter_posthog.storage.paths import NotebookAddress, parse_path

NOTEBOOK_VARIABLE = "POSTHOG_NOTEBOOK"
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
            address = await self._address(connections)
        except BaseException:
            await connections.aclose()  # the next cell tries anew
            raise
        return _open(connections, address, machine_kernel_options())

    async def _address(self, connections: Connections) -> NotebookAddress:
        path = await self._session_path() or os.environ.get(NOTEBOOK_VARIABLE, "").strip()
        if "://" in path:
            return await self._linked(connections, path)
        if "/" in path:
            address = parse_path(path)
            if isinstance(address, NotebookAddress):
                return address
        name = connections.settings.connection().name
        return NotebookAddress(
            connection=name,
            project_id=await connections.default_project_id(name),
            short_id=path or SCRATCHPAD,
        )

    async def _linked(self, connections: Connections, link: str) -> NotebookAddress:
        """Return the notebook that an address of PostHog's page names."""
        reference = read_reference(link)
        found = connections.settings.connection_at(reference.origin or "") or connections.settings.connection()
        if found.host != reference.origin:
            raise WrongNotebookError(problem=f"it belongs to {reference.origin}, which is not the connected PostHog")
        project_id = reference.project_id or await connections.default_project_id(found.name)
        return NotebookAddress(connection=found.name, project_id=project_id, short_id=reference.short_id)

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

    async def choose_executor() -> Executor:
        way = await find_way(api, project_id, short_id, choice=options.executor)
        match way.family:
            case Family.RUNS:
                return RunExecutor(api, project_id, short_id)
            case None:
                return QueryExecutor(api, project_id, short_id, cause=way.cause)
        return ClassicExecutor(api, project_id, short_id, is_streaming=way.family is Family.STREAM)

    place = NotebookPlace(api=api, connection=address.connection, project_id=project_id, short_id=short_id)
    log = _run_log(connections, address)
    session = NotebookSession(
        StoredCells(api, project_id, short_id, is_stored=is_stored),
        choose_executor=choose_executor,
        notebook={"connection": address.connection, "project_id": project_id, "short_id": short_id},
    )
    life = KernelLife(
        lambda: api.kernels.status(project_id, short_id),
        now=_now,
        names=lambda: tuple(session.names.sources),
        forget=session.names.forget_kernel,
    )
    session.watch = CellWatch(log=log, life=life)
    commands = kernel_commands(place, life, now=_now, restart=session.restart, stop=session.shutdown)
    for subcommand in (*place_commands(place, session.describe), attach_command(place, log), *commands):
        session.magic.add(subcommand)
    return OpenedSession(
        session=session,
        notice="" if is_stored else _SCRATCHPAD_NOTICE,
        close=connections.aclose,
        stops_at_shutdown=options.on_shutdown is OnShutdown.STOP,
    )


def _run_log(connections: Connections, address: NotebookAddress) -> RunLog:
    folder = Path(jupyter_data_dir()) / "posthog"
    key = NotebookKey(
        origin=connections.origin(address.connection), project_id=address.project_id, short_id=address.short_id
    )
    return RunLog(key=key, runs=RunStore(folder / "runs"), outputs=OutputStore(folder / "outputs"), now=_now)


def _now() -> datetime:
    return datetime.now(UTC)
