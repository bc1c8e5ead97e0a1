"""Saving a notebook's edits to PostHog (design.md §6).

draft kept → only the edits written into the base → sent with the base's version → what PostHog
kept becomes the next base → draft dropped. A crash at any arrow loses nothing.
"""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.document import (
    EMPTY,
    CarryNote,
    CellIdentity,
    Ledger,
    WrittenDocument,
    node_id_of,
    shows_same_cells,
    unkept_parts,
    write_document,
)
from jupyter_posthog.errors import (
    BaseUnknownError,
    EndpointMissingError,
    InvalidRequestError,
    NotebookNotFoundError,
    SaveConflictError,
)
from jupyter_posthog.storage.drafting import Drafts
from jupyter_posthog.storage.fresh import FreshResults
from jupyter_posthog.storage.new_shapes import NewShapes
from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedNotebook:
    """The outcome of a save.

    Attributes:
        facts: Of the notebook as PostHog holds it now; None when nothing had to be sent.
        base_version: The version that the page's next save must name.
        stored: The notebook as stored, where it differs from what the page showed; else None.
    """

    facts: NotebookFacts | None
    base_version: int
    stored: NotebookNode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a save would do."""

    written: WrittenDocument
    unkept: tuple[CarryNote, ...]


class Saver:
    """Writes edits of notebooks to PostHog, and nothing else."""

    def __init__(self, workbench: Workbench, drafts: Drafts, new_shapes: NewShapes, *, client_id: str) -> None:
        """Prepare.

        Args:
            client_id: Names this process in PostHog's live updates (posthog-api.md 15.2).
        """
        self._workbench = workbench
        self._drafts = drafts
        self._new_shapes = new_shapes
        self._client_id = client_id
        self._without_markdown_save: set[str] = set()

    async def save(
        self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None
    ) -> SavedNotebook:
        """Store the edits that a page made on one version.

        Args:
            base_version: The version the page shows; None means the newest one PostHog has.

        Raises:
            SaveConflictError: Somebody saved after the base version. Nothing was stored; the draft is kept.
            BaseUnknownError: What the page was given is not known here any more, and PostHog has moved on.
            CellNotWritableError: A cell that PostHog cannot hold. Nothing was sent; the draft is kept.
            DraftNotKeptError: The draft could not be kept, so nothing was sent.
        """
        draft = self._drafts.make(address, notebook, base_version)
        base_version, ledger = await self._base(address, base_version)
        fresh = FreshResults(self._workbench.runs, self._workbench.key(address), notebook)
        written = write_document(notebook, ledger, fresh=fresh.by_cell_id)
        if written.is_changed and ledger.shape == EMPTY:
            shape = await self._new_shapes.of(address)
            written = write_document(notebook, ledger, fresh=fresh.by_cell_id, empty_shape=shape)
        if not written.is_changed:
            fresh.drop()
            self._drafts.drop_saved(draft)
            return SavedNotebook(facts=None, base_version=base_version, stored=None)
        record = await self._store(address, written, ledger.shape, base_version)
        _log.info("saved short_id=%s base_version=%s version=%s", address.short_id, base_version, record.version)
        stored = self._remember(address, record, notebook)
        fresh.drop()
        self._drafts.drop_saved(draft)
        return SavedNotebook(facts=facts_of(address, record), base_version=record.version, stored=stored)

    async def preview(self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None) -> Preview:
        """Return what a save would send, and what it would leave out, without sending it."""
        _, ledger = await self._base(address, base_version)
        return Preview(written=write_document(notebook, ledger), unkept=unkept_parts(notebook, ledger))

    async def _base(self, address: NotebookAddress, base_version: int | None) -> tuple[int, Ledger]:
        if base_version is not None:
            ledger = self._workbench.find_ledger(address, base_version)
            if ledger is not None:
                return base_version, ledger
        record = await self._fetch(address)
        if base_version is not None and record.version != base_version:
            raise BaseUnknownError(base_version=base_version, stored_version=record.version)
        return record.version, self._workbench.read(address, record).ledger

    async def _store(
        self, address: NotebookAddress, written: WrittenDocument, shape: str, base_version: int
    ) -> RemoteNotebook:
        try:
            return await self._send(address, written, shape, base_version)
        except SaveConflictError as error:
            current = await self._fetch(address)
            if _canonical(current.content) == _canonical(written.document):
                # The same text on both sides is no conflict: an earlier save of ours whose answer was lost, say.
                return current
            editor = current.last_modified_by.display_name if current.last_modified_by else ""
            _log.info(
                "save_conflict short_id=%s base_version=%s stored_version=%s",
                address.short_id,
                base_version,
                current.version,
            )
            raise SaveConflictError(
                status=409,
                detail=error.detail,
                base_version=base_version,
                stored_version=current.version,
                editor=editor,
            ) from error

    async def _send(
        self, address: NotebookAddress, written: WrittenDocument, shape: str, base_version: int
    ) -> RemoteNotebook:
        if shape == "markdown" and address.connection not in self._without_markdown_save:
            try:
                return await self._send_markdown(address, written, base_version)
            except InvalidRequestError:
                _log.debug("markdown_save refused this document; going on with PATCH short_id=%s", address.short_id)
            except EndpointMissingError:
                record = await self._patch(address, written, base_version)
                # The same 404 says that the notebook is gone; only now it is known which of the two it was.
                self._without_markdown_save.add(address.connection)
                return record
        return await self._patch(address, written, base_version)

    async def _send_markdown(
        self, address: NotebookAddress, written: WrittenDocument, base_version: int
    ) -> RemoteNotebook:
        return await self._workbench.api(address.connection).notebooks.save_markdown(
            address.project_id,
            address.short_id,
            written.document,
            text_content=written.text_content or "",
            base_version=base_version,
            client_id=self._client_id,
        )

    async def _patch(self, address: NotebookAddress, written: WrittenDocument, base_version: int) -> RemoteNotebook:
        record = await self._workbench.api(address.connection).notebooks.save_document(
            address.project_id,
            address.short_id,
            written.document,
            text_content=written.text_content,
            base_version=base_version,
        )
        if record.deleted:
            # PATCH reaches the trash too (posthog-api.md 6.8); a person must hear that the notebook is there.
            raise NotebookNotFoundError(status=404, short_id=address.short_id)
        return record

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
        read = self._workbench.read(address, record, kept_cells)
        self._workbench.keep_ledger(address, record.version, read.ledger)
        if shows_same_cells(read.notebook, shown):
            return None
        return with_page_parts(read.notebook, shown)

    async def _fetch(self, address: NotebookAddress) -> RemoteNotebook:
        return await self._workbench.api(address.connection).notebooks.fetch(address.project_id, address.short_id)


def with_page_parts(stored: NotebookNode, shown: NotebookNode) -> NotebookNode:
    """Return the stored notebook with what only the page has: outputs and other tools' metadata, by cell id."""
    merged = deepcopy(stored)
    by_id = {cell.get("id"): cell for cell in shown.cells}
    for cell in merged.cells:
        page_cell = by_id.get(cell["id"])
        if page_cell is None or page_cell["cell_type"] != cell["cell_type"]:
            continue
        cell["metadata"] = {**page_cell["metadata"], **cell["metadata"]}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = page_cell["outputs"], page_cell["execution_count"]
    return merged


def _canonical(document: object) -> str:
    return json.dumps(document, sort_keys=True)
