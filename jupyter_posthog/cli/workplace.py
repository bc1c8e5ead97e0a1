"""What the commands that speak to PostHog work with."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.errors import WrongNotebookError
from jupyter_posthog.storage.assembly import Storage
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """The connections of this machine and the storage over them; ``connection`` is the one to use."""

    connections: Connections
    connection: str
    storage: Storage

    async def address(self, short_id: str, project_id: int | None = None) -> NotebookAddress:
        """Return where a notebook is, in the default project where none is named."""
        if project_id is None:
            project_id = await self.connections.default_project_id(self.connection)
        return NotebookAddress(connection=self.connection, project_id=project_id, short_id=short_id)

    async def address_of(self, notebook: NotebookNode) -> tuple[NotebookAddress, int | None]:
        """Return where a pulled notebook belongs, and the version it was pulled at.

        Raises:
            WrongNotebookError: It was not pulled from PostHog, or from another host than this connection's.
        """
        own = notebook.metadata.get("posthog", {})
        short_id, project_id, host = own.get("short_id"), own.get("project_id"), own.get("host")
        if not short_id or not isinstance(project_id, int):
            raise WrongNotebookError(problem="it was not pulled from PostHog")
        if host != self.connections.origin(self.connection):
            raise WrongNotebookError(problem=f"it belongs to {host}, which is not the connected PostHog")
        version = own.get("base", {}).get("version")
        return await self.address(short_id, project_id), version if isinstance(version, int) else None


Action = Callable[[Workplace, argparse.Namespace], Awaitable[int]]
Runner = Callable[[Action], Callable[[argparse.Namespace], int]]


def add_connection_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the connection."""
    parser.add_argument("--connection", metavar="NAME", help="the connection to use (default: the default one)")
