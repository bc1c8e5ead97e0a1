"""Notebook records: list, create, retrieve, save, rename (posthog-api.md 6)."""

from __future__ import annotations

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.models import NotebookPage, ProjectId, RemoteNotebook, decode
from jupyter_posthog.api.refusals import notebook_not_found
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.api.wire import QueryValue
from jupyter_posthog.errors import EndpointMissingError

PAGE_SIZE = 100


class NotebooksApi:
    """One method per notebook endpoint of one PostHog."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list_notebooks(
        self,
        project_id: int,
        *,
        search: str = "",
        order: str = "",
        is_mine: bool = False,
        modified_after: str = "",
        contains: str = "",
        limit: int = PAGE_SIZE,
        offset: int = 0,
    ) -> NotebookPage:
        """Return one page of a project's notebooks, last modified first.

        Args:
            order: A field to sort by, descending with ``-`` before it.
            is_mine: Only notebooks that the caller created.
            modified_after: A date, a moment, or a relative one such as ``-7d``.
            contains: Pairs such as ``recording:true``; PostHog looks for them in rich notebooks only.

        Source: GET /api/projects/:project_id/notebooks/, posthog-api.md 6.4.
        """
        query: dict[str, QueryValue] = {"limit": limit, "offset": offset}
        if search:
            query["search"] = search
        if order:
            query["order"] = order
        if is_mine:
            query["user"] = "true"
        if modified_after:
            query["date_from"] = modified_after
        if contains:
            query["contains"] = contains
        answer = await self._transport.fetch(_notebooks_path(project_id), query=query)
        return decode(answer, NotebookPage, host=self._transport.host)

    async def fetch(self, project_id: ProjectId, short_id: str) -> RemoteNotebook:
        """Return one notebook with its document.

        Raises:
            NotebookNotFoundError: It does not exist or is in the trash.

        Source: GET …/notebooks/:short_id/, posthog-api.md 6.6.
        """
        answer = await self._transport.fetch(
            _notebook_path(project_id, short_id), not_found=notebook_not_found(short_id)
        )
        return self._notebook(answer)

    async def fetch_if_changed(self, project_id: int, short_id: str, *, known_version: int) -> RemoteNotebook | None:
        """Return one notebook, or None when PostHog still holds the known version (304)."""
        answer = await self._transport.fetch(
            _notebook_path(project_id, short_id),
            headers={"If-None-Match": str(known_version)},
            not_found=notebook_not_found(short_id),
        )
        return None if answer is None else self._notebook(answer)

    async def create(self, project_id: int, *, title: str | None, content: JsonValue = None) -> RemoteNotebook:
        """Create one notebook and return what PostHog stored. Never sent twice.

        Source: POST …/notebooks/, posthog-api.md 6.5.
        """
        body: dict[str, JsonValue] = {}
        if title is not None:
            body["title"] = title
        if content is not None:
            body["content"] = content
        return self._notebook(await self._transport.send("POST", _notebooks_path(project_id), body=body))

    async def save_document(
        self,
        project_id: int,
        short_id: str,
        document: JsonValue,
        *,
        text_content: str | None,
        base_version: int,
    ) -> RemoteNotebook:
        """Store a new document for one notebook and return what PostHog kept.

        The kept document can differ from the one sent (queries are normalised): take it as the next base.

        Args:
            text_content: The search text; None leaves PostHog's own.
            base_version: The version the document was edited from, not the newest one known.

        Raises:
            SaveConflictError: Somebody saved in between (409). Nothing was stored.
            MissingScopeError: The key lacks ``notebook:write`` (403).

        Source: PATCH …/notebooks/:short_id/, posthog-api.md 6.8.
        """
        body: dict[str, JsonValue] = {"content": document, "version": base_version}
        if text_content is not None:
            body["text_content"] = text_content
        return await self._patch(project_id, short_id, body)

    async def knows_markdown(self, project_id: int, short_id: str) -> bool:
        """Whether this server knows Markdown notebooks; the notebook must exist, for 404 says both.

        Source: GET …/notebooks/:short_id/markdown/, posthog-api.md 6.7 (since July 2026).
        """
        try:
            await self._transport.fetch(f"{_notebook_path(project_id, short_id)}markdown/")
        except EndpointMissingError:
            return False
        return True

    async def save_markdown(
        self,
        project_id: int,
        short_id: str,
        document: JsonValue,
        *,
        text_content: str,
        base_version: int,
        client_id: str,
    ) -> RemoteNotebook:
        """Store a new Markdown document so that pages which have it open see it at once.

        Raises:
            SaveConflictError: Somebody saved in between (409, 410). Nothing was stored.
            EndpointMissingError: This server has no collab/markdown_save.

        Source: POST …/collab/markdown_save/, posthog-api.md 15.2.
        """
        body: dict[str, JsonValue] = {
            "client_id": client_id,
            "version": base_version,
            "content": document,
            "text_content": text_content,
        }
        path = f"{_notebook_path(project_id, short_id)}collab/markdown_save/"
        return self._notebook(await self._transport.send("POST", path, body=body))

    async def rename(self, project_id: int, short_id: str, *, title: str) -> RemoteNotebook:
        """Change the title only. No version is sent: one sent without content would be stored as given."""
        return await self._patch(project_id, short_id, {"title": title})

    async def set_variables(self, project_id: int, short_id: str, variables: list[JsonValue]) -> RemoteNotebook:
        """Change the variables only, all at once; the version stays (posthog-api.md 6.3, 6.8)."""
        return await self._patch(project_id, short_id, {"variables": variables})

    async def move_to_trash(self, project_id: int, short_id: str) -> RemoteNotebook:
        """Delete softly; PostHog refuses DELETE always (posthog-api.md 6.9)."""
        return await self._patch(project_id, short_id, {"deleted": True})

    async def restore_from_trash(self, project_id: int, short_id: str) -> RemoteNotebook:
        """Undo ``move_to_trash``: PATCH reaches what GET does not (posthog-api.md 6.8)."""
        return await self._patch(project_id, short_id, {"deleted": False})

    async def _patch(self, project_id: int, short_id: str, body: JsonValue) -> RemoteNotebook:
        answer = await self._transport.send(
            "PATCH", _notebook_path(project_id, short_id), body=body, not_found=notebook_not_found(short_id)
        )
        return self._notebook(answer)

    def _notebook(self, answer: JsonValue) -> RemoteNotebook:
        return decode(answer, RemoteNotebook, host=self._transport.host)


def _notebooks_path(project_id: ProjectId) -> str:
    return f"/api/projects/{project_id}/notebooks/"


def _notebook_path(project_id: ProjectId, short_id: str) -> str:
    return f"{_notebooks_path(project_id)}{short_id}/"
