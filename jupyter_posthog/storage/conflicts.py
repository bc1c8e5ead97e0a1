"""Edits that meet other people's: their three sides, block by block, and the three ways out (design.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import Conflict, block_as_cell
from jupyter_posthog.errors import CopyNotMadeError, DraftGoneError, UnknownConnectionError
from jupyter_posthog.storage.merging import NO_ANSWERS, Answers, Combined
from jupyter_posthog.storage.notebooks import editor_of, facts_of
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.save_requests import notebook_in, request_of

if TYPE_CHECKING:
    from jupyter_posthog.records.drafts import Draft
    from jupyter_posthog.storage.bases import Bases
    from jupyter_posthog.storage.creating import NewNotebooks
    from jupyter_posthog.storage.drafting import Drafts
    from jupyter_posthog.storage.notebooks import NotebookFacts
    from jupyter_posthog.storage.save_requests import SavesNotebooks
    from jupyter_posthog.storage.saving import SavedNotebook
    from jupyter_posthog.storage.workbench import Workbench

#: Conflicts of whole documents, which have no blocks to choose between.
_OF_WHOLES = frozenset({"shape_changed", "unreadable", "base_unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict:
    """Edits of one draft beside what PostHog holds now."""

    draft: Draft
    facts: NotebookFacts
    combined: Combined
    editor: str

    def to_json(self) -> dict[str, object]:
        """Return the conflict as a page shows it."""
        return {
            "id": self.draft.draft_id,
            "path": self.facts.path,
            "base_version": self.draft.base_version,
            "stored_version": self.facts.version,
            "editor": self.editor,
            "merged": self.combined.taken,
            "blocks": [self._block(conflict) for conflict in self.combined.conflicts],
        }

    def _block(self, conflict: Conflict) -> dict[str, object]:
        is_whole = conflict.kind in _OF_WHOLES
        sides = {"base": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}
        cell_type = "markdown"
        shown: dict[str, str | None] = dict(sides)
        if not self.combined.is_by_cell and not is_whole:
            cells = {
                side: block_as_cell(text, shape=self.combined.shape) for side, text in sides.items() if text is not None
            }
            shown = {side: cells[side].source if side in cells else None for side in sides}
            cell_type = next((cell.cell_type for cell in cells.values()), cell_type)
        return {
            "id": conflict.conflict_id,
            "kind": conflict.kind,
            "node_id": conflict.node_id,
            "cell_type": cell_type,
            "can_edit": not self.combined.is_by_cell and not is_whole,
            **shown,
        }


class Conflicts:
    """Finds the conflict of a draft anew at each question, so that it is never out of date."""

    def __init__(
        self,
        workbench: Workbench,
        drafts: Drafts,
        bases: Bases,
        new_notebooks: NewNotebooks,
        *,
        connection_at: Callable[[str], str | None],
    ) -> None:
        """Prepare.

        Args:
            connection_at: Gives the connection to an origin by name; None where there is none any more.
        """
        self._workbench = workbench
        self._drafts = drafts
        self._bases = bases
        self._new_notebooks = new_notebooks
        self._connection_at = connection_at

    async def describe(self, draft_id: str) -> OpenConflict:
        """Return what a save of the draft would meet now; without blocks where it would merge by itself.

        Raises:
            DraftGoneError: There is no such draft.
        """
        draft = self._draft(draft_id)
        address = self.address_of(draft)
        edits = await self._bases.edits(address, notebook_in(draft.notebook), base_version=draft.base_version)
        theirs = edits.theirs or await self._workbench.fetch(address)
        return OpenConflict(
            draft=draft,
            facts=facts_of(address, theirs),
            combined=edits.combined_with(theirs, NO_ANSWERS),
            editor=editor_of(theirs),
        )

    async def resolve(self, draft_id: str, answers: Answers, *, saver: SavesNotebooks) -> SavedNotebook:
        """Save the draft with the person's choices.

        Raises:
            DraftGoneError: There is no such draft.
            SaveConflictError: A block has no answer, or somebody saved once more.
        """
        draft = self._draft(draft_id)
        return await saver.save(request_of(draft, self.address_of(draft), answers))

    async def keep_as_copy(self, draft_id: str) -> NotebookFacts:
        """Make a notebook of its own in PostHog from the draft, beside the original.

        Raises:
            DraftGoneError: There is no such draft.
            CopyNotMadeError: The project's notebook cannot be read, so that the copy has no name.
        """
        draft = self._draft(draft_id)
        address = self.address_of(draft)
        title = (await self._workbench.fetch(address)).title or ""
        if not draft.notebook.get("cells"):
            raise CopyNotMadeError(problem="the draft holds no cell")
        facts = await self._new_notebooks.create_from(
            address.connection,
            address.project_id,
            title=f"{title} (my version)".strip(),
            notebook=notebook_in(draft.notebook),
        )
        self._drafts.drop(draft_id)
        return facts

    def take_theirs(self, draft_id: str) -> None:
        """Put the draft aside: what PostHog holds is taken, and the edits stay findable.

        Raises:
            DraftGoneError: There is no such draft.
        """
        if not self._drafts.put_aside(draft_id):
            raise DraftGoneError()

    def address_of(self, draft: Draft) -> NotebookAddress:
        """Return where a draft belongs.

        Raises:
            UnknownConnectionError: No connection leads to its PostHog any more.
        """
        connection = self._connection_at(draft.key.origin)
        if connection is None:
            raise UnknownConnectionError(name=draft.key.origin)
        return NotebookAddress(connection=connection, project_id=draft.key.project_id, short_id=draft.key.short_id)

    def _draft(self, draft_id: str) -> Draft:
        draft = self._drafts.find(draft_id)
        if draft is None:
            raise DraftGoneError()
        return draft
