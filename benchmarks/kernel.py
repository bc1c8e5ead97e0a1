"""What the wrapper kernel adds to PostHog's own work, over a box of its own in the same run."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Iterator
from typing import Any

import httpx

from benchmarks.figure import Figure
from benchmarks.running import (
    direct_client,
    kernel_variables,
    new_notebook,
    resident_mb,
    running_box,
    running_kernel,
)

STARTS, CELLS, EVENTS, RUNS = 5, 100, 60, 8
_EVENTS_CODE = f"import time\nfor _ in range({EVENTS}):\n    print(time.time(), flush=True)\n    time.sleep(0.03)"
_RUN_CODE = "import time\ntime.sleep({seconds})\nprint(time.time())"


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with running_box("legacy") as box, direct_client(box) as direct:
        place = new_notebook(direct)
        variables = kernel_variables(box, place, box["session"])
        yield from _start_figures(variables)
        with running_kernel(variables) as (_, client):
            yield from _overhead_figures(direct, place, client)
            yield _event_figure(direct, place, client)
    with running_box("cloud") as box, direct_client(box) as direct:
        place = new_notebook(direct)
        with running_kernel(kernel_variables(box, place, box["keys"]["full"])) as (_, client):
            yield _visible_figure(client)


def _start_figures(variables: dict[str, str]) -> Iterator[Figure]:
    times, sizes = [], []
    for _ in range(STARTS):
        begun_s = time.perf_counter()
        with running_kernel(variables) as (manager, client):
            times.append(time.perf_counter() - begun_s)
            client.execute_interactive("1", timeout=60, output_hook=lambda message: None)
            sizes.append(resident_mb(manager))
    note = f"median of {STARTS}; from the start of the process to its first answer"
    yield Figure(name="kernel.ready", value=statistics.median(times), unit="s", note=note)
    note = f"median of {STARTS}; resident, after the first cell"
    yield Figure(name="kernel.memory", value=statistics.median(sizes), unit="MB", note=note)


def _overhead_figures(direct: httpx.Client, place: str, client: Any) -> Iterator[Figure]:
    raw, ours = [], []
    for number in range(CELLS + 5):
        for times, action in ((raw, lambda: _run_directly(direct, place, "1")), (ours, lambda: _run(client, "1"))):
            begun_s = time.perf_counter()
            action()
            if number >= 5:  # the first ones open connections and find the way
                times.append((time.perf_counter() - begun_s) * 1000)
    for name, share in (("median", 0.5), ("p99", 0.99)):
        reference = _quantile(raw, share)
        value = _quantile(ours, share) - reference
        note = f"a cell of one character, {CELLS} each way, in turns"
        yield Figure(name=f"execute.overhead.{name}", value=value, unit="ms", reference=reference, note=note)


def _event_figure(direct: httpx.Client, place: str, client: Any) -> Figure:
    raw = []
    with direct.stream("POST", f"{place}kernel/execute/stream/", json={"code": _EVENTS_CODE}) as response:
        for line in response.iter_lines():
            now_s = time.time()
            if line.startswith('data: {"text"') and line.count("\\n") == 1:
                raw.append((now_s - float(json.loads(line[6:])["text"])) * 1000)
    ours: list[float] = []

    def take(message: dict[str, Any]) -> None:
        now_s, content = time.time(), message["content"]
        if message["msg_type"] == "stream" and re.fullmatch(r"[\d.]+\n", content["text"]):
            ours.append((now_s - float(content["text"])) * 1000)

    client.execute_interactive(_EVENTS_CODE, timeout=60, output_hook=take)
    return Figure(
        name="stream.event.median",
        value=statistics.median(ours),
        unit="ms",
        reference=statistics.median(raw),
        note="age of a printed line at the kernel's client; reference over plain HTTP",
    )


def _visible_figure(client: Any) -> Figure:
    late: list[float] = []
    _run(client, "1")

    def take(message: dict[str, Any]) -> None:
        now_s, text = time.time(), message["content"].get("text", "")
        if message["msg_type"] == "stream" and re.fullmatch(r"[\d.]+\n", text):
            late.append(now_s - float(text))

    for number in range(RUNS):
        code = _RUN_CODE.format(seconds=0.2 + number * 0.6)
        client.execute_interactive(code, timeout=60, output_hook=take)
    return Figure(
        name="run.visible.median",
        value=statistics.median(late),
        unit="s",
        note=f"from the end of the code to its output, {len(late)} runs of 0.2 to 4.4 s; at most {max(late):.2f} s",
    )


def _run(client: Any, code: str) -> None:
    client.execute_interactive(code, timeout=60, output_hook=lambda message: None)


def _run_directly(direct: httpx.Client, place: str, code: str) -> None:
    body = {"code": code, "return_variables": False}
    with direct.stream("POST", f"{place}kernel/execute/stream/", json=body) as response:
        response.read()


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]
