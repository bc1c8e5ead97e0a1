"""Sizes and lifetimes of PostHog's kernels: as a person writes them, as PostHog allows them, at which price."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jupyter_posthog.api.kernel_models import ComputeOptions
from jupyter_posthog.execution.kernel_clock import KernelClock

Changes = Mapping[str, float | int]

_FIELDS = {"cpu": "cpu_cores", "memory": "memory_gb", "lifetime": "idle_timeout_seconds"}
_WORDS = {"cpu_cores": "{:g} cores", "memory_gb": "{:g} GB", "idle_timeout_seconds": "a lifetime of {:g} s"}
_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3600}
_DEFAULT_CORES, _DEFAULT_MEMORY_GB = 1.0, 2.0  # posthog-api.md 11.4


def read_changes(words: Sequence[str]) -> dict[str, float | int]:
    """Read ``cpu=4 memory=8 lifetime=1h``.

    Raises:
        ValueError: A word is none of these.
    """
    changes: dict[str, float | int] = {}
    for word in words:
        found = re.fullmatch(r"(cpu|memory|lifetime)=([0-9.]+)(s|m|min|h|gb)?", word.lower())
        if found is None or found[2].count(".") > 1 or found[2] == ".":
            raise ValueError(f"“{word}” is not cpu=CORES, memory=GB or lifetime=TIME, such as lifetime=1h")
        number = float(found[2])
        if found[1] == "lifetime":
            changes[_FIELDS["lifetime"]] = round(number * _UNITS_S.get(found[3] or "s", 1))
        else:
            changes[_FIELDS[found[1]]] = number
    return changes


def check_changes(changes: Changes, options: ComputeOptions) -> None:
    """Check against what PostHog allows.

    Raises:
        ValueError: A value is not allowed; the message lists those that are.
    """
    allowed: dict[str, Sequence[float]] = {
        "cpu_cores": options.allowed_cpu_cores,
        "memory_gb": options.allowed_memory_gb,
        "idle_timeout_seconds": options.allowed_idle_timeout_seconds,
    }
    for name, value in changes.items():
        if allowed[name] and value not in allowed[name]:
            listed = ", ".join(f"{one:g}" for one in allowed[name])
            raise ValueError(f"{name} is one of {listed}, and not {value:g}")


def price_of(changes: Changes, clock: KernelClock | None, options: ComputeOptions | None) -> float | None:
    """Return the price an hour after the changes; None where PostHog names no rates (posthog-api.md 11.5)."""
    if options is None or not options.cpu_rate_per_core_hour:
        return None
    cores = changes.get("cpu_cores") or (clock.cpu_cores if clock else None) or _DEFAULT_CORES
    memory_gb = changes.get("memory_gb") or (clock.memory_gb if clock else None) or _DEFAULT_MEMORY_GB
    return round(cores * options.cpu_rate_per_core_hour + memory_gb * options.memory_rate_per_gb_hour, 4)


def changes_in_words(changes: Changes) -> str:
    """Return the changes for a sentence."""
    return "PostHog's kernel with " + ", ".join(_WORDS[name].format(value) for name, value in changes.items())
