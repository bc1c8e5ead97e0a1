"""What a kernel costs (posthog-api.md 11.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CORE_PRICE, MEMORY_PRICE = 0.2, 0.025
DEFAULT_CORES, DEFAULT_MEMORY = 1.0, 2.0
# key: cores, GB
PRESETS = {"small": (1, 2), "balanced": (4, 8), "large": (8, 16), "high_memory": (8, 32)}


def hourly_price(cores: float, memory: float) -> float:
    """Return the price of a size in USD per hour."""
    return round(cores * CORE_PRICE + memory * MEMORY_PRICE, 4)


def size_of(config: Mapping[str, Any]) -> tuple[float, float]:
    """Return the cores and GB of a notebook's kernel; what is not set is the default."""
    return float(config.get("cpu_cores") or DEFAULT_CORES), float(config.get("memory_gb") or DEFAULT_MEMORY)


def price_of(config: Mapping[str, Any]) -> float:
    """Return the price of a notebook's kernel."""
    return hourly_price(*size_of(config))


def preset_key(cores: float, memory: float) -> str | None:
    """Return the name of a size that is offered ready-made."""
    return next((key for key, size in PRESETS.items() if size == (cores, memory)), None)
