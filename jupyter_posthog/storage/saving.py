"""Saving a notebook's edits to PostHog (design.md §6).

draft kept → only the edits written into the base → sent with the base's version → on a conflict merged with what
PostHog holds now and sent again → what PostHog kept becomes the next base → draft dropped. A crash at any arrow loses
nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import (
    CarryNote,
    CellIdentity,
    JsonValue,
    WrittenDocument,
    node_id_of,
    read_ledger,
    shows_cells_of,
    unkept_parts,
    write_document,
)
from jupyter_posthog.document.values import canonical
from jupyter_posthog.errors import BaseUnknownError, SaveConflictError
from jupyter_posthog.storage.notebooks import NotebookFacts, editor_of, facts_of
from jupyter_posthog.storage.page_parts import with_page_parts

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.api.models import RemoteNotebook
    from jupyter_posthog.records.drafts import Draft
    from jupyter_posthog.storage.bases import Bases, Edits
    from jupyter_posthog.storage.drafting import Drafts
    from jupyter_posthog.storage.merging import Answers, Combined
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.save_requests import SaveRequest
    from jupyter_posthog.storage.sending import Sender
    from jupyter_posthog.storage.workbench import Workbench

#: Somebody who saves faster than we merge is met with a conflict in the end.
MOST_MERGES = 8
_BASE_UNKNOWN = "base_unknown"
#: Takes note of a save: where, the document before it, the record after it.
Saved = Callable[["NotebookAddress", JsonValue, "RemoteNotebook"], None]

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeNote:
    """Whose changes a save was merged with: the last editor's name, and how many blocks."""

    by: str
    blocks: int
    is_of_other_renderer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedNotebook:
    """The outcome of a save.

    Attributes:
        facts: Of the notebook as PostHog holds it now; None when nothing had to be sent.
        base_version: The version that the page's next save must name.
        stored: The notebook as stored, where it differs from what the page showed; else None.
        merged: What was merged by itself; None where nobody else had saved.
    """

    facts: NotebookFacts | None
    base_version: int
    stored: NotebookNode | None
    merged: MergeNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a save would do."""

    written: WrittenDocument
    unkept: tuple[CarryNote, ...]


class Saver:
    """Writes edits of notebooks to PostHog, and nothing else."""

    def __init__(
        self, workbench: Workbench, drafts: Drafts, bases: Bases, sender: Sender, *, saved: Saved | None = None
    ) -> None:
        """Prepare.

        Args:
            saved: Called after each save with the document before it and the record after it.
        """
        self._workbench = workbench
        self._drafts = drafts
        self._bases = bases
        self._sender = sender
        self._saved = saved

    async def save(self, request: SaveRequest) -> SavedNotebook:
        """Store the edits that a page made on one version, merged with what others saved since.

        Raises:
            SaveConflictError: Somebody changed the same blocks. Nothing was stored; the draft is kept.
            BaseUnknownError: What the page was given is not known here any more, and PostHog has moved on.
            CellNotWritableError: A cell that PostHog cannot hold. Nothing was sent; the draft is kept.
        """
        address, notebook = request.address, request.notebook
        draft = self._drafts.make(address, notebook, request.base_version, page_id=request.page_id)
        edits = await self._bases.edits(address, notebook, base_version=request.base_version)
        if edits.written is not None and not edits.written.is_changed:
            edits.fresh.drop()
            self._drafts.drop_saved(draft)
            return SavedNotebook(facts=None, base_version=edits.base_version, stored=None)
        record, note = await self._store(address, edits, request.answers, draft)
        _log.info(
            "saved short_id=%s base_version=%s version=%s merged=%s",
            address.short_id,
            edits.base_version,
            record.version,
            note.blocks if note is not None else 0,
        )
        stored = self._remember(address, record, notebook)
        edits.fresh.drop()
        self._drafts.drop_saved(draft)
        facts = facts_of(address, record)
        return SavedNotebook(facts=facts, base_version=record.version, stored=stored, merged=note)

    async def preview(self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None) -> Preview:
        """Return what a save would send, and what it would leave out, without sending it."""
        ledger, _, theirs = await self._bases.find(address, base_version)
        if ledger is None:
            raise BaseUnknownError(base_version=base_version, stored_version=theirs.version if theirs else 0)
        return Preview(written=write_document(notebook, ledger), unkept=unkept_parts(notebook, ledger))

    async def _store(
        self, address: NotebookAddress, edits: Edits, answers: Answers, draft: Draft
    ) -> tuple[RemoteNotebook, MergeNote | None]:
        """Send, and where somebody saved meanwhile, merge and send again."""
        note: MergeNote | None = None
        written, refusal = edits.written, None
        document, text_content, version, shape = None, None, edits.base_version, ""
        if written is not None and edits.ledger is not None:
            document, text_content, shape = written.document, written.text_content, edits.ledger.shape
        theirs = edits.theirs if written is None else None
        for _ in range(MOST_MERGES):
            if theirs is not None:
                if written is not None and canonical(theirs.content) == canonical(document):  # type: ignore[arg-type]
                    # The same text on both sides is no conflict: an earlier save whose answer was lost, say.
                    return theirs, note
                combined = edits.combined_with(theirs, answers)
                self._check(combined, edits, theirs, draft)
                note = MergeNote(
                    by=editor_of(theirs), blocks=combined.taken, is_of_other_renderer=combined.is_of_other_renderer
                )
                document, text_content, shape = combined.document, combined.text_content, combined.shape
                version = theirs.version
                if canonical(document) == canonical(theirs.content):  # type: ignore[arg-type]  # any JSON, kept raw
                    return theirs, note
            try:
                record = await self._sender.send(
                    address, document, shape=shape, text_content=text_content, base_version=version
                )
            except SaveConflictError as error:
                refusal = error
                theirs = await self._workbench.fetch(address)
                continue
            if self._saved is not None:
                before = theirs.content if theirs is not None else edits.ledger and edits.ledger.stored.document
                self._saved(address, before, record)  # type: ignore[arg-type]  # any JSON, kept raw
            return record, note
        assert theirs is not None
        raise _conflict(edits, theirs, draft, conflicts=0, taken=0) from refusal

    def _check(self, combined: Combined, edits: Edits, theirs: RemoteNotebook, draft: Draft) -> None:
        """Stop where a person has to decide."""
        if not combined.conflicts:
            return
        if combined.conflicts[0].kind == _BASE_UNKNOWN:
            raise BaseUnknownError(base_version=edits.base_version, stored_version=theirs.version)
        _log.info(
            "save_conflict draft=%s base_version=%s stored_version=%s blocks=%s",
            draft.draft_id,
            edits.base_version,
            theirs.version,
            len(combined.conflicts),
        )
        raise _conflict(edits, theirs, draft, conflicts=len(combined.conflicts), taken=combined.taken)

    def _remember(self, address: NotebookAddress, record: RemoteNotebook, shown: NotebookNode) -> NotebookNode | None:
        """Make what PostHog kept the next base; return it where the page shows something else."""
        kept_cells = tuple(
            CellIdentity(
                cell_id=cell.get("id", ""),
                node_id=node_id_of(cell),
                cell_type=cell["cell_type"],
                source=str(cell["source"]),
            )
            for cell in shown.cells
        )
        ledger = read_ledger(record.content, kept_cells)  # type: ignore[arg-type]  # any JSON, kept raw
        self._workbench.keep_ledger(address, record.version, ledger)
        if shows_cells_of(shown, ledger):
            return None
        return with_page_parts(self._workbench.read(address, record, kept_cells).notebook, shown)


def _conflict(edits: Edits, theirs: RemoteNotebook, draft: Draft, *, conflicts: int, taken: int) -> SaveConflictError:
    return SaveConflictError(
        status=409,
        base_version=edits.base_version,
        stored_version=theirs.version,
        editor=editor_of(theirs),
        draft_id=draft.draft_id,
        conflicts=conflicts,
        merged=taken,
    )
