"""What a kernel costs (posthog-api.md 11.5)."""

from __future__ import annotations

CORE_PRICE, MEMORY_PRICE = 0.2, 0.025


def hourly_price(cores: float, memory: float) -> float:
    """Return the price of a size in USD per hour."""
    return round(cores * CORE_PRICE + memory * MEMORY_PRICE, 4)
