from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_posthog.records import outputs
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.outputs import KeptOutputs, OutputStore

KEY = NotebookKey(origin="https://h", project_id=1, short_id="aB3dE5gH")
KEPT = KeptOutputs(
    node_id="c/1",
    source_digest="d",
    recorded_at="2026-10-02T10:00:00+00:00",
    outputs=[{"output_type": "stream", "name": "stdout", "text": "\udc80"}],
    run_id="r1",
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    store = OutputStore(tmp_path)
    store.keep(KEY, KEPT)

    assert list(OutputStore(tmp_path).kept(KEY)) == [KEPT]
    assert list(store.kept(replace_key())) == []


def replace_key() -> NotebookKey:
    return NotebookKey(origin="https://h", project_id=2, short_id="aB3dE5gH")


def test_outputs_that_are_too_large_are_not_kept_and_no_older_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OutputStore(tmp_path)
    store.keep(KEY, KEPT)
    monkeypatch.setattr(outputs, "LARGEST_BYTES", 10)

    assert store.keep(KEY, KEPT) is False
    assert list(store.kept(KEY)) == []


def test_the_oldest_cells_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "KEPT_CELLS", 3)
    store = OutputStore(tmp_path)
    for number in range(6):
        store.keep(KEY, replace(KEPT, node_id=f"c{number}"))

    assert len(list(store.kept(KEY))) == 3


def test_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    store = OutputStore(tmp_path)
    store.keep(KEY, KEPT)
    next(KEY.folder_below(tmp_path).glob("*.json")).write_text("{broken")

    assert list(store.kept(KEY)) == []
