"""New notebooks in PostHog: empty ones, and such that are made of cells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.models import NotebookSummary, RemoteNotebook
from jupyter_posthog.document import MARKDOWN, RICH, new_document
from jupyter_posthog.errors import HostAwayError, PosthogError
from jupyter_posthog.storage.new_shapes import NewShapes
from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of
from jupyter_posthog.storage.paths import MAXIMUM_TITLE, NotebookAddress
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: How far the clocks of this machine and of PostHog may differ when a lost answer is looked for.
CLOCK_TOLERANCE = timedelta(minutes=5)


class NewNotebooks:
    """Creates notebooks; none is ever created twice."""

    def __init__(self, workbench: Workbench, new_shapes: NewShapes) -> None:
        self._workbench = workbench
        self._new_shapes = new_shapes

    async def create(self, connection: str, project_id: int, *, title: str) -> NotebookFacts:
        """Create an empty notebook; it takes the shape the server gives to one."""
        record = await self._create(connection, project_id, title, None)
        self._new_shapes.learn(connection, record)
        return _facts(connection, project_id, record)

    async def create_from(
        self, connection: str, project_id: int, *, title: str, notebook: NotebookNode
    ) -> NotebookFacts:
        """Create a notebook from cells of any origin, in the shape the server gives to an empty one.

        Raises:
            CellNotWritableError: PostHog's format cannot hold one cell; nothing was created.
        """
        made = {shape: new_document(notebook, shape=shape) for shape in (MARKDOWN, RICH)}
        shape = self._new_shapes.known(connection)
        if shape is not None:
            record = await self._create(connection, project_id, title, made[shape].document)
            return _facts(connection, project_id, record)
        created = await self._create(connection, project_id, title, None)
        document = made[self._new_shapes.learn(connection, created)]
        record = await self._workbench.api(connection).notebooks.save_document(
            project_id,
            created.short_id,
            document.document,
            text_content=document.text_content,
            base_version=created.version,
        )
        return _facts(connection, project_id, record)

    async def _create(self, connection: str, project_id: int, title: str, document: JsonValue) -> RemoteNotebook:
        title = title[:MAXIMUM_TITLE]
        asked_at = self._workbench.now()
        try:
            return await self._workbench.api(connection).notebooks.create(
                project_id, title=title or None, content=document
            )
        except HostAwayError as error:
            found = await self._find_lost(connection, project_id, title, asked_at) if error.may_have_arrived else None
            if found is None:
                raise
            return found

    async def _find_lost(
        self, connection: str, project_id: int, title: str, asked_at: datetime
    ) -> RemoteNotebook | None:
        """Look for the notebook of a create whose answer was lost; only one of this title and moment is it."""
        api = self._workbench.api(connection).notebooks
        try:
            page = await api.list_notebooks(project_id, search=title, order="-created_at")
            found = [row for row in page.results if (row.title or "") == title and _is_of_moment(row, asked_at)]
            return await api.fetch(project_id, found[0].short_id) if len(found) == 1 else None
        except PosthogError:
            return None  # what happened to the create is the news, not that nobody answers now either


def _is_of_moment(row: NotebookSummary, moment: datetime) -> bool:
    try:
        created_at = datetime.fromisoformat(row.created_at or "")
    except ValueError:
        return False
    return created_at.tzinfo is not None and abs(created_at - moment) <= CLOCK_TOLERANCE


def _facts(connection: str, project_id: int, record: RemoteNotebook) -> NotebookFacts:
    address = NotebookAddress(connection=connection, project_id=project_id, short_id=record.short_id)
    return facts_of(address, record)
