"""Transports that keep to PostHog's limits together with this person's other processes (design.md §3, Settings)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from jupyter_posthog.api.budget import CLI_PER_MINUTE, KERNEL_PER_MINUTE, SERVER_PER_MINUTE
from jupyter_posthog.api.governed_transport import GovernedTransport
from jupyter_posthog.api.turns import WaitOut
from jupyter_posthog.records.pauses import PauseFile
from jupyter_posthog.settings import ConnectionSettings, Policy

__all__ = ["CLI_PER_MINUTE", "KERNEL_PER_MINUTE", "SERVER_PER_MINUTE", "limited_transport", "pause_file"]


def limited_transport(
    runtime_dir: Path, *, per_minute: int, policy: Policy, wait_out: WaitOut | None = None
) -> Callable[[ConnectionSettings], GovernedTransport]:
    """Return what opens transports.

    Args:
        runtime_dir: Jupyter's runtime directory.
        per_minute: This process's share of requests.
        wait_out: Waits as long as PostHog asked with a 429; None refuses at once.
    """
    pauses = pause_file(runtime_dir)
    return lambda settings: GovernedTransport(
        settings, policy=policy, per_minute=per_minute, pauses=pauses, wait_out=wait_out
    )


def pause_file(runtime_dir: Path) -> PauseFile:
    """Return the waiting times that all processes of this person share."""
    return PauseFile(runtime_dir / "posthog-pauses.json", clock=time.time)
