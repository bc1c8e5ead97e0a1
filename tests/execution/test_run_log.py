"""What is written down of a running cell, and what of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jupyter_posthog.execution.events import (
    INTERRUPTED,
    CellBegan,
    CellEnded,
    CellFailed,
    Event,
    ExecuteResult,
    Notice,
    StreamText,
)
from jupyter_posthog.execution.run_log import RunLog
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.outputs import OutputStore
from jupyter_posthog.records.runs import RunStore, source_digest

KEY = NotebookKey(origin="https://h", project_id=1, short_id="aB3dE5gH")
FAILED = CellFailed(error_name="E", error_text="no", traceback=("E: no",))
HTML = ExecuteResult(data={"text/html": "<b>x</b>", "text/plain": "x"})
FRAME = ExecuteResult(data={"text/html": "<table>", "application/vnd.posthog.dataframe+json": {}})
TEXT = StreamText(name="stdout", text="x\n")


@pytest.fixture
def log(tmp_path: Path) -> RunLog:
    now = lambda: datetime(2026, 10, 2, tzinfo=UTC)  # noqa: E731
    return RunLog(key=KEY, runs=RunStore(tmp_path / "runs"), outputs=OutputStore(tmp_path / "outputs"), now=now)


def write(log: RunLog, *events: Event) -> None:
    cell = log.cell("c1", "x\r\ny")
    for event in events:
        cell.note(event)
    cell.close()


def test_a_run_is_noted_before_anything_is_known_of_its_end(log: RunLog) -> None:
    log.cell("c1", "x").note(CellBegan(run_id="r1"))

    (record,) = log.runs.records(KEY)
    assert (record.run_id, record.status, record.is_final) == ("r1", "running", False)


def test_the_end_takes_the_place_of_the_beginning(log: RunLog) -> None:
    write(log, CellBegan(run_id="r1"), CellEnded(run_id="r1", status="done", envelope={"stdout": "x\n"}), TEXT)

    (record,) = log.runs.records(KEY)
    assert record.envelope == {"stdout": "x\n"}
    assert record.source_digest == source_digest("x\ny")


@pytest.mark.parametrize(
    ("events", "is_kept"),
    [
        ((CellEnded(run_id="r1", status="done"), TEXT), False),
        ((CellEnded(run_id="r1", status="done"), FRAME), False),
        ((CellEnded(run_id=None, status="done"), HTML), True),
        ((CellEnded(run_id="r1", status="failed"), FAILED), True),
        ((CellEnded(run_id="r1", status="interrupted"), TEXT, INTERRUPTED), False),
        ((FRAME,), True),
        ((CellEnded(run_id="r1", status="done"), Notice(text="the kernel ends")), False),
    ],
    ids=["text", "frame", "html", "failure", "interrupted", "query without a run", "notice"],
)
def test_only_what_a_document_cannot_hold_is_kept(log: RunLog, events: tuple[Event, ...], is_kept: bool) -> None:
    write(log, CellBegan(run_id="r0") if isinstance(events[0], CellEnded) else Notice(text=""), *events)

    assert bool(list(log.outputs.kept(KEY))) == is_kept


def test_a_good_run_takes_the_place_of_a_failed_one(log: RunLog) -> None:
    write(log, CellBegan(run_id="r1"), CellEnded(run_id="r1", status="failed"), FAILED)
    write(log, CellBegan(run_id="r2"), CellEnded(run_id="r2", status="done"), TEXT)

    assert list(log.outputs.kept(KEY)) == []


def test_a_run_without_an_id_that_nobody_waited_for_leaves_no_record(log: RunLog) -> None:
    write(log, CellBegan(run_id=None), INTERRUPTED)

    assert list(log.runs.records(KEY)) == []


def test_printed_text_is_kept_as_one_output_up_to_a_limit(log: RunLog) -> None:
    lines = [StreamText(name="stdout", text="x" * 50_000) for _ in range(10)]
    write(log, CellBegan(run_id=None), CellEnded(run_id=None, status="failed"), *lines, FAILED)

    (kept,) = log.outputs.kept(KEY)
    assert len(kept.outputs) == 2
    assert len(kept.outputs[0]["text"]) == 200_000  # type: ignore[index, call-overload, arg-type]
