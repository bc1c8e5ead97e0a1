"""The history of a notebook: what PostHog noted, what this machine has seen, and how each differs from now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import CellDifference, JsonValue, cell_differences, read_document
from jupyter_posthog.errors import PosthogError, VersionGoneError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.api.activity import ActivityEntry
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.versions import Versions
    from jupyter_posthog.storage.workbench import Workbench

ENTRIES = 30
_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one
_CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedActivity:
    """PostHog's own notes of a notebook; ``refusal`` where this credential may not read them."""

    entries: tuple[ActivityEntry, ...] = ()
    count: int = 0
    refusal: PosthogError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OldNotebook:
    """A notebook as it was.

    Attributes:
        differences: What has changed since; None where PostHog does not answer: what is kept here is of use then too.
    """

    notebook: NotebookNode
    differences: tuple[CellDifference, ...] | None


class History:
    """Reads the past of notebooks."""

    def __init__(self, workbench: Workbench, versions: Versions) -> None:
        self._workbench = workbench
        self._versions = versions

    async def noted(self, address: NotebookAddress, *, page: int = 1) -> NotedActivity:
        """Return what PostHog noted, newest first; a refusal is part of the answer, for the rest is of use without."""
        api = self._workbench.api(address.connection).activity
        try:
            found = await api.of_notebook(address.project_id, address.short_id, limit=ENTRIES, page=page)
        except PosthogError as error:
            return NotedActivity(refusal=error)
        return NotedActivity(entries=tuple(found.results), count=found.total_count)

    async def version(self, address: NotebookAddress, version: int) -> OldNotebook:
        """Return a version that is kept here.

        Raises:
            VersionGoneError: It is not kept here any more.
        """
        return await self._old(address, self._versions.document(address, version))

    async def entry(self, address: NotebookAddress, entry_id: str, *, page: int = 1) -> OldNotebook:
        """Return the notebook of an entry, as ``entry_document`` finds it."""
        return await self._old(address, await self.entry_document(address, entry_id, page=page))

    async def entry_document(self, address: NotebookAddress, entry_id: str, *, page: int = 1) -> JsonValue:
        """Return the document that an entry of PostHog's activity left, or that a refused save would have.

        Raises:
            VersionGoneError: The entry is not on that page, or holds no document.
        """
        noted = await self.noted(address, page=page)
        if noted.refusal is not None:
            raise noted.refusal
        found = next((entry for entry in noted.entries if entry.id == entry_id), None)
        change = found.changed_field(_CONTENT) if found is not None else None
        if change is None or change.after is None:
            raise VersionGoneError(version=entry_id)
        return change.after  # type: ignore[return-value]  # any JSON, kept raw

    async def _old(self, address: NotebookAddress, document: JsonValue) -> OldNotebook:
        differences = None
        try:
            now: JsonValue = (await self._workbench.fetch(address)).content  # type: ignore[assignment]
            differences = tuple(cell_differences(document, now))
        except PosthogError as error:
            _log.debug("not_compared short_id=%s reason=%s", address.short_id, error.reason)
        return OldNotebook(notebook=read_document(document).notebook, differences=differences)
