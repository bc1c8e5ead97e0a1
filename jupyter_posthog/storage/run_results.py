"""Results of runs and kept outputs, merged into a notebook that is being opened; the document is never touched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from jupyter_posthog.api.models import RunStatus
from jupyter_posthog.document import StoredRun, node_id_of, run_outputs, stored_runs
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.records.outputs import KeptOutputs
from jupyter_posthog.records.runs import RunRecord, source_digest
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Opening waits no longer for late results; the next opening asks again.
ASKING_LIMIT_S = 3.0
MOST_ASKED = 20
_log = logging.getLogger("jupyter_posthog")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of one cell beside its stored outputs."""

    record: RunRecord | None
    kept: KeptOutputs | None
    stored: StoredRun | None

    @property
    def run_to_ask(self) -> str | None:
        """The run whose end is not known here."""
        if self.record is not None:
            return None if self.record.is_final else self.record.run_id
        if self.stored is None or self.stored.has_result:
            return None
        is_kept = self.kept is not None and self.kept.run_id == self.stored.run_id
        return None if is_kept else self.stored.run_id


class RunResults:
    """Shows what ran, whoever has gone away meanwhile: nothing runs again for it."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def show(self, address: NotebookAddress, document: object, notebook: NotebookNode) -> None:
        """Put results into the cells; outputs are no part of what a save compares.

        Args:
            document: As PostHog stores it.
        """
        try:
            known = self._known(address, document, notebook)
        except OSError as error:
            _log.warning("run_records_not_read errno=%s", error.errno)
            return
        asked = await self._ask(address, {cell_id: one for cell_id, one in known.items() if one.run_to_ask})
        for cell in notebook.cells:
            cell_id = str(cell.get("id"))
            outputs = self._outputs(address, cell, known[cell_id], asked.get(cell_id)) if cell_id in known else None
            if outputs is not None:
                cell["outputs"] = outputs

    def _known(self, address: NotebookAddress, document: object, notebook: NotebookNode) -> dict[str, _Known]:
        key = self._workbench.key(address)
        records = {record.node_id: record for record in self._workbench.runs.records(key)}
        kept = {one.node_id: one for one in self._workbench.outputs.kept(key)}
        stored = stored_runs(document)  # type: ignore[arg-type]  # any JSON, kept raw
        found: dict[str, _Known] = {}
        if not records and not kept and not stored:
            return found
        for cell in notebook.cells:
            if cell["cell_type"] != "code":
                continue
            cell_id, node_id = str(cell.get("id")), node_id_of(cell) or ""
            one = _Known(
                record=records.get(node_id) or records.get(cell_id),
                kept=kept.get(node_id) or kept.get(cell_id),
                stored=stored.get(node_id),
            )
            if one.record or one.kept or one.stored:
                found[cell_id] = one
        return found

    async def _ask(self, address: NotebookAddress, known: Mapping[str, _Known]) -> dict[str, RunStatus]:
        """Ask PostHog once for each run whose end is not known."""
        found: dict[str, RunStatus] = {}
        api = self._workbench.api(address.connection)

        async def ask(cell_id: str, run_id: str) -> None:
            try:
                found[cell_id] = await api.runs.fetch(address.project_id, address.short_id, run_id)
            except PosthogError as error:
                _log.info("late_result_not_read run_id=%s reason=%s", run_id, error.reason)

        with anyio.move_on_after(ASKING_LIMIT_S):
            async with anyio.create_task_group() as tasks:
                for cell_id, one in list(known.items())[:MOST_ASKED]:
                    tasks.start_soon(ask, cell_id, one.run_to_ask or "")
        return {cell_id: status for cell_id, status in found.items() if status.is_final}

    def _outputs(
        self, address: NotebookAddress, cell: NotebookNode, known: _Known, asked: RunStatus | None
    ) -> list[Any] | None:
        """Return the outputs to show in place of the stored ones; None leaves those."""
        digest = source_digest(str(cell["source"]))
        record = known.record
        if asked is not None:
            record = self._note(address, cell, known, asked)
        if record is not None:
            if record.is_final and record.source_digest == digest:
                kept = known.kept
                is_kept = kept is not None and (kept.run_id, kept.source_digest) == (record.run_id, digest)
                return _nodes(kept.outputs if kept is not None and is_kept else _outputs_of(record))
            return None
        kept = known.kept
        if kept is None or kept.source_digest != digest:
            return None
        # A result that PostHog stores of another run is somebody else's newer one.
        is_older = known.stored is not None and known.stored.has_result and known.stored.run_id != kept.run_id
        return None if is_older else _nodes(kept.outputs)

    def _note(self, address: NotebookAddress, cell: NotebookNode, known: _Known, asked: RunStatus) -> RunRecord:
        """Keep what PostHog said, so that it is asked once."""
        key, moment = self._workbench.key(address), self._workbench.now().isoformat()
        envelope: Any = asked.result
        ended = {"status": asked.status, "envelope": envelope, "error": asked.error or "", "recorded_at": moment}
        if known.record is not None:
            record = replace(known.record, **ended)
            keep: Callable[[], object] = partial(self._workbench.runs.keep, key, record)
        else:
            # Of a run that this machine did not start: shown, and no reason to change the document.
            node_id, digest = node_id_of(cell) or str(cell["id"]), source_digest(str(cell["source"]))
            run_id = known.run_to_ask
            record = RunRecord(node_id=node_id, source_digest=digest, run_id=run_id, **ended)
            kept = KeptOutputs(
                node_id=node_id,
                source_digest=digest,
                recorded_at=moment,
                outputs=_outputs_of(record),
                run_id=run_id,
            )
            keep = partial(self._workbench.outputs.keep, key, kept)
        try:
            keep()
        except OSError as error:
            _log.warning("late_result_not_kept errno=%s", error.errno)
        return record


def _outputs_of(record: RunRecord) -> list[Any]:
    return run_outputs(record.envelope, run_id=record.run_id, status=record.status, error=record.error)


def _nodes(outputs: list[Any]) -> list[Any]:
    import nbformat

    nodes: list[Any] = nbformat.from_dict(outputs)
    return nodes
