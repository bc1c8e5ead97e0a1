"""What a command does where PostHog asks for a pause: it says so, waits and goes on."""

from __future__ import annotations

import math
import sys
import time

import anyio


class Patience:
    """Waits as long as PostHog asked; requests that wait for the same pause say so once."""

    def __init__(self) -> None:
        self._told_until_s = 0.0

    async def wait_out(self, seconds: float) -> None:
        """Wait, and say so on stderr."""
        ends_at_s = time.monotonic() + seconds
        if ends_at_s > self._told_until_s + 1:
            self._told_until_s = ends_at_s
            words = f"Your team's request limit is used up. Going on in {math.ceil(seconds)} s."
            print(words, file=sys.stderr, flush=True)
        await anyio.sleep(seconds)
