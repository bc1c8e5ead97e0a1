"""How many requests one process sends: a share of what PostHog grants a whole team (posthog-api.md 4)."""

from __future__ import annotations

from aiolimiter import AsyncLimiter

# PostHog grants a team 480 a minute and 4,800 an hour; a server and two kernels together stay at that.
SERVER_PER_MINUTE = 240
KERNEL_PER_MINUTE = 120
CLI_PER_MINUTE = 240
_HOUR_IN_MINUTES = 10  # an hour's share is that of ten minutes, as with PostHog's own two limits


class Budget:
    """The requests of one process to one host: bursts pass, then requests wait for their turn."""

    def __init__(self, per_minute: int) -> None:
        self._minute = AsyncLimiter(per_minute, 60)
        self._hour = AsyncLimiter(per_minute * _HOUR_IN_MINUTES, 3600)

    async def take(self) -> None:
        """Wait until one more request may be sent."""
        await self._hour.acquire()
        await self._minute.acquire()
