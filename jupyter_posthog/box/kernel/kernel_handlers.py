"""Kernel endpoints (posthog-api.md 11)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json, unavailable
from jupyter_posthog.box.kernel.kernels import BoxKernel, KernelDied
from jupyter_posthog.box.kernel.prices import hourly_price, preset_key, size_of

SCRATCHPAD = "scratchpad"
DISK_GB, LIFETIME_S = 64, 7200


class KernelHandler(BoxHandler):
    """The base of the endpoints of one notebook's kernel: each person has one of their own (11)."""

    @property
    def person(self) -> str:
        """Whose kernel it is: the caller's."""
        return str(self.caller.person["uuid"])

    def notebook(self, short_id: str) -> str:
        """Check that there is such a notebook; the scratchpad always is.

        Raises:
            Refusal: 404.
        """
        if short_id != SCRATCHPAD:
            self.box.store.find(short_id)
        return short_id

    async def kernel(self, short_id: str, refusal: str) -> BoxKernel:
        """Return the caller's kernel, started where there is none.

        Raises:
            Refusal: 503 where it does not start.
        """
        try:
            return await self.box.kernels.get(self.person, self.notebook(short_id))
        except (OSError, RuntimeError) as error:
            raise unavailable(refusal) from error


class StartHandler(KernelHandler):
    """``kernel/start/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Start the kernel and wait until it is up."""
        kernel = await self.kernel(short_id, "Failed to start notebook kernel.")
        self.answer({"id": kernel.runtime_id, "status": "running"})


class RestartHandler(KernelHandler):
    """``kernel/restart/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """End the kernel and start another."""
        await self.box.kernels.stop(self.person, self.notebook(short_id))
        kernel = await self.kernel(short_id, "Failed to restart notebook kernel.")
        self.answer({"id": kernel.runtime_id, "status": "running"})


class StopHandler(KernelHandler):
    """``kernel/stop/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """End the kernel."""
        self.answer({"stopped": await self.box.kernels.stop(self.person, self.notebook(short_id))})


class StatusHandler(KernelHandler):
    """``kernel/status/``."""

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer the kernel's state."""
        kernel = await self.box.kernels.find(self.person, self.notebook(short_id))
        record = self.box.kernels.record(self.person, short_id)
        config = self.box.store.kernel_configs.find(short_id)
        cores, memory = size_of(config)
        used_at = kernel.last_used_at if kernel else record.last_used_at
        answer: dict[str, Json] = {
            "backend": "docker" if record.status != "stopped" else None,
            "status": record.status,
            "last_used_at": used_at.isoformat() if used_at else None,
            "last_error": record.last_error,
            "runtime_id": record.runtime_id if record.status != "stopped" else None,
            "kernel_id": kernel.kernel_id if kernel else None,
            "kernel_pid": kernel.pid if kernel else None,
            "sandbox_id": kernel.folder.name if kernel else None,
            "cpu_cores": cores,
            "memory_gb": memory,
            "disk_size_gb": DISK_GB,
            "idle_timeout_seconds": config.get("idle_timeout_seconds") or LIFETIME_S,
        }
        if self.box.profile.has_markdown:
            price = {"hourly_price": hourly_price(cores, memory), "preset_key": preset_key(cores, memory)}
            answer |= {"frames": await _frames(kernel), **price}
        self.answer(answer)


async def _frames(kernel: BoxKernel | None) -> Json:
    """Return the frames of a kernel that has time to tell them."""
    if kernel is None or kernel.is_busy:
        return []
    try:
        return await kernel.ask("_ph.frames()")
    except (KernelDied, RuntimeError, TimeoutError):
        return []
