"""Follows one run to its end, through waiting times and networks that fail (posthog-api.md 12.3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ProjectId, RunStatus
from jupyter_posthog.errors import (
    HostAwayError,
    NotPosthogError,
    PosthogError,
    RateLimitedError,
    RunDetachedError,
    RunStuckError,
    ServerFailedError,
)
from jupyter_posthog.execution.events import Progress
from jupyter_posthog.execution.stopping import stopped_within, unless_stopped

# PostHog's page polls at 1, 1.5, 2, 3 s; a gap of 3 s is the longest that keeps SQL runs going (12.3).
SHORTEST_GAP_S = 0.25
LONGEST_GAP_S = 2.0
#: How long PostHog may be silent before the cell ends and leaves the run alone.
AWAY_LIMIT_S = 60.0
#: PostHog's own watchdogs, and a minute that they may be late.
SQL_LIMIT_S, KERNEL_LIMIT_S = 660.0, 1260.0

Pause = Callable[[asyncio.Event, float], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlace:
    """Where a run is found again."""

    api: PosthogApi
    project_id: ProjectId
    short_id: str
    run_id: str

    async def fetch(self) -> RunStatus:
        """Ask how far it is."""
        return await self.api.runs.fetch(self.project_id, self.short_id, self.run_id)


async def follow_run(
    run: RunPlace,
    stop: asyncio.Event,
    *,
    starts_sandbox: bool = False,
    limit_s: float = KERNEL_LIMIT_S,
    away_limit_s: float = AWAY_LIMIT_S,
    pause: Pause = stopped_within,
) -> AsyncGenerator[Progress | RunStatus, None]:
    """Yield what goes on, and last the status of the run; without one when the person said stop.

    There is no handler for cancelling, on purpose: a kernel that goes away detaches from the run.

    Args:
        starts_sandbox: Whether a kernel is started for it, which is shown until it is up.
        limit_s: How long the run may go on before PostHog's own watchdog must have ended it.
        pause: Waits between two polls, given the person's stop and seconds; returns whether the stop came.

    Raises:
        RunDetachedError: PostHog does not answer any more; the run may go on.
        RunStuckError: The run has not ended in the time that PostHog gives any run.
        RunNotFoundError: PostHog does not know it.
    """
    sandbox = _Sandbox(run, is_starting=starts_sandbox)
    started_s = monotonic()
    away_since_s: float | None = None
    while True:
        yield sandbox.progress
        try:
            status = await unless_stopped(stop, run.fetch())
            away_since_s = None
        except RateLimitedError as error:
            yield limit_progress(error)
            if await pause(stop, error.wait_s):
                return
            continue
        except (HostAwayError, NotPosthogError, ServerFailedError) as error:
            away_since_s = away_since_s or monotonic()
            if monotonic() - away_since_s > away_limit_s:
                raise RunDetachedError(host=run.api.transport.host, run_id=run.run_id) from error
            yield Progress(text="PostHog does not answer, the run goes on there")
            if await pause(stop, LONGEST_GAP_S):
                return
            continue
        if status is None:
            return
        if status.is_final:
            yield status
            return
        elapsed_s = monotonic() - started_s
        if elapsed_s > limit_s:
            raise RunStuckError(run_id=run.run_id, minutes=round(elapsed_s / 60))
        await sandbox.look(stop)
        if await pause(stop, min(max(elapsed_s / 10, SHORTEST_GAP_S), LONGEST_GAP_S)):
            return


async def end_of(run: RunPlace) -> RunStatus:
    """Wait for the end of a run that no person watches; the caller limits the time.

    Raises:
        PosthogError: As ``follow_run`` raises it.
    """
    async with aclosing(follow_run(run, asyncio.Event())) as steps:
        async for step in steps:
            if isinstance(step, RunStatus):
                return step
    raise AssertionError("a run that nobody stops is followed to its end")


def limit_progress(error: RateLimitedError) -> Progress:
    """Return what is shown while a waiting time of PostHog lasts."""
    return Progress(text=f"your team's request limit is used up, going on in {error.wait_s:.0f} s")


class _Sandbox:
    """Whether the kernel of a run is up yet, which runs do not tell and kernels do."""

    def __init__(self, run: RunPlace, *, is_starting: bool) -> None:
        self._run = run
        self._is_starting = is_starting
        self._asked_at_s = monotonic()

    @property
    def progress(self) -> Progress:
        return Progress(text="starting sandbox" if self._is_starting else "running")

    async def look(self, stop: asyncio.Event) -> None:
        if not self._is_starting or monotonic() - self._asked_at_s < LONGEST_GAP_S:
            return
        self._asked_at_s = monotonic()
        run = self._run
        try:
            kernel = await unless_stopped(stop, run.api.kernels.status(run.project_id, run.short_id))
        except PosthogError:
            return  # older servers do not tell keys; then it shows as starting until its output comes
        self._is_starting = kernel is None or kernel.status in {"starting", "stopped"}
