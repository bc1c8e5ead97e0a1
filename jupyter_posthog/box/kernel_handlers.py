"""Kernel endpoints (posthog-api.md 11)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json, unavailable
from jupyter_posthog.box.kernels import BoxKernel
from jupyter_posthog.box.people import ADA
from jupyter_posthog.box.prices import hourly_price

PERSON = str(ADA["uuid"])
SCRATCHPAD = "scratchpad"


class KernelHandler(BoxHandler):
    """The base of the endpoints of one notebook's kernel."""

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
            return await self.box.kernels.get(PERSON, self.notebook(short_id))
        except (OSError, RuntimeError) as error:
            raise unavailable(refusal) from error


class StartHandler(KernelHandler):
    """``kernel/start/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Start the kernel and wait until it is up."""
        kernel = await self.kernel(short_id, "Failed to start notebook kernel.")
        self.answer({"id": kernel.runtime_id, "status": "running"})


class RestartHandler(KernelHandler):
    """``kernel/restart/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """End the kernel and start another."""
        await self.box.kernels.stop(PERSON, self.notebook(short_id))
        kernel = await self.kernel(short_id, "Failed to restart notebook kernel.")
        self.answer({"id": kernel.runtime_id, "status": "running"})


class StopHandler(KernelHandler):
    """``kernel/stop/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """End the kernel."""
        self.answer({"stopped": await self.box.kernels.stop(PERSON, self.notebook(short_id))})


class StatusHandler(KernelHandler):
    """``kernel/status/``."""

    scopes = {"GET": ("notebook:read",)}  # noqa: RUF012

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer the kernel's state."""
        kernel = await self.box.kernels.find(PERSON, self.notebook(short_id))
        config = self.box.configuration.get(short_id, {})
        cores, memory = config.get("cpu_cores") or 1.0, config.get("memory_gb") or 2.0
        answer: dict[str, Json] = {
            "backend": "docker" if kernel else None,
            "status": "running" if kernel else "stopped",
            "last_used_at": kernel.last_used_at.isoformat() if kernel else None,
            "last_error": None,
            "runtime_id": kernel.runtime_id if kernel else None,
            "kernel_id": kernel.runtime_id if kernel else None,
            "kernel_pid": None,
            "sandbox_id": kernel.folder.name if kernel else None,
            "cpu_cores": cores,
            "memory_gb": memory,
            "disk_size_gb": 64,
            "idle_timeout_seconds": config.get("idle_timeout_seconds") or 7200,
        }
        if self.box.profile.has_markdown:
            frames = await kernel.ask("_ph.frames()") if kernel and not kernel.is_busy else []
            answer |= {"frames": frames, "hourly_price": hourly_price(cores, memory), "preset_key": None}
        self.answer(answer)
