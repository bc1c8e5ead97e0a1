"""What a frame of 300,000 rows costs: the time to its first screen, and memory while it is paged."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.figure import Figure
from benchmarks.running import direct_client, kernel_variables, new_notebook, resident_mb, running_box, running_kernel

ROWS, SHOWINGS = 300_000, 7
_MAKE = f"""import numpy, pandas
big = pandas.DataFrame({{
    "n": numpy.arange({ROWS}), "share": numpy.random.default_rng(1).random({ROWS}),
    "event": numpy.where(numpy.arange({ROWS}) % 3, "$pageview", "$autocapture"),
    "at": pandas.Timestamp("2026-01-01") + pandas.to_timedelta(numpy.arange({ROWS}), unit="s")}})
None"""


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with running_box("cloud") as box, direct_client(box) as direct:
        place = new_notebook(direct)
        with running_kernel(kernel_variables(box, place, box["keys"]["full"])) as (manager, client):
            client.execute_interactive(_MAKE, timeout=120, output_hook=lambda message: None)
            times = [_first_screen_s(client) for _ in range(SHOWINGS + 1)][1:]
            seconds, growth_mb = _pull(manager, client)
        yield Figure(
            name=f"frame.first_screen.{ROWS}",
            value=statistics.median(times),
            unit="s",
            note=(
                f"a cell that shows the frame, until its first rows are there; median of {SHOWINGS}. "
                f"The whole frame is a local file after {seconds:.1f} s; the kernel grew by {growth_mb:.0f} MB"
            ),
        )


def _first_screen_s(client: Any) -> float:
    found: list[float] = []

    def take(message: dict[str, Any]) -> None:
        if "application/vnd.posthog.dataframe+json" in message["content"].get("data", {}):
            found.append(time.perf_counter())

    begun_s = time.perf_counter()
    client.execute_interactive("big", timeout=60, output_hook=take)
    return found[0] - begun_s


def _pull(manager: Any, client: Any) -> tuple[float, float]:
    """Return how long a second pull takes, and by how much the kernel grows with it; the first one loads modules."""
    begun_s, size_mb, found = 0.0, 0.0, (0.0, 0.0)
    for number in range(2):
        begun_s, size_mb = time.perf_counter(), resident_mb(manager)
        client.execute_interactive(
            f"%posthog pull big pulled_{number}.parquet", timeout=300, output_hook=lambda message: None
        )
        found = time.perf_counter() - begun_s, resident_mb(manager) - size_mb
    return found
