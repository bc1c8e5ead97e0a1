"""Transports that keep to PostHog's limits together with this person's other processes (design.md §3, Settings)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jupyter_posthog.api.budget import CLI_PER_MINUTE, KERNEL_PER_MINUTE, SERVER_PER_MINUTE
from jupyter_posthog.api.governed_transport import GovernedTransport
from jupyter_posthog.api.pauses import Pauses
from jupyter_posthog.api.turns import WaitOut
from jupyter_posthog.live_events import LimitPause, LiveEvent
from jupyter_posthog.records.pauses import PauseFile
from jupyter_posthog.settings import ConnectionSettings, Policy

__all__ = [
    "CLI_PER_MINUTE",
    "KERNEL_PER_MINUTE",
    "SERVER_PER_MINUTE",
    "ToldPauses",
    "limited_transport",
    "pause_file",
]


def limited_transport(
    runtime_dir: Path,
    *,
    per_minute: int,
    policy: Policy,
    pauses: Pauses | None = None,
    wait_out: WaitOut | None = None,
) -> Callable[[ConnectionSettings], GovernedTransport]:
    """Return what opens transports.

    Args:
        runtime_dir: Jupyter's runtime directory.
        per_minute: This process's share of requests.
        pauses: Waiting times in place of the file in the runtime directory.
        wait_out: Waits as long as PostHog asked with a 429; None refuses at once.
    """
    kept = pauses or pause_file(runtime_dir)
    return lambda settings: GovernedTransport(
        settings, policy=policy, per_minute=per_minute, pauses=kept, wait_out=wait_out
    )


def pause_file(runtime_dir: Path) -> PauseFile:
    """Return the waiting times that all processes of this person share."""
    return PauseFile(runtime_dir / "posthog-pauses.json", clock=time.time)


class ToldPauses:
    """Waiting times whose begin is told."""

    def __init__(self, pauses: Pauses, tell: Callable[[LiveEvent], None]) -> None:
        self._pauses = pauses
        self._tell = tell

    def seconds_left(self, bucket: str) -> float:
        """Return how long nothing may be sent; 0 where it may."""
        return self._pauses.seconds_left(bucket)

    def begin(self, bucket: str, seconds: float) -> None:
        """Take note of a waiting time, and tell it."""
        self._pauses.begin(bucket, seconds)
        host, _, project = bucket.partition(" ")
        ends_at = datetime.now(UTC) + timedelta(seconds=seconds)
        self._tell(
            LimitPause(
                host=host,
                project_id=int(project) if project.isdigit() else None,
                ends_at=ends_at.isoformat(),
                wait_s=seconds,
            )
        )
