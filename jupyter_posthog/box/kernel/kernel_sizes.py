"""Sizes and prices of kernels (posthog-api.md 11.4, 11.5)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.kernel.prices import CORE_PRICE, MEMORY_PRICE, PRESETS, hourly_price, preset_key, size_of
from jupyter_posthog.box.refusals import Refusal, invalid

CORES = (0.125, 0.25, 0.5, 1, 2, 4, 6, 8, 16, 32, 64)
MEMORY = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256)
LIFETIMES = (600, 1800, 3600, 10800, 21600, 43200)
_ALLOWED: dict[str, tuple[float, ...]] = {"cpu_cores": CORES, "memory_gb": MEMORY, "idle_timeout_seconds": LIFETIMES}
_WORDS = {"cpu_cores": "CPU cores", "memory_gb": "Memory", "idle_timeout_seconds": "Idle timeout"}


class ConfigHandler(KernelHandler):
    """``kernel/config/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Change the kernel's size or lifetime; another size restarts a live one."""
        given = _checked(self.body())
        before = size_of(self.box.store.kernel_configs.find(self.notebook(short_id)))
        config = self.box.store.kernel_configs.change(short_id, given)
        has_kernel = await self.box.kernels.find(self.person, short_id) is not None
        is_restarted = has_kernel and size_of(config) != before and await self._restart(short_id)
        answer: dict[str, Json] = {name: _number(config.get(name), name) for name in _ALLOWED}
        if self.box.profile.has_markdown:
            cores, memory = size_of(config)
            answer |= {"restarted": is_restarted, "restart_required": has_kernel and not is_restarted}
            answer |= {"hourly_price": hourly_price(cores, memory), "preset_key": preset_key(cores, memory)}
        self.answer(answer)

    async def _restart(self, short_id: str) -> bool:
        await self.box.kernels.stop(self.person, short_id)
        try:
            await self.kernel(short_id, "Failed to restart notebook kernel.")
        except Refusal:
            return False
        return True


class ComputeOptionsHandler(BoxHandler):
    """``notebooks/kernel/compute_options/``."""

    def get(self, project_id: str) -> None:
        """Answer sizes and prices."""
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
                        "description": f"{cores} {'core' if cores == 1 else 'cores'}, {memory} GB",
                        "cpu_cores": cores,
                        "memory_gb": memory,
                        "hourly_price": hourly_price(cores, memory),
                    }
                    for key, (cores, memory) in PRESETS.items()
                ],
                "allowed_cpu_cores": list(CORES),
                "allowed_memory_gb": list(MEMORY),
                "allowed_idle_timeout_seconds": list(LIFETIMES),
            }
        )


def _checked(body: dict[str, Json]) -> dict[str, Json]:
    given = {name: value for name, value in body.items() if name in _ALLOWED}
    if not given:
        raise invalid("Provide at least one kernel configuration option.")
    for name, value in given.items():
        if isinstance(value, bool) or (value is not None and value not in _ALLOWED[name]):
            raise invalid(f"{_WORDS[name]} must be a supported option.", attr=name)
    return given


def _number(value: Json, name: str) -> Json:
    return float(value) if value is not None and name != "idle_timeout_seconds" else value
