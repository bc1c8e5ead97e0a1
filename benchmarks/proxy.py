"""What the proxy adds to a request and to an event of a stream, over the same box in the same run."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.figure import Figure
from benchmarks.servers import running

REQUESTS, EVENTS = 300, 100
_EVENTS_CODE = f"import time\nfor _ in range({EVENTS}):\n    print(time.time(), flush=True)\n    time.sleep(0.02)"


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), profile="legacy") as (direct, proxied):
        created = direct.post("/api/projects/1/notebooks/", json={"title": "Measured"}).json()
        path = f"/api/projects/1/notebooks/{created['short_id']}/"
        raw, ours = _interleaved(direct, proxied, path)
        for name, share in (("median", 0.5), ("p99", 0.99)):
            reference = _quantile(raw, share)
            yield Figure(
                name=f"proxy.overhead.{name}",
                value=_quantile(ours, share) - reference,
                unit="ms",
                reference=reference,
                note=f"retrieve one notebook, {REQUESTS} requests each way, in turns",
            )
        raw, ours = _event_ages(direct, path), _event_ages(proxied, path)
        yield Figure(
            name="proxy.stream.event.median",
            value=statistics.median(ours),
            unit="ms",
            reference=statistics.median(raw),
            note="age of a printed line when it arrives through the proxy; reference without it",
        )


def _interleaved(direct: httpx.Client, proxied: httpx.Client, path: str) -> tuple[list[float], list[float]]:
    """Return times in milliseconds; in turns, so that what else the machine does meets both alike."""
    raw, ours = [], []
    for number in range(REQUESTS + 10):
        for client, times in ((direct, raw), (proxied, ours)):
            started_s = time.perf_counter()
            client.get(path).raise_for_status()
            if number >= 10:  # the first ones open connections and load modules
                times.append((time.perf_counter() - started_s) * 1000)
    return raw, ours


def _event_ages(client: httpx.Client, path: str) -> list[float]:
    ages = []
    with client.stream("POST", f"{path}kernel/execute/stream/", json={"code": _EVENTS_CODE}) as response:
        for line in response.iter_lines():
            now_s = time.time()
            if line.startswith('data: {"text"') and line.count("\\n") == 1:
                ages.append((now_s - float(json.loads(line[6:])["text"])) * 1000)
    return ages


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]
