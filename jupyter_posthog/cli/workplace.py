"""What the commands that speak to PostHog work with."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.errors import ApiError, InvalidReferenceError, ProjectNotAnIdError, WrongNotebookError
from jupyter_posthog.messages import sentence
from jupyter_posthog.settings import NotebookReference, read_project_id, read_reference
from jupyter_posthog.storage.assembly import Storage
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """The connections of this machine and the storage over them.

    Attributes:
        named: The connection that a person named.
        named_project_id: The project that a person named.
    """

    connections: Connections
    named: str | None
    storage: Storage
    named_project_id: int | None = None

    @property
    def connection(self) -> str:
        """The connection that was named, else the default one.

        Raises:
            SettingsError: There is no such connection, or its settings are broken.
        """
        return self.connections.settings.connection(self.named).name

    async def project_id(self, connection: str | None = None) -> int:
        """Return the project that was named, else the connection's own.

        Raises:
            NotConnectedError: PostHog names no project either.
        """
        if self.named_project_id is not None:
            return self.named_project_id
        return await self.connections.default_project_id(connection or self.connection)

    async def project_name(self, project_id: int) -> str:
        """Return what people call a project of the connection; its number where PostHog does not say."""
        try:
            project = await self.connections.api(self.connection).identity.fetch_project(project_id)
        except ApiError:
            return f"project {project_id}"
        return project.name or f"project {project_id}"

    async def address(self, reference: NotebookReference) -> NotebookAddress:
        """Return where a notebook is: what the reference leaves open is the default.

        Raises:
            WrongNotebookError: Its address belongs to a PostHog that is not connected.
        """
        connection = self._leading_to(reference.origin) if reference.origin else self.connection
        project_id = reference.project_id
        if project_id is None:
            project_id = await self.project_id(connection)
        return NotebookAddress(connection=connection, project_id=project_id, short_id=reference.short_id)

    async def address_of(self, notebook: NotebookNode) -> tuple[NotebookAddress, int | None]:
        """Return where a pulled notebook belongs, and the version it was pulled at.

        Raises:
            WrongNotebookError: It was not pulled from PostHog, or from a PostHog that is not connected.
        """
        own = notebook.metadata.get("posthog", {})
        short_id, project_id, host = own.get("short_id"), own.get("project_id"), own.get("host")
        if not short_id or not isinstance(project_id, int):
            raise WrongNotebookError(problem="it was not pulled from PostHog")
        version = own.get("base", {}).get("version")
        reference = NotebookReference(short_id=short_id, project_id=project_id, origin=str(host))
        return await self.address(reference), version if isinstance(version, int) else None

    def _leading_to(self, origin: str) -> str:
        """Return the connection to one PostHog: the named one if it leads there, else any that does."""
        settings = self.connections.settings
        chosen = settings.connection(self.named) if self.named is not None else settings.connection_at(origin)
        if chosen is None:
            settings.connection()  # nothing connected, or broken: that is the sentence to read
        if chosen is None or chosen.host != origin:
            raise WrongNotebookError(problem=f"it belongs to {origin}, which is not the connected PostHog")
        return chosen.name


Action = Callable[[Workplace, argparse.Namespace], Awaitable[int]]
Runner = Callable[[Action], Callable[[argparse.Namespace], int]]


def add_place_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the connection and the project."""
    parser.add_argument("--connection", metavar="NAME", help="the connection to use (default: the default one)")
    parser.add_argument("--project", metavar="ID", type=_project_id, help="the project (default: the connection's)")


def _project_id(text: str) -> int | None:
    try:
        return read_project_id(text)
    except ProjectNotAnIdError as error:
        raise argparse.ArgumentTypeError(sentence(error)) from error


def notebook_reference(text: str) -> NotebookReference:
    """Read an argument that names a notebook: a short_id, or its address in PostHog."""
    try:
        return read_reference(text)
    except InvalidReferenceError as error:
        raise argparse.ArgumentTypeError(sentence(error)) from error
