from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.runs import RunRecord, RunStore

KEY = NotebookKey(origin="http://127.0.0.1:1", project_id=1, short_id="aB3dE5gH")
RECORD = RunRecord(
    node_id="odd/../id",
    source_digest="d",
    run_id="r1",
    status="done",
    recorded_at="2026-11-24T10:00:00+00:00",
    envelope={"stdout": "one \ud800"},
)


def test_a_record_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    store = RunStore(tmp_path)

    store.keep(KEY, RECORD)

    assert list(store.records(KEY)) == [RECORD]
    assert list(store.records(replace(KEY, short_id="other"))) == []


def test_a_newer_run_takes_the_place_of_the_older_and_outlives_its_removal(tmp_path: Path) -> None:
    """The save of an older result must not forget what ran meanwhile."""
    store = RunStore(tmp_path)
    newer = replace(RECORD, run_id="r2", status="running", envelope=None)
    store.keep(KEY, RECORD)
    store.keep(KEY, newer)

    store.drop(KEY, RECORD)

    assert list(store.records(KEY)) == [newer]
    assert not newer.is_final


def test_a_stored_result_is_forgotten(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.keep(KEY, RECORD)

    store.drop(KEY, RECORD)

    assert list(store.records(KEY)) == []
