"""Where a request wants something to be stored: a notebook that is there, or a new one with its title."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from jupyter_posthog.contents.names import title_of_copy, with_usable_title
from jupyter_posthog.errors import InvalidPathError, NotebookNotFoundError
from jupyter_posthog.storage.paths import (
    FolderAddress,
    NewNotebookAddress,
    NotebookAddress,
    as_new_title,
    parse_path,
)

if TYPE_CHECKING:
    from jupyter_posthog.storage.notebooks import RemoteNotebooks


class Targets:
    """Reads paths to write to."""

    def __init__(
        self, remote_notebooks: RemoteNotebooks, *, default_project_id: Callable[[str], Awaitable[int]]
    ) -> None:
        self._remote_notebooks = remote_notebooks
        self._default_project_id = default_project_id

    async def of_save(self, path: str, base_version: int | None) -> NotebookAddress | NewNotebookAddress:
        """Return where to save; a one-word name that was never opened may be a short_id or a new title.

        Raises:
            InvalidPathError: The path names a folder, or nothing at all.
            TitleNotUsableError: PostHog would not take the new title.
        """
        address = parse_path(path)
        if isinstance(address, NewNotebookAddress):
            return with_usable_title(path, address)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        new = as_new_title(path, address) if base_version is None else None
        if new is None:
            return address
        try:
            await self._remote_notebooks.describe(address)
        except NotebookNotFoundError:
            return new
        return address

    async def of_new(self, path: str) -> NewNotebookAddress:
        """Return where an empty notebook is made: without a title in a folder, or under the title that is named."""
        address = parse_path(path)
        if isinstance(address, NewNotebookAddress):
            return with_usable_title(path, address)
        if not isinstance(address, FolderAddress):
            raise InvalidPathError(path=path)
        return await self._in_folder(address, "", path)

    async def of_copy(self, source: NotebookAddress, title: str, to_path: str | None) -> NewNotebookAddress:
        """Return where a copy is made: beside its source, in a folder, or under the name that is given."""
        if to_path is None:
            to_path = f"{source.connection}/{source.project_id}"
        address = parse_path(to_path)
        if isinstance(address, FolderAddress):
            return await self._in_folder(address, title_of_copy(title), to_path)
        new = address if isinstance(address, NewNotebookAddress) else as_new_title(to_path, address)
        if new is None:
            raise InvalidPathError(path=to_path)
        return with_usable_title(to_path, new)

    async def _in_folder(self, folder: FolderAddress, title: str, path: str) -> NewNotebookAddress:
        if folder.connection is None:
            raise InvalidPathError(path=path)
        project_id = folder.project_id or await self._default_project_id(folder.connection)
        return NewNotebookAddress(connection=folder.connection, project_id=project_id, title=title)
