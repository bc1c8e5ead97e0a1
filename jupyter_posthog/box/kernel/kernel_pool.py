"""The kernels of the box, one per person and notebook: started when needed, ended by their lifetime or with the box."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jupyter_posthog.box.kernel.kernels import BoxKernel, KernelDied, start_kernel
from jupyter_posthog.box.trouble.clock import Clock
from jupyter_posthog.box.trouble.effects import Effect, Effects

DEFAULT_LIFETIME_S, LOOK_EVERY_S = 7200.0, 0.5
Key = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class KernelRecord:
    """What is known of a person's kernel of a notebook, also after its end.

    Attributes:
        status: One of the words of posthog-api.md 11.3.
    """

    status: str = "stopped"
    last_error: str | None = None
    kernel: BoxKernel | None = None
    started_at: datetime | None = None
    runtime_id: str | None = None
    last_used_at: datetime | None = None


class Kernels:
    """The kernels of the box.

    Args:
        folder: Where each kernel gets a folder of its own; what an earlier box left there is removed.
        lifetime_s: Tells how long a notebook's kernel may live from its start.
    """

    def __init__(
        self, folder: Path, *, lifetime_s: Callable[[str], float | None], clock: Clock, effects: Effects
    ) -> None:
        self._folder = folder
        self._lifetime_s = lifetime_s
        self._clock = clock
        self._effects = effects
        self._records: dict[Key, KernelRecord] = {}
        self._starting: dict[Key, asyncio.Lock] = {}
        self._clearing: asyncio.Task[None] | None = None
        shutil.rmtree(folder, ignore_errors=True)

    def record(self, person: str, short_id: str) -> KernelRecord:
        """Return what is known of a person's kernel of a notebook."""
        return self._records.setdefault((person, short_id), KernelRecord())

    async def find(self, person: str, short_id: str) -> BoxKernel | None:
        """Return a person's kernel of a notebook where one lives."""
        record = self.record(person, short_id)
        if record.kernel is None:
            return None
        if self._is_over(short_id, record):
            await self._end(record, "timed_out")
        elif not await record.kernel.is_alive():
            await self._end(record, "error", "The kernel ended unexpectedly.")
        return record.kernel

    async def get(self, person: str, short_id: str) -> BoxKernel:
        """Return a person's kernel of a notebook, started where there is none.

        Raises:
            OSError: It cannot be started.
            RuntimeError: It does not answer.
        """
        async with self._starting.setdefault((person, short_id), asyncio.Lock()):
            kernel = await self.find(person, short_id)
            return kernel or await self._start(self.record(person, short_id))

    async def stop(self, person: str, short_id: str) -> bool:
        """End a person's kernel of a notebook; return whether there was one."""
        record = self.record(person, short_id)
        if record.kernel is None:
            return False
        await self._end(record, "stopped")
        return True

    async def stop_all(self) -> None:
        """End every kernel."""
        if self._clearing is not None:
            self._clearing.cancel()
        await asyncio.gather(*(self.stop(*key) for key in list(self._records)))
        shutil.rmtree(self._folder, ignore_errors=True)

    async def end_lifetimes(self) -> None:
        """End every kernel as if its lifetime were over: a fault on demand."""
        for record in list(self._records.values()):
            if record.kernel is not None:
                await self._end(record, "timed_out")

    async def _start(self, record: KernelRecord) -> BoxKernel:
        record.status, record.last_error = "starting", None
        try:
            if self._effects.is_on(Effect.KERNEL_DOES_NOT_START):
                raise RuntimeError("Sandbox could not be created.")
            kernel = await start_kernel(self._folder / uuid.uuid4().hex[:12])
        except KernelDied as error:
            record.status, record.last_error = "error", "The kernel ended while it started."
            raise RuntimeError(record.last_error) from error
        except (OSError, RuntimeError) as error:
            record.status, record.last_error = "error", str(error)
            raise
        record.status, record.kernel = "running", kernel
        record.started_at, record.runtime_id = self._clock.now(), kernel.runtime_id
        if self._clearing is None:
            self._clearing = asyncio.ensure_future(self._clear())
        return kernel

    async def _clear(self) -> None:
        """End kernels whose lifetime is over, also while nobody asks for them: activity does not extend it (11.4)."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for person, short_id in list(self._records):
                await self.find(person, short_id)

    def _is_over(self, short_id: str, record: KernelRecord) -> bool:
        if record.started_at is None:
            return False
        lifetime_s = self._lifetime_s(short_id) or DEFAULT_LIFETIME_S
        return (self._clock.now() - record.started_at).total_seconds() >= lifetime_s

    async def _end(self, record: KernelRecord, status: str, error: str | None = None) -> None:
        kernel = record.kernel
        if kernel is None:
            return
        record.kernel, record.status, record.last_error = None, status, error
        record.last_used_at = kernel.last_used_at
        await kernel.stop()
