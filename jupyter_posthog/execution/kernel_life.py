"""Watches the remote kernel of one notebook: its start, its end, what was lost, and warnings in time (ux.md §5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta

from jupyter_posthog.api.kernel_models import KernelStatus
from jupyter_posthog.errors import KernelLostError, PosthogError
from jupyter_posthog.execution.events import CellBegan, CellEnded
from jupyter_posthog.execution.kernel_clock import KernelClock, shared_clock
from jupyter_posthog.messages import sentence
from jupyter_posthog.records.kernel_clocks import KernelClocks

WARNINGS_AT_S = (120, 600)
LOOK_AGAIN_AFTER = timedelta(seconds=60)
_WHY = {
    "timed_out": " (its {lifetime} were up)",
    "stopped": " (somebody stopped it)",
    "error": " (it crashed)",
    "discarded": " (PostHog discarded it)",
}


class KernelLife:
    """What one process knows of the remote kernel."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[KernelStatus]],
        *,
        clocks: KernelClocks,
        now: Callable[[], datetime],
        names: Callable[[], Iterable[str]],
        forget: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            ask: Asks PostHog for the kernel's state.
            clocks: Where starts are noted for every process.
            names: The frames that cells of this notebook have bound in it.
            forget: Called when they are gone.
        """
        self._ask = ask
        self._clocks = clocks
        self._now = now
        self._names = names
        self._forget = forget
        self._clock: KernelClock | None = None
        self._looked_at: datetime | None = None
        self._kernel_id: str | None = None
        self._was_running = False
        self._has_begun = False
        self._warned: set[int] = set()
        self._lost: KernelLostError | None = None

    @property
    def clock(self) -> KernelClock | None:
        """The kernel as it was last seen."""
        return self._clock

    async def look(self) -> KernelClock | None:
        """Ask PostHog; None where it does not tell, as older servers do not tell keys."""
        try:
            status = await self._ask()
        except PosthogError:
            return None
        self._looked_at = self._now()
        kernel_id = status.runtime_id or status.kernel_id
        if self._was_running and status.status not in {"running", "starting"}:
            self._lose(status)
        elif status.status == "running":
            self._note_kernel(kernel_id)
        self._clock = shared_clock(status, self._clocks, now=self._now())
        return self._clock

    async def look_where_old(self) -> None:
        """Ask PostHog where that was long ago, or the kernel is new."""
        if self._looked_at is None or self._now() - self._looked_at > LOOK_AGAIN_AFTER:
            await self.look()

    async def look_for_loss(self) -> KernelLostError | None:
        """Ask PostHog, and return what was lost where the kernel is gone."""
        await self.look()
        return self.take_loss()

    def take_loss(self) -> KernelLostError | None:
        """Return what was lost since this was last asked."""
        loss, self._lost = self._lost, None
        return loss

    def note_began(self, event: CellBegan) -> None:
        """Take note of a cell that PostHog took: a kernel that is started anew means that the old one is gone."""
        if event.starts_sandbox:
            if self._was_running:
                self._lose(None)
            self._clocks.started(self._now())
            self._has_begun = True
            self._begin()

    def note_ended(self, event: CellEnded) -> None:
        """Take note of the kernel that ran a cell; queries run without one."""
        if event.kernel_id is not None:
            self._note_kernel(event.kernel_id)
        elif event.status == "done" and self._has_begun:
            self._was_running = True

    def note_restarted(self) -> None:
        """Take note that a person restarted it: what was in it is gone, and they know."""
        self._clocks.ended(self._kernel_id)
        self._clocks.started(self._now())
        self._begin()
        self._forget()

    def notices(self) -> Iterator[str]:
        """Yield what a person must read, each once: what was lost, how little time is left."""
        loss = self.take_loss()
        if loss is not None:
            yield sentence(loss) + "\n"
        clock = self._clock
        left_s = clock.seconds_left(self._now()) if clock is not None else None
        if clock is None or left_s is None:
            return
        for limit_s in WARNINGS_AT_S:
            # A kernel that lives ten minutes in all needs no warning at its start.
            if left_s <= limit_s < clock.lifetime_s and limit_s not in self._warned:
                self._warned |= {other for other in WARNINGS_AT_S if other >= limit_s}
                yield _warning(left_s, clock.names or tuple(self._names()))
                return

    def _note_kernel(self, kernel_id: str | None) -> None:
        if self._kernel_id is not None and kernel_id is not None and kernel_id != self._kernel_id:
            self._lose(None)
            self._begin()
        self._kernel_id = kernel_id or self._kernel_id
        self._was_running = True

    def _begin(self) -> None:
        self._looked_at, self._clock, self._kernel_id = None, None, None
        # Until a cell has run in it there is nothing in it to lose.
        self._was_running = False
        self._warned = set()

    def _lose(self, status: KernelStatus | None) -> None:
        self._was_running = False
        self._kernel_id = None
        names = [*dict.fromkeys([*(self._clock.names if self._clock else ()), *self._names()])]
        lifetime_s = self._clock.lifetime_s if self._clock else 7200
        why = _WHY.get(status.status, "") if status is not None else self._why_by_clock()
        lifetime = f"{lifetime_s / 3600:g} hours" if lifetime_s >= 3600 else f"{lifetime_s / 60:g} minutes"
        self._lost = KernelLostError(names=", ".join(names) or "its variables", why=why.format(lifetime=lifetime))
        self._forget()

    def _why_by_clock(self) -> str:
        left_s = self._clock.seconds_left(self._now()) if self._clock is not None else None
        return _WHY["timed_out"] if left_s is not None and left_s <= 0 else ""


def _warning(left_s: float, names: tuple[str, ...]) -> str:
    minutes = max(1, round(left_s / 60))
    unit = "minute" if minutes == 1 else "minutes"
    lost = f" {', '.join(names)} would be lost." if names else ""
    return f"PostHog's kernel ends in {minutes} {unit}, whatever runs then.{lost}\n"
