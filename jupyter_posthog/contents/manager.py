"""``PostHogContentsManager``: Jupyter asks for files, PostHog holds notebooks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from jupyter_server.services.contents.manager import AsyncContentsManager
from traitlets import default

from jupyter_posthog.contents.checkpoints import PostHogCheckpoints
from jupyter_posthog.contents.models import Model, folder_model, notebook_model
from jupyter_posthog.errors import InvalidPathError, NotebookNotFoundError, WrongNotebookError
from jupyter_posthog.storage import STORED_CONTENT
from jupyter_posthog.storage.paths import (
    Address,
    FolderAddress,
    NewNotebookAddress,
    NotebookAddress,
    as_new_title,
    known_title,
    parse_path,
    title_of,
)
from jupyter_posthog.storage.save_requests import SaveRequest

if TYPE_CHECKING:
    from jupyter_posthog.storage.creating import NewNotebooks
    from jupyter_posthog.storage.notebooks import RemoteNotebooks
    from jupyter_posthog.storage.save_requests import SavesNotebooks
    from jupyter_posthog.storage.versions import Versions


class PostHogContentsManager(AsyncContentsManager):
    """Contents of the drive ``posthog:`` over ``storage/``; paths as in design.md §3.

    Every error is a PosthogError; the handlers turn it into an answer.
    """

    def __init__(
        self,
        *,
        remote_notebooks: RemoteNotebooks,
        new_notebooks: NewNotebooks,
        saver: SavesNotebooks,
        versions: Versions,
        connection_names: Callable[[], tuple[str, ...]],
        default_project_id: Callable[[str], Awaitable[int]],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self.remote_notebooks = remote_notebooks
        self.new_notebooks = new_notebooks
        self.saver = saver
        self.versions = versions
        self.connection_names = connection_names
        self.default_project_id = default_project_id

    @default("checkpoints_class")
    def _checkpoints_class_default(self) -> type[AsyncCheckpoints]:
        return PostHogCheckpoints

    async def dir_exists(self, path: str) -> bool:
        """Whether the path has the form of a folder; PostHog is not asked."""
        try:
            return isinstance(parse_path(path), FolderAddress)
        except InvalidPathError:
            return False

    async def file_exists(self, path: str = "") -> bool:
        """Whether the path names a notebook by its short_id.

        PostHog is not asked, on purpose: a notebook that is gone must be refused by the save, never created anew.
        """
        try:
            return isinstance(parse_path(path), NotebookAddress)
        except InvalidPathError:
            return False

    async def is_hidden(self, path: str) -> bool:
        """Nothing is hidden: a title may begin with a dot."""
        return False

    async def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> Model:
        """Return the model of a notebook or a folder."""
        address = parse_path(path)
        match address:
            case FolderAddress():
                return await self._folder(path, address, with_entries=bool(content))
            case NotebookAddress() if content:
                opened = await self.remote_notebooks.open(address, title=known_title(path))
                return notebook_model(opened.facts, opened.notebook)
            case NotebookAddress():
                return notebook_model(await self.remote_notebooks.describe(address, title=known_title(path)))
        raise InvalidPathError(path=path)

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a notebook's edits, or create the notebook that the path names by a new title."""
        address = await self._address_to_save(path, model)
        if isinstance(address, NewNotebookAddress):
            return await self._create(address, model)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        notebook = _notebook_of(model)
        base_version = model.get("base_version")
        saved = await self.saver.save(
            SaveRequest(
                address=address,
                notebook=notebook,
                base_version=base_version if isinstance(base_version, int) else None,
                page_id=str(model.get("page_id") or ""),
            )
        )
        if saved.facts is not None:
            self.remote_notebooks.remember(saved.facts)
        facts = await self.remote_notebooks.facts(address)
        answer = notebook_model(facts) | {"base_version": saved.base_version}
        if saved.stored is not None:
            answer[STORED_CONTENT] = notebook_model(facts, saved.stored)["content"]
        return answer

    async def new_untitled(self, path: str = "", type: str = "", ext: str = "") -> Model:
        """Create an empty notebook in the project that the path names."""
        address = parse_path(path)
        if type == "directory" or not isinstance(address, FolderAddress):
            raise InvalidPathError(path=path)
        return await self._create(await self._new_in(address, "", path))

    async def new(self, model: Model | None = None, path: str = "") -> Model:
        """Create the notebook that the path names by a new title."""
        return await self.save(model or {}, path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Change the title to what was typed; the short_id stays, whatever was typed."""
        await self.update({"path": new_path}, old_path)

    async def update(self, model: Model, path: str) -> Model:
        """Rename a notebook and return its model with the canonical path."""
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        new_path = str(model.get("path", path)).strip("/")
        folder, _, name = new_path.rpartition("/")
        if folder and folder != f"{address.connection}/{address.project_id}":
            raise InvalidPathError(path=new_path)
        return notebook_model(await self.remote_notebooks.rename(address, title_of(name, address.short_id)))

    async def delete_file(self, path: str) -> None:
        """Move a notebook to PostHog's trash."""
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        await self.remote_notebooks.move_to_trash(address)

    async def copy(self, from_path: str, to_path: str | None = None) -> Model:
        """Create a notebook of its own with the cells of another one, in the folder or under the name that is given."""
        source = parse_path(from_path)
        if not isinstance(source, NotebookAddress):
            raise InvalidPathError(path=from_path)
        opened = await self.remote_notebooks.open(source)
        target = await self._address_of_copy(source, opened.facts.title, to_path)
        where = (target.connection, target.project_id)
        facts = await self.new_notebooks.create_from(*where, title=target.title, notebook=opened.notebook)
        return notebook_model(self.remote_notebooks.remember(facts))

    async def _address_of_copy(self, source: NotebookAddress, title: str, to_path: str | None) -> NewNotebookAddress:
        if to_path is None:
            folder = FolderAddress(connection=source.connection, project_id=source.project_id)
            return await self._new_in(folder, f"{title} (copy)".strip(), to_path or "")
        address = parse_path(to_path)
        if isinstance(address, FolderAddress):
            return await self._new_in(address, f"{title} (copy)".strip(), to_path)
        new = address if isinstance(address, NewNotebookAddress) else as_new_title(to_path, address)
        if new is None:
            raise InvalidPathError(path=to_path)
        return new

    async def _new_in(self, folder: FolderAddress, title: str, path: str) -> NewNotebookAddress:
        if folder.connection is None:
            raise InvalidPathError(path=path)
        project_id = folder.project_id or await self.default_project_id(folder.connection)
        return NewNotebookAddress(connection=folder.connection, project_id=project_id, title=title)

    async def _address_to_save(self, path: str, model: Model) -> Address:
        """Return where to save; a one-word name that was never opened may be a short_id or a new title."""
        address = parse_path(path)
        if not isinstance(address, NotebookAddress) or model.get("base_version") is not None:
            return address
        new = as_new_title(path, address)
        if new is None:
            return address
        try:
            await self.remote_notebooks.describe(address)
        except NotebookNotFoundError:
            return new
        return address

    async def _create(self, address: NewNotebookAddress, model: Model | None = None) -> Model:
        where = (address.connection, address.project_id)
        if model and model.get("content"):
            notebook = _notebook_of(model)
            facts = await self.new_notebooks.create_from(*where, title=address.title, notebook=notebook)
        else:
            facts = await self.new_notebooks.create(*where, title=address.title)
        return notebook_model(self.remote_notebooks.remember(facts))

    async def _folder(self, path: str, address: FolderAddress, *, with_entries: bool) -> Model:
        path = path.strip("/")
        if not with_entries:
            return folder_model(path, None)
        if address.connection is None:
            return folder_model(path, [folder_model(name, None) for name in self.connection_names()])
        if address.project_id is None:
            project_id = await self.default_project_id(address.connection)
            return folder_model(path, [folder_model(f"{address.connection}/{project_id}", None)])
        found = await self.remote_notebooks.search(address.connection, address.project_id)
        return folder_model(path, [notebook_model(facts) for facts in found.notebooks])


def _notebook_of(model: Model) -> nbformat.NotebookNode:
    content: Any = model.get("content")
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise WrongNotebookError(problem="it is not a notebook of nbformat 4")
    notebook: nbformat.NotebookNode = nbformat.from_dict(content)
    try:
        nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError as error:
        raise WrongNotebookError(problem=f"it is not a valid notebook ({error.message[:120]})") from error
    return notebook
