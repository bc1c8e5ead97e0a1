"""Results of runs on their way into the document: taken from run records when a notebook is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jupyter_posthog.document import FreshResult, node_id_of
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.runs import RunRecord, RunStore

if TYPE_CHECKING:
    from nbformat import NotebookNode


class FreshResults:
    """The results that one save takes along."""

    def __init__(self, store: RunStore, key: NotebookKey, notebook: NotebookNode) -> None:
        """Find the records of the notebook's cells; a run that has not ended keeps the stored result in place."""
        self._store = store
        self._key = key
        self._records = _by_cell(notebook, [record for record in store.records(key) if record.is_final])

    @property
    def by_cell_id(self) -> Mapping[str, FreshResult]:
        """The results by cell id."""
        return {
            cell_id: FreshResult(
                run_id=record.run_id, status=record.status, envelope=record.envelope, error=record.error
            )
            for cell_id, record in self._records.items()
        }

    def drop(self) -> None:
        """Forget them: PostHog's document holds them now."""
        for record in self._records.values():
            self._store.drop(self._key, record)


def _by_cell(notebook: NotebookNode, records: Sequence[RunRecord]) -> dict[str, RunRecord]:
    by_node = {record.node_id: record for record in records}
    found: dict[str, RunRecord] = {}
    for cell in notebook.cells:
        if cell["cell_type"] != "code":
            continue
        record = by_node.get(node_id_of(cell) or "") or by_node.get(str(cell.get("id")))
        if record is not None:
            found[str(cell["id"])] = record
    return found
