"""Outputs of a page that PostHog cannot hold: those of local kernels. Kept on this machine at each save."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jupyter_posthog.document import stored_runs
from jupyter_posthog.records.files import JsonValue, NotebookKey
from jupyter_posthog.records.outputs import KeptOutputs
from jupyter_posthog.records.runs import source_digest
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.storage.save_requests import SaveRequest, SavesNotebooks
    from jupyter_posthog.storage.saving import SavedNotebook

#: Its own process notes what it gives, with the run that gave it.
REMOTE_KERNEL = "posthog"
_log = logging.getLogger("jupyter_posthog")


class PageOutputs:
    """Keeps outputs of pages by PostHog's id of their cells."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def keep(self, address: NotebookAddress, notebook: NotebookNode, *, version: int) -> None:
        """Keep what a local kernel gave, and forget what the person cleared.

        Args:
            version: PostHog's version that holds the notebook now.
        """
        ledger = self._workbench.find_ledger(address, version)
        if ledger is None:
            return
        node_ids = {cell.cell_id: cell.node_id for cell in ledger.cells}
        key, known = self._workbench.key(address), self._known(address)
        is_local = notebook["metadata"].get("kernelspec", {}).get("name") not in {None, REMOTE_KERNEL}
        runs = stored_runs(ledger.stored.document) if is_local else {}
        for cell in notebook.cells:
            if cell["cell_type"] != "code":
                continue
            node_id = node_ids.get(str(cell["id"])) or str(cell["id"])
            if not cell["outputs"]:
                self._workbench.outputs.drop(key, node_id)
            # A cell that a kernel ran has a number; what was read from the document has none.
            elif is_local and cell["execution_count"] is not None:
                run = runs.get(node_id)
                self._keep(key, _kept(cell, node_id, run.run_id if run else None, self._moment), known.get(node_id))

    def _keep(self, key: NotebookKey, kept: KeptOutputs, before: KeptOutputs | None) -> None:
        if before is not None and (before.outputs, before.source_digest) == (kept.outputs, kept.source_digest):
            return
        if not self._workbench.outputs.keep(key, kept):
            _log.warning("outputs_not_kept node_id=%s too_large=true", kept.node_id)

    def _known(self, address: NotebookAddress) -> dict[str, KeptOutputs]:
        return {kept.node_id: kept for kept in self._workbench.outputs.kept(self._workbench.key(address))}

    @property
    def _moment(self) -> str:
        return self._workbench.now().isoformat()


class OutputKeepingSaver:
    """Saves through another saver, and keeps what that cannot store."""

    def __init__(self, saver: SavesNotebooks, outputs: PageOutputs) -> None:
        self._saver = saver
        self._outputs = outputs

    async def save(self, request: SaveRequest) -> SavedNotebook:
        """As the other saver, with its errors."""
        saved = await self._saver.save(request)
        try:
            self._outputs.keep(request.address, request.notebook, version=saved.base_version)
        except OSError as error:
            # The edits are in PostHog; a full disk costs the outputs of local cells only.
            _log.warning("outputs_not_kept errno=%s", error.errno)
        return saved


def _kept(cell: NotebookNode, node_id: str, run_id: str | None, moment: str) -> KeptOutputs:
    outputs: list[JsonValue] = [dict(output) for output in cell["outputs"]]
    return KeptOutputs(
        node_id=node_id,
        source_digest=source_digest(str(cell["source"])),
        recorded_at=moment,
        outputs=outputs,
        run_id=run_id,
    )
