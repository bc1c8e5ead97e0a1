"""Waiting for runs, as a plain HTTP client does."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.box_fixture import Box

TIMEOUT_S = 60.0


def wait_for_run(box: Box, path: str) -> dict[str, Any]:
    """Ask until a run has ended, a moment apart, at most a minute."""
    never = threading.Event()
    end_s = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end_s:
        answer: dict[str, Any] = box.http.get(path).json()
        if answer["status"] != "running":
            return answer
        never.wait(0.05)
    raise AssertionError("the run did not end")
