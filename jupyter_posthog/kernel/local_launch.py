"""Builds what the magics of a local kernel need, from this machine's settings, at their first use."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_runtime_dir

from jupyter_posthog.connection.capabilities import SCRATCHPAD
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.limits import KERNEL_PER_MINUTE, limited_transport
from jupyter_posthog.connection.machine import machine_settings
from jupyter_posthog.execution.executor import FrameFacts
from jupyter_posthog.execution.frame_commands import frame_commands
from jupyter_posthog.execution.frame_listing import with_queries
from jupyter_posthog.execution.frame_opening import open_frame
from jupyter_posthog.execution.frame_pages import FramePages
from jupyter_posthog.execution.local_frames import frames_in
from jupyter_posthog.execution.local_session import LocalSession
from jupyter_posthog.execution.place_commands import local_place_commands
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import PosthogMagic, Subcommand
from jupyter_posthog.execution.variable_commands import variables_command
from jupyter_posthog.kernel.addresses import NOTEBOOK_VARIABLE, find_address
from jupyter_posthog.kernel.background import Background
from jupyter_posthog.kernel.local_magics import PosthogMagics, register
from jupyter_posthog.kernel.notebook_lookup import find_drive_path, find_server, kernel_id_of
from jupyter_posthog.redaction import redact_logs

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_HOW = "HogQL cells run on PostHog through the query endpoint; everything else runs on this machine."


def load(shell: InteractiveShell) -> None:
    """Load the magics into a shell; PostHog is asked for nothing yet."""
    session = LocalSession(lambda: _open_place(shell), is_stored=lambda short_id: short_id != SCRATCHPAD)
    posthog = PosthogMagic(_commands(session, shell))
    register(shell, PosthogMagics(shell, session=session, posthog=posthog, background=Background()))


def _commands(session: LocalSession, shell: InteractiveShell) -> Sequence[Subcommand]:
    async def list_frames() -> Sequence[FrameFacts]:
        return with_queries(frames_in(shell.user_ns), session.names.sources)

    async def open_by_name(name: str) -> FramePages:
        variables = await session.variables()
        return await open_frame(await session.place(), name, session.names.sources.get(name), variables)

    return [
        *local_place_commands(session.place, _HOW),
        *frame_commands(list_frames, open_by_name, Path.cwd),
        variables_command(session.read_variables_again),
    ]


async def _open_place(shell: InteractiveShell) -> NotebookPlace:
    settings = machine_settings()
    redact_logs(settings.secrets, logging.getLogger("ipykernel").name)
    runtime_dir = Path(jupyter_runtime_dir())
    transports = limited_transport(runtime_dir, per_minute=KERNEL_PER_MINUTE, policy=settings.policy)
    connections = Connections(settings, open_transport=transports)
    said = await _session_path(shell, runtime_dir) or os.environ.get(NOTEBOOK_VARIABLE, "").strip()
    address = await find_address(connections, said)
    return NotebookPlace(
        api=connections.api(address.connection),
        connection=address.connection,
        project_id=address.project_id,
        short_id=address.short_id,
    )


async def _session_path(shell: InteractiveShell, runtime_dir: Path) -> str | None:
    """Return the drive path of the notebook, where a Jupyter server started this kernel."""
    server = find_server(os.environ, runtime_dir)
    connection_file = getattr(getattr(getattr(shell, "kernel", None), "parent", None), "abs_connection_file", None)
    if server is None or not isinstance(connection_file, str):
        return None
    return await find_drive_path(server, kernel_id_of(connection_file))
