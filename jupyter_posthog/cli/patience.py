"""What a command does where PostHog asks for a pause: it says so, waits and goes on."""

from __future__ import annotations

import math
import sys

import anyio


async def wait_out(seconds: float) -> None:
    """Wait as long as PostHog asked, and say so on stderr."""
    print(f"Your team's request limit is used up. Going on in {math.ceil(seconds)} s.", file=sys.stderr, flush=True)
    await anyio.sleep(seconds)
