"""One figure, as ``benchmarks/results.json`` lists it (design.md §3, Figures)."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value, what it was compared with in the same run, and the ratio of both."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the figure's row."""
        ratio = None if not self.reference else round(self.value / self.reference, 3)
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "reference": None if self.reference is None else round(self.reference, 3),
            "ratio": ratio,
            "note": self.note,
        }


def median_ms(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of one action, in milliseconds, after one run that does not count."""
    action()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def median_in_fresh_process_ms(setup: str, statement: str, runs: int = 9) -> float:
    """Return the median time of a statement that only a fresh process can time, such as an import."""
    code = (
        f"{setup}\nimport time\nbegun = time.perf_counter()\n{statement}\nprint((time.perf_counter() - begun) * 1000)"
    )
    # As pip installs it: with byte code, which some development machines switch off.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    answers = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment).stdout
        for _ in range(runs)
    ]
    return statistics.median(float(answer) for answer in answers)
