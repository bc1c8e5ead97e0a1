"""Sizes and prices of kernels (posthog-api.md 11.4, 11.5)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.kernel_handlers import PERSON, KernelHandler
from jupyter_posthog.box.prices import CORE_PRICE, MEMORY_PRICE, hourly_price
from jupyter_posthog.box.refusals import invalid

CORES = (0.125, 0.25, 0.5, 1, 2, 4, 6, 8, 16, 32, 64)
MEMORY = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256)
LIFETIMES = (600, 1800, 3600, 10800, 21600, 43200)


class ConfigHandler(KernelHandler):
    """``kernel/config/``."""

    scopes = {"POST": ("notebook:write",)}  # noqa: RUF012

    def _scopes(self, method: str) -> tuple[str, ...] | None:
        return super()._scopes(method) if self.box.profile.has_kernel_scopes else None

    async def post(self, project_id: str, short_id: str) -> None:
        """Change the kernel's size or lifetime; another size restarts a live one."""
        body = self.body()
        allowed = {"cpu_cores": CORES, "memory_gb": MEMORY, "idle_timeout_seconds": LIFETIMES}
        words = {"cpu_cores": "CPU cores", "memory_gb": "Memory", "idle_timeout_seconds": "Idle timeout"}
        given = {name: value for name, value in body.items() if name in allowed}
        if not given:
            raise invalid("Provide at least one kernel configuration option.")
        for name, value in given.items():
            if value is not None and value not in allowed[name]:
                raise invalid(f"{words[name]} must be a supported option.", attr=name)
        config = self.box.configuration.setdefault(self.notebook(short_id), {})
        is_resized = any(config.get(name) != given[name] for name in ("cpu_cores", "memory_gb") if name in given)
        config |= given
        has_kernel = await self.box.kernels.find(PERSON, short_id) is not None
        if has_kernel and is_resized:
            await self.box.kernels.stop(PERSON, short_id)
            await self.kernel(short_id, "Failed to restart notebook kernel.")
        answer = {name: config.get(name) for name in allowed} | {"restart_required": has_kernel and not is_resized}
        if self.box.profile.has_markdown:
            price = hourly_price(config.get("cpu_cores") or 1, config.get("memory_gb") or 2)
            answer |= {"restarted": has_kernel and is_resized, "hourly_price": price, "preset_key": None}
        self.answer(answer)


class ComputeOptionsHandler(BoxHandler):
    """``notebooks/kernel/compute_options/``."""

    scopes = {"GET": ("notebook:read",)}  # noqa: RUF012

    def get(self, project_id: str) -> None:
        """Answer sizes and prices."""
        presets = [("small", 1, 2), ("balanced", 4, 8), ("large", 8, 16), ("high_memory", 8, 32)]
        self.answer(
            {
                "currency": "USD",
                "cpu_rate_per_core_hour": CORE_PRICE,
                "memory_rate_per_gb_hour": MEMORY_PRICE,
                "default_preset_key": "small",
                "presets": [
                    {
                        "key": key,
                        "name": key.replace("_", " ").capitalize(),
                        "description": f"{cores} cores, {memory} GB",
                        "cpu_cores": cores,
                        "memory_gb": memory,
                        "hourly_price": hourly_price(cores, memory),
                    }
                    for key, cores, memory in presets
                ],
                "allowed_cpu_cores": list(CORES),
                "allowed_memory_gb": list(MEMORY),
                "allowed_idle_timeout_seconds": list(LIFETIMES),
            }
        )
