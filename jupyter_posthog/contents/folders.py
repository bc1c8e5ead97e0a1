"""The three levels of folders on the drive: everything, a connection, a project."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from jupyter_posthog.contents.models import Model, folder_model, notebook_model, without_hash
from jupyter_posthog.errors import UnknownConnectionError
from jupyter_posthog.storage.paths import FolderAddress

if TYPE_CHECKING:
    from jupyter_posthog.storage.notebooks import RemoteNotebooks


class Folders:
    """Lists what PostHog has; none of these folders can be made, renamed or deleted."""

    def __init__(
        self,
        remote_notebooks: RemoteNotebooks,
        *,
        connection_names: Callable[[], tuple[str, ...]],
        project_ids: Callable[[str], Awaitable[tuple[int, ...]]],
    ) -> None:
        self._remote_notebooks = remote_notebooks
        self._connection_names = connection_names
        self._project_ids = project_ids

    def knows(self, address: FolderAddress) -> bool:
        """Whether there is such a connection; about projects only PostHog can tell."""
        return address.connection in {None, *self._connection_names()}

    async def model(self, path: str, address: FolderAddress, *, with_entries: bool) -> Model:
        """Return the model of one folder.

        Raises:
            UnknownConnectionError: There is no connection of this name.
        """
        path = path.strip("/")
        if address.connection is not None and not self.knows(address):
            raise UnknownConnectionError(name=address.connection)
        return folder_model(path, await self._entries(address) if with_entries else None)

    async def _entries(self, address: FolderAddress) -> list[Model]:
        if address.connection is None:
            return [folder_model(name, None) for name in self._connection_names()]
        if address.project_id is None:
            project_ids = await self._project_ids(address.connection)
            return [folder_model(f"{address.connection}/{project_id}", None) for project_id in project_ids]
        found = await self._remote_notebooks.all_of(address.connection, address.project_id)
        return [without_hash(notebook_model(facts)) for facts in found]
