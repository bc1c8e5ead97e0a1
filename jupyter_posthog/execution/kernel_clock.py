"""How long PostHog's kernel of a notebook still lives, and what would be lost with it (posthog-api.md 11.4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jupyter_posthog.api.kernel_models import KernelFrame, KernelStatus
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.kernel_clocks import KernelClocks, KernelSight, Sight

DEFAULT_LIFETIME_S = 7200
_RUNS = frozenset({"running", "starting"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelClock:
    """One remote kernel at one moment.

    Attributes:
        state: As PostHog says it: ``starting``, ``running``, ``stopped``, ``timed_out``, ``discarded``, ``error``.
        started_at: None where nobody on this machine saw it start and its id does not tell.
        ends_at: When PostHog ends it: a maximum lifetime from its start, whatever runs; None where it does not run
            or its start is not known.
        ends_by: The latest moment at which it ends, where its start is not known.
        frames: What would be lost.
    """

    state: str
    kernel_id: str | None
    started_at: datetime | None
    ends_at: datetime | None
    ends_by: datetime | None
    lifetime_s: int
    hourly_price: float | None
    cpu_cores: float | None
    memory_gb: float | None
    frames: tuple[KernelFrame, ...]
    last_error: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the frames."""
        return tuple(frame.name for frame in self.frames)

    @property
    def is_running(self) -> bool:
        """Whether there is a kernel."""
        return self.state in _RUNS

    def seconds_left(self, now: datetime) -> float | None:
        """Return how long it still lives; None where that is not known."""
        return None if self.ends_at is None else max(0.0, (self.ends_at - now).total_seconds())

    def to_json(self) -> dict[str, object]:
        """Return what the page gets."""
        return {
            "state": self.state,
            "kernel_id": self.kernel_id,
            "started_at": _text(self.started_at),
            "ends_at": _text(self.ends_at),
            "ends_by": _text(self.ends_by),
            "lifetime_s": self.lifetime_s,
            "hourly_price": self.hourly_price,
            "cpu_cores": self.cpu_cores,
            "memory_gb": self.memory_gb,
            "frames": [_shown(frame) for frame in self.frames],
            "last_error": self.last_error,
        }


def kernel_clocks(key: NotebookKey, data_dir: Path) -> KernelClocks:
    """Return where starts of a notebook's kernels are noted; ``data_dir`` is Jupyter's."""
    return KernelClocks(key.folder_below(data_dir / "posthog" / "kernels"))


def shared_clock(status: KernelStatus, clocks: KernelClocks, *, now: datetime) -> KernelClock:
    """Return the clock of a kernel from what any process of this person has seen of it, and note this look."""
    if status.status not in _RUNS:
        clocks.ended(status.runtime_id)
        return clock_of(status, now=now)
    lifetime_s = status.idle_timeout_seconds or DEFAULT_LIFETIME_S
    return clock_of(status, now=now, sight=clocks.look(status.runtime_id, now=now, lifetime_s=lifetime_s))


def with_noted_start(clock: KernelClock, clocks: KernelClocks, *, now: datetime) -> KernelClock:
    """Return the clock with a start that was noted after the look; without one, the same clock."""
    if not clock.is_running or clock.started_at is not None:
        return clock
    sight = clocks.look(clock.kernel_id, now=now, lifetime_s=clock.lifetime_s)
    if sight.how is not Sight.START:
        return clock
    lifetime_s = sight.lifetime_s or clock.lifetime_s
    ends_at = sight.at + timedelta(seconds=lifetime_s)
    return replace(clock, started_at=sight.at, ends_at=ends_at, ends_by=None, lifetime_s=lifetime_s)


def clock_of(status: KernelStatus, *, now: datetime, sight: KernelSight | None = None) -> KernelClock:
    """Return the clock of a kernel.

    Args:
        sight: What was first seen of it.
    """
    lifetime_s = (sight and sight.lifetime_s) or status.idle_timeout_seconds or DEFAULT_LIFETIME_S
    lifetime = timedelta(seconds=lifetime_s)
    is_running = status.status in _RUNS
    seen_start = sight.at if sight is not None and sight.how is Sight.START else None
    started_at = (seen_start or _start_in(status.runtime_id, now, lifetime)) if is_running else None
    first_met_at = sight.at if sight is not None else now
    return KernelClock(
        state=status.status,
        # Executions name the runtime too, and the kernel inside it never (posthog-api.md 11.6).
        kernel_id=status.runtime_id or status.kernel_id,
        started_at=started_at,
        ends_at=started_at + lifetime if started_at else None,
        ends_by=first_met_at + lifetime if is_running and started_at is None else None,
        lifetime_s=lifetime_s,
        hourly_price=status.hourly_price,
        cpu_cores=status.cpu_cores,
        memory_gb=status.memory_gb,
        frames=tuple(status.frames),
        last_error=status.last_error,
    )


def remaining_words(clock: KernelClock, now: datetime) -> str:
    """Return the state in a few words: ``running · 42 min left · $0.25/h``."""
    parts = [clock.state]
    left_s = clock.seconds_left(now)
    if left_s is not None:
        parts.append(f"{left_s / 60:.0f} min left" if left_s >= 60 else f"{left_s:.0f} s left")
    elif clock.ends_by is not None:
        parts.append(f"ends within {clock.lifetime_s / 60:.0f} min of its start")
    if clock.hourly_price is not None and clock.is_running:
        parts.append(f"${clock.hourly_price:.2f}/h")
    return " · ".join(parts)


def _start_in(runtime_id: str | None, now: datetime, lifetime: timedelta) -> datetime | None:
    """Return the moment that a time-ordered id carries, where it can be a start of this kernel."""
    try:
        found = uuid.UUID(runtime_id or "")
    except ValueError:
        return None
    if found.version != 7:
        return None
    moment = datetime.fromtimestamp((found.int >> 80) / 1000, UTC)
    return moment if now - lifetime <= moment <= now else None


def _shown(frame: KernelFrame) -> dict[str, object]:
    return {
        "name": frame.name,
        "kind": frame.kind,
        "columns": len(frame.columns),
        "row_count": frame.row_count,
        "is_estimate": frame.row_count_is_estimate,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
