"""PostHog's kernels as the page sees and controls them: state, start, stop, restart, size, prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from jupyter_posthog import live_events as events
from jupyter_posthog.api.kernel_models import ComputeOptions
from jupyter_posthog.errors import PosthogError, RequestNotValidError
from jupyter_posthog.execution.kernel_clock import KernelClock, kernel_clocks, remaining_words, shared_clock
from jupyter_posthog.execution.kernel_sizes import check_changes, price_of
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.live_events import Tell
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.kernel_clocks import KernelClocks

_FIELDS = {"cpu_cores": float, "memory_gb": float, "idle_timeout_seconds": int}
JsonObject = dict[str, object]


class KernelDesk:
    """Speaks to PostHog about kernels of any notebook, and notes which it saw start, for their clocks."""

    def __init__(self, data_dir: Path, now: Callable[[], datetime], tell: Tell) -> None:
        """Prepare.

        Args:
            data_dir: Jupyter's data directory.
            tell: Tells the pages how long a kernel lives.
        """
        self._data_dir = data_dir
        self._now = now
        self._tell = tell

    async def describe(self, place: NotebookPlace) -> JsonObject:
        """Return the kernel of a notebook: its clock, and the same in words."""
        return self._answer(await self.clock(place))

    async def clock(self, place: NotebookPlace) -> KernelClock:
        """Ask PostHog for the kernel of a notebook."""
        status = await place.api.kernels.status(place.project_id, place.short_id)
        clock = shared_clock(status, self.clocks(place), now=self._now())
        self.tell(place, clock)
        return clock

    def clocks(self, place: NotebookPlace) -> KernelClocks:
        """Return what any process of this person has noted of the notebook's kernels."""
        key = NotebookKey(origin=place.api.transport.host, project_id=place.project_id, short_id=place.short_id)
        return kernel_clocks(key, self._data_dir)

    def tell(self, place: NotebookPlace, clock: KernelClock) -> None:
        """Tell the pages how long a kernel lives."""
        self._tell(
            events.KernelClock(
                connection=place.connection,
                project_id=place.project_id,
                short_id=place.short_id,
                status=clock.state,
                ends_at=clock.ends_at.isoformat() if clock.ends_at else None,
                price_usd_per_hour=clock.hourly_price if clock.is_running else None,
                lifetime_s=clock.lifetime_s,
                frames=len(clock.names),
            )
        )

    async def start(self, place: NotebookPlace) -> JsonObject:
        """Start it and wait until it is up; one that runs goes on."""
        before = await self.clock(place)
        started = await place.api.kernels.start(place.project_id, place.short_id)
        if not before.is_running:
            self.clocks(place).started(self._now(), started.id)
        return await self.describe(place)

    async def restart(self, place: NotebookPlace) -> JsonObject:
        """Restart it; its variables are lost."""
        started = await place.api.kernels.restart(place.project_id, place.short_id)
        self.clocks(place).started(self._now(), started.id)
        return await self.describe(place)

    async def stop(self, place: NotebookPlace) -> JsonObject:
        """Stop it; its variables are lost."""
        await place.api.kernels.stop(place.project_id, place.short_id)
        return await self.describe(place)

    async def options(self, place: NotebookPlace) -> JsonObject:
        """Return the sizes that PostHog allows, and what they cost."""
        found: JsonObject = msgspec.to_builtins(await place.api.kernels.options(place.project_id))
        return found

    async def configure(self, place: NotebookPlace, body: Mapping[str, object]) -> JsonObject:
        """Change size or lifetime; with ``preview`` only say what that costs and destroys.

        Raises:
            RequestNotValidError: A field is unknown, or has a value that PostHog does not allow; nothing was sent.
        """
        is_preview = body.get("preview") is True
        changes = _changes({name: value for name, value in body.items() if name != "preview"})
        options = await self._options_if_told(place)
        if options is not None:
            try:
                check_changes(changes, options)
            except ValueError as error:
                raise RequestNotValidError(attr="", code="invalid_choice", problem=str(error)) from error
        clock = await self.clock(place)
        restarts = clock.is_running and any(name != "idle_timeout_seconds" for name in changes)
        effect: JsonObject = {
            "hourly_price": price_of(changes, clock, options),
            "restarts": restarts,
            "lost": list(clock.names) if restarts else [],
        }
        if is_preview:
            return effect
        done = await place.api.kernels.configure(place.project_id, place.short_id, changes)
        if done.restarted:
            self.clocks(place).ended(clock.kernel_id)
            self.clocks(place).started(self._now())
        return {**effect, "restarted": done.restarted, "restart_required": done.restart_required}

    async def _options_if_told(self, place: NotebookPlace) -> ComputeOptions | None:
        try:
            return await place.api.kernels.options(place.project_id)
        except PosthogError:
            return None  # servers before September 2026 have none; PostHog checks by itself

    def _answer(self, clock: KernelClock) -> JsonObject:
        return clock.to_json() | {"words": remaining_words(clock, self._now())}


def _changes(body: Mapping[str, object]) -> dict[str, float | int]:
    changes: dict[str, float | int] = {}
    for name, value in body.items():
        kind = _FIELDS.get(name)
        if kind is None:
            raise RequestNotValidError(attr=name, code="unknown", problem=f"a kernel has no “{name}”")
        if isinstance(value, bool) or not isinstance(value, int | float) or (kind is int and value != int(value)):
            raise RequestNotValidError(attr=name, code="invalid", problem=f"“{name}” is a number")
        changes[name] = kind(value)
    if not changes:
        raise RequestNotValidError(attr="", code="required", problem="it names nothing to change")
    return changes
