"""The box's clock: the real one, which tests can move forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells how late it is for kernels and their lifetimes."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return this moment."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward; it never goes back."""
        self._ahead += timedelta(seconds=max(0.0, seconds))
