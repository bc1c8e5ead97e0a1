"""Writes down what runs, as it runs, so that nothing is lost with a kernel, a page or a network (design.md §5)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jupyter_posthog.execution.events import (
    CellBegan,
    CellEnded,
    CellFailed,
    DisplayData,
    Event,
    ExecuteResult,
    Notice,
    StreamText,
)
from jupyter_posthog.records.files import JsonValue, NotebookKey
from jupyter_posthog.records.outputs import KeptOutputs, OutputStore
from jupyter_posthog.records.runs import RunRecord, RunStore, source_digest

_log = logging.getLogger("jupyter_posthog")
_HELD_BY_DOCUMENTS = ("text/plain", "image/", "application/vnd.posthog.")
_LONGEST_STREAM = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLog:
    """Where the runs of one notebook are written down."""

    key: NotebookKey
    runs: RunStore
    outputs: OutputStore
    now: Callable[[], datetime]

    def cell(self, node_id: str, source: str) -> CellLog:
        """Return the log of one cell that is about to run."""
        return CellLog(self, node_id, source_digest(source))


class CellLog:
    """One cell on its way: what PostHog said of it, and what it showed."""

    def __init__(self, log: RunLog, node_id: str, digest: str) -> None:
        self._log = log
        self._node_id = node_id
        self._digest = digest
        self._record: RunRecord | None = None
        self._outputs: list[dict[str, Any]] = []

    def note(self, event: Event) -> None:
        """Take note of one event.

        Raises:
            OSError: The disk is full or not writable.
        """
        match event:
            case CellBegan(run_id=run_id):
                self._keep(RunRecord(**self._names, run_id=run_id, status="running", recorded_at=self._moment))
            case CellEnded():
                self._keep(
                    RunRecord(
                        **self._names,
                        run_id=event.run_id,
                        status=event.status,
                        recorded_at=self._moment,
                        envelope=None if event.envelope is None else dict(event.envelope),
                        error=event.error,
                    )
                )
            case Notice():
                return  # of this moment, not of the cell
            case StreamText() | DisplayData() | ExecuteResult() | CellFailed():
                self._add(event)

    def close(self) -> None:
        """Keep what PostHog's document cannot hold, forget what it can.

        Raises:
            OSError: The disk is full or not writable.
        """
        record = self._record
        if record is not None and not record.is_final and record.run_id is None:
            # Nobody can ask what becomes of it.
            self._log.runs.drop(self._log.key, record)
        if record is not None and not record.is_final:
            return
        if self._outputs and (record is None or record.status == "failed" or not _is_held(self._outputs)):
            kept = KeptOutputs(
                **self._names,
                recorded_at=self._moment,
                outputs=list[JsonValue](self._outputs),
                run_id=record.run_id if record else None,
            )
            if not self._log.outputs.keep(self._log.key, kept):
                _log.warning("outputs_not_kept node_id=%s too_large=true", self._node_id)
        else:
            self._log.outputs.drop(self._log.key, self._node_id)

    @property
    def _names(self) -> dict[str, Any]:
        return {"node_id": self._node_id, "source_digest": self._digest}

    @property
    def _moment(self) -> str:
        return self._log.now().isoformat()

    def _keep(self, record: RunRecord) -> None:
        self._record = record
        self._log.runs.keep(self._log.key, record)

    def _add(self, event: StreamText | DisplayData | ExecuteResult | CellFailed) -> None:
        match event:
            case StreamText(name=name, text=text):
                self._add_text(name, text)
            case DisplayData(data=data, metadata=metadata):
                self._outputs.append(_shown("display_data", data, metadata))
            case ExecuteResult(data=data, metadata=metadata):
                self._outputs.append(_shown("execute_result", data, metadata) | {"execution_count": None})
            case CellFailed():
                self._outputs.append(
                    {
                        "output_type": "error",
                        "ename": event.error_name,
                        "evalue": event.error_text,
                        "traceback": list(event.traceback),
                    }
                )

    def _add_text(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["text"] = (last["text"] + text)[-_LONGEST_STREAM:]
        else:
            self._outputs.append({"output_type": "stream", "name": name, "text": text[-_LONGEST_STREAM:]})


def attached(record: RunRecord, event: CellEnded, now: datetime) -> RunRecord:
    """Return the record of a run that was found to have ended."""
    return replace(
        record,
        status=event.status,
        envelope=None if event.envelope is None else dict(event.envelope),
        error=event.error,
        recorded_at=now.isoformat(),
    )


def _shown(kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {"output_type": kind, "data": dict(data), "metadata": dict(metadata)}


def _is_held(outputs: list[dict[str, Any]]) -> bool:
    """Whether a document can hold these; frames keep their HTML, since it is made of their data."""
    for output in outputs:
        types = output.get("data", {})
        is_frame = any(name.startswith("application/vnd.posthog.") for name in types)
        if not is_frame and not all(name.startswith(_HELD_BY_DOCUMENTS) for name in types):
            return False
    return True
