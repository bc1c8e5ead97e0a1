"""What the server adds to the list in the sidebar, and to opening a long notebook.

On the documented PostHog: today's takes at most fifty cells that run in one notebook (posthog-api.md).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.documents import example
from benchmarks.figure import Figure
from benchmarks.servers import running

CELLS, OPENINGS = 1_000, 15
LISTS, ROWS = 60, 100


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), profile="legacy") as (direct, served):
        raw, ours = _openings(direct, served)
        yield Figure(
            name=f"lab.open.{CELLS}",
            value=statistics.median(ours) - statistics.median(raw),
            unit="ms",
            reference=statistics.median(raw),
            note=f"{OPENINGS} notebooks, each opened once: fetched, converted, sent; reference: the raw record",
        )
        raw, ours = _lists(direct, served)
        yield Figure(
            name="list.overhead.median",
            value=statistics.median(ours) - statistics.median(raw),
            unit="ms",
            reference=statistics.median(raw),
            note=f"the sidebar's first {ROWS} rows, {LISTS} requests each way, in turns",
        )


def _openings(direct: httpx.Client, served: httpx.Client) -> tuple[list[float], list[float]]:
    document = example(CELLS)
    raw, ours = [], []
    for number in range(OPENINGS + 2):
        body = {"title": f"Opened {number}", "content": document}
        short_id = direct.post("/api/projects/1/notebooks/", json=body).raise_for_status().json()["short_id"]
        raw_ms = _time_ms(direct, f"/api/projects/1/notebooks/{short_id}/")
        ours_ms = _time_ms(served, f"/contents/env/1/{short_id}.ipynb?type=notebook&content=1")
        if number >= 2:  # the first ones open connections and load modules
            raw.append(raw_ms)
            ours.append(ours_ms)
    return raw, ours


def _lists(direct: httpx.Client, served: httpx.Client) -> tuple[list[float], list[float]]:
    for number in range(ROWS + LISTS):
        direct.post("/api/projects/1/notebooks/", json={"title": f"Row {number}"}).raise_for_status()
    raw, ours = [], []
    for number in range(LISTS + 3):
        # Each page is asked for at most once in two seconds (docs/decisions/0007), so each question is another one.
        path = f"/api/projects/1/notebooks/?limit={ROWS}&offset={number}"
        raw_ms, ours_ms = _time_ms(direct, path), _time_ms(served, f"/@env{path}")
        if number >= 3:
            raw.append(raw_ms)
            ours.append(ours_ms)
    return raw, ours


def _time_ms(client: httpx.Client, path: str) -> float:
    begun_s = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - begun_s) * 1000
