"""``PostHogContentsManager``: Jupyter asks for files, PostHog holds notebooks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from jupyter_server.services.contents.manager import AsyncContentsManager
from traitlets import default

from jupyter_posthog.contents.bodies import base_version_of, check_is_notebook, notebook_of
from jupyter_posthog.contents.checkpoints import PostHogCheckpoints
from jupyter_posthog.contents.folders import Folders
from jupyter_posthog.contents.models import Model, notebook_model, without_hash
from jupyter_posthog.contents.names import check_kind, new_title
from jupyter_posthog.contents.targets import Targets
from jupyter_posthog.contents.trust import Trust
from jupyter_posthog.contents.uploads import Uploads
from jupyter_posthog.errors import (
    InvalidPathError,
    OnlyNotebooksError,
    RequestNotValidError,
)
from jupyter_posthog.storage import STORED_CONTENT
from jupyter_posthog.storage.paths import (
    SUFFIX,
    FolderAddress,
    NewNotebookAddress,
    NotebookAddress,
    known_title,
    parse_path,
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
        project_ids: Callable[[str], Awaitable[tuple[int, ...]]],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self.remote_notebooks = remote_notebooks
        self.new_notebooks = new_notebooks
        self.saver = saver
        self.versions = versions
        self._targets = Targets(remote_notebooks, default_project_id=default_project_id)
        self._uploads = Uploads(lambda: datetime.now(UTC))
        self._folders = Folders(remote_notebooks, connection_names=connection_names, project_ids=project_ids)
        self.trust = Trust(self.notary)

    @default("checkpoints_class")
    def _checkpoints_class_default(self) -> type[AsyncCheckpoints]:
        return PostHogCheckpoints

    async def dir_exists(self, path: str) -> bool:
        """Whether the path has the form of a folder of a known connection; PostHog is not asked."""
        try:
            address = parse_path(path)
        except InvalidPathError:
            return False
        return isinstance(address, FolderAddress) and self._folders.knows(address)

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
        """Return the model of a notebook or a folder; the hash only where it is asked for."""
        address = parse_path(path)
        check_kind(path, address, type, format)
        match address:
            case FolderAddress():
                return await self._folders.model(path, address, with_entries=bool(content))
            case NotebookAddress() if content:
                opened = await self.remote_notebooks.open(address, title=known_title(path))
                self.trust.mark(opened.notebook)
                model = notebook_model(opened.facts, opened.notebook)
            case NotebookAddress():
                model = notebook_model(await self.remote_notebooks.describe(address, title=known_title(path)))
            case _:
                raise InvalidPathError(path=path)
        return model if require_hash else without_hash(model)

    async def save(self, model: Model, path: str = "") -> Model:
        """Save a notebook's edits, or create the notebook that the path names by a new title."""
        check_is_notebook(model, path)
        base_version = base_version_of(model)
        if model.get("chunk") is not None:
            whole = self._uploads.add(path, model)
            if whole is None:
                return self._uploads.pending(path)
            model = whole
        address = await self._targets.of_save(path, base_version)
        if isinstance(address, NewNotebookAddress):
            return await self._create(address, model)
        notebook = notebook_of(model)
        request = SaveRequest(
            address=address,
            notebook=notebook,
            base_version=base_version,
            page_id=str(model.get("page_id") or ""),
        )
        saved = await self.saver.save(request)
        self.trust.sign_if_trusted(notebook)
        if saved.facts is not None:
            self.remote_notebooks.remember(saved.facts)
        facts = await self.remote_notebooks.facts(address)
        answer = notebook_model(facts) | {"base_version": saved.base_version}
        if saved.stored is not None:
            answer[STORED_CONTENT] = notebook_model(facts, saved.stored)["content"]
        return answer

    async def new_untitled(self, path: str = "", type: str = "", ext: str = "") -> Model:
        """Create an empty notebook in the project that the path names, or under the new title that it names."""
        if type == "directory" or ext not in {"", SUFFIX} or (type == "file" and ext != SUFFIX):
            raise OnlyNotebooksError(kind="folder" if type == "directory" else "file")
        return await self._create(await self._targets.of_new(path))

    async def new(self, model: Model | None = None, path: str = "") -> Model:
        """Create the notebook that the path names by a new title."""
        return await self.save(model or {}, path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Change the title to what was typed; the short_id stays, whatever was typed."""
        await self.update({"path": new_path}, old_path)

    async def update(self, model: Model, path: str) -> Model:
        """Rename a notebook, or take it out of the trash (``{"deleted": false}``); return its canonical model."""
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        title = new_title(model, address)
        if "deleted" in model:
            if model["deleted"] is not False:
                raise RequestNotValidError(attr="deleted", code="invalid", problem="deleted can only become false")
            facts = await self.remote_notebooks.restore_from_trash(address)
            if title is None:
                return notebook_model(facts)
        if title is None:
            return notebook_model(await self.remote_notebooks.describe(address))
        return notebook_model(await self.remote_notebooks.rename(address, title))

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
        target = await self._targets.of_copy(source, opened.facts.title, to_path)
        where = (target.connection, target.project_id)
        facts = await self.new_notebooks.create_from(*where, title=target.title, notebook=opened.notebook)
        return notebook_model(self.remote_notebooks.remember(facts))

    async def trust_notebook(self, path: str) -> None:
        """Trust a notebook as PostHog holds it now, on this machine."""
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        opened = await self.remote_notebooks.open(address)
        self.trust.sign(opened.notebook)

    async def _create(self, address: NewNotebookAddress, model: Model | None = None) -> Model:
        where = (address.connection, address.project_id)
        if model and model.get("content") is not None:
            notebook = notebook_of(model)
            facts = await self.new_notebooks.create_from(*where, title=address.title, notebook=notebook)
            self.trust.sign_if_trusted(notebook)
        else:
            facts = await self.new_notebooks.create(*where, title=address.title)
        return notebook_model(self.remote_notebooks.remember(facts))
