"""Drafts of a page: kept while it is edited, listed, dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.records.drafts import Draft
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Drafts:
    """The edits on this machine that PostHog does not have yet."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def keep(self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None) -> str:
        """Keep a page's edits on this machine and return the draft's id.

        Raises:
            DraftNotKeptError: The disk is full or not writable.
        """
        return self.make(address, notebook, base_version).draft_id

    def make(self, address: NotebookAddress, notebook: NotebookNode, base_version: int | None) -> Draft:
        """Keep a page's edits on this machine and return the draft itself."""
        draft = Draft(
            key=self._workbench.key(address),
            base_version=base_version,
            saved_at=self._workbench.now().isoformat(),
            notebook=notebook,
        )
        self._workbench.drafts.keep(draft)
        return draft

    def list_drafts(self) -> list[dict[str, object]]:
        """Return every draft without its cells."""
        return [
            {
                "id": draft.draft_id,
                "host": draft.key.origin,
                "project_id": draft.key.project_id,
                "short_id": draft.key.short_id,
                "base_version": draft.base_version,
                "saved_at": draft.saved_at,
            }
            for draft in self._workbench.drafts.drafts()
        ]

    def drop(self, draft_id: str) -> bool:
        """Remove one draft; return whether there was one."""
        return self._workbench.drafts.drop(draft_id)

    def drop_saved(self, draft: Draft) -> None:
        """Remove a draft whose text PostHog has now, unless newer edits took its place."""
        self._workbench.drafts.drop_saved(draft)
