"""The version that edits were made on: what a page was given, or nothing but the digests that a file carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import EMPTY, Ledger, WrittenDocument, write_document
from jupyter_posthog.storage.fresh import FreshResults
from jupyter_posthog.storage.merging import Answers, Combined, combine, combine_by_cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.api.models import RemoteNotebook
    from jupyter_posthog.storage.new_shapes import NewShapes
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Edits beside the version they were made on; ``ledger`` is None where only the file's digests are known.

    Attributes:
        theirs: What PostHog holds, where it was asked already.
    """

    notebook: NotebookNode
    base_version: int
    ledger: Ledger | None
    written: WrittenDocument | None
    fresh: FreshResults
    theirs: RemoteNotebook | None = None

    def combined_with(self, theirs: RemoteNotebook, answers: Answers) -> Combined:
        """Merge them with what PostHog holds now."""
        if self.ledger is None or self.written is None:
            return combine_by_cell(self.notebook, theirs.content, answers)  # type: ignore[arg-type]  # any JSON
        return combine(self.ledger, self.written, theirs.content, answers)  # type: ignore[arg-type]  # any JSON


class Bases:
    """Finds bases, and what edits make of them."""

    def __init__(self, workbench: Workbench, new_shapes: NewShapes) -> None:
        self._workbench = workbench
        self._new_shapes = new_shapes

    async def edits(self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None) -> Edits:
        """Return what a page made of one version, beside that version.

        Raises:
            CellNotWritableError: A cell that PostHog cannot hold.
        """
        ledger, version, theirs = await self.find(address, base_version)
        fresh = FreshResults(self._workbench.runs, self._workbench.key(address), notebook)
        written = None
        if ledger is not None:
            written = write_document(notebook, ledger, fresh=fresh.by_cell_id)
            if written.is_changed and ledger.shape == EMPTY:
                shape = await self._new_shapes.of(address)
                written = write_document(notebook, ledger, fresh=fresh.by_cell_id, empty_shape=shape)
        return Edits(
            notebook=notebook, base_version=version, ledger=ledger, written=written, fresh=fresh, theirs=theirs
        )

    def local_changes(
        self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None
    ) -> WrittenDocument | None:
        """Return what a page changed, without a request; None where its base is not known here.

        Raises:
            CellNotWritableError: A cell that PostHog cannot hold.
        """
        ledger = None if base_version is None else self._workbench.find_ledger(address, base_version)
        return None if ledger is None else write_document(notebook, ledger)

    async def find(
        self, address: NotebookAddress, base_version: int | None
    ) -> tuple[Ledger | None, int, RemoteNotebook | None]:
        """Return what the page was given, its version, and what PostHog holds where it was asked.

        The ledger is None where it is not known here any more and PostHog has moved on.
        """
        if base_version is not None:
            ledger = self._workbench.find_ledger(address, base_version)
            if ledger is not None:
                return ledger, base_version, None
        record = await self._workbench.fetch(address)
        if base_version is not None and record.version != base_version:
            return None, base_version, record
        return self._workbench.read(address, record).ledger, record.version, record
