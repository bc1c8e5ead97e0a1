"""The runs that are noted on this machine, as the page sees them, and what became of those that go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jupyter_posthog.document import run_outputs
from jupyter_posthog.execution.events import CellEnded
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.run_log import attached
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.runs import RunRecord, RunStore

JsonObject = dict[str, object]


class RunDesk:
    """Run records of any notebook."""

    def __init__(self, data_dir: Path, now: Callable[[], datetime]) -> None:
        """Prepare.

        Args:
            data_dir: Jupyter's data directory.
        """
        self._runs = RunStore(data_dir / "posthog" / "runs")
        self._now = now

    def list_runs(self, place: NotebookPlace) -> JsonObject:
        """Return the records of a notebook: each cell's newest run that PostHog's document does not hold yet."""
        return {"runs": [_shown(record) for record in self._runs.records(_key(place))]}

    async def attach(self, place: NotebookPlace) -> JsonObject:
        """Ask PostHog once for each run that has not ended, and return all records with their outputs.

        Raises:
            PosthogError: PostHog cannot be asked; what was learned before that is kept.
        """
        key = _key(place)
        found = []
        for record in self._runs.records(key):
            if not record.is_final and record.run_id is not None:
                record = await self._newest(place, key, record)
            found.append(_shown(record) | {"outputs": _outputs(record)})
        return {"runs": found}

    async def _newest(self, place: NotebookPlace, key: NotebookKey, record: RunRecord) -> RunRecord:
        status = await place.api.runs.fetch(place.project_id, place.short_id, record.run_id or "")
        if not status.is_final:
            return record
        ended = CellEnded(run_id=record.run_id, status=status.status, envelope=status.result, error=status.error or "")
        newest = attached(record, ended, self._now())
        self._runs.keep(key, newest)
        return newest


def _shown(record: RunRecord) -> JsonObject:
    return {
        "node_id": record.node_id,
        "run_id": record.run_id,
        "status": record.status,
        "source_digest": record.source_digest,
        "recorded_at": record.recorded_at,
        "error": record.error,
    }


def _outputs(record: RunRecord) -> list[object]:
    if not record.is_final:
        return []
    return [*run_outputs(record.envelope, run_id=record.run_id, status=record.status, error=record.error)]


def _key(place: NotebookPlace) -> NotebookKey:
    return NotebookKey(origin=place.api.transport.host, project_id=place.project_id, short_id=place.short_id)
