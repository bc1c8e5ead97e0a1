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

    def make(
        self, address: NotebookAddress, notebook: NotebookNode, base_version: int | None, *, page_id: str = ""
    ) -> Draft:
        """Keep a page's edits on this machine and return the draft; a full disk leaves it in memory."""
        draft, _ = self.keep(address, notebook, base_version, page_id=page_id)
        return draft

    def keep(
        self, address: NotebookAddress, notebook: NotebookNode, base_version: int | None, *, page_id: str = ""
    ) -> tuple[Draft, str]:
        """Keep a page's edits on this machine; return the draft and what the disk said, empty where all is well."""
        draft = Draft(
            key=self._workbench.key(address),
            base_version=base_version,
            saved_at=self._workbench.now().isoformat(),
            notebook=notebook,
            page_id=page_id,
        )
        return draft, self._workbench.drafts.keep(draft)

    def draft_id(self, address: NotebookAddress, base_version: int | None, *, page_id: str = "") -> str:
        """Return the id that a page's draft has."""
        key = self._workbench.key(address)
        return Draft(key=key, base_version=base_version, saved_at="", notebook={}, page_id=page_id).draft_id

    def find(self, draft_id: str) -> Draft | None:
        """Return one draft as it is now."""
        return self._workbench.drafts.find(draft_id)

    def of(self, address: NotebookAddress) -> list[Draft]:
        """Return the drafts of one notebook that are offered, newest first."""
        key = self._workbench.key(address)
        found = [draft for draft in self._workbench.drafts.drafts() if draft.key == key and not draft.is_put_aside]
        return sorted(found, key=lambda draft: draft.saved_at, reverse=True)

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
                "page_id": draft.page_id,
                "is_put_aside": draft.is_put_aside,
            }
            for draft in self._workbench.drafts.drafts()
        ]

    def drop(self, draft_id: str) -> bool:
        """Remove one draft; return whether there was one."""
        return self._workbench.drafts.drop(draft_id)

    def put_aside(self, draft_id: str) -> bool:
        """Keep a draft without offering it any more; return whether there was one."""
        return self._workbench.drafts.put_aside(draft_id)

    def drop_saved(self, draft: Draft) -> None:
        """Remove a draft whose text PostHog has now, unless newer edits took its place."""
        self._workbench.drafts.drop_saved(draft)
