"""Kernel endpoints (posthog-api.md 11)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_posthog.box.handling import BoxHandler, Json, unavailable
from jupyter_posthog.box.kernels import BoxKernel, Execution
from jupyter_posthog.box.people import ADA
from jupyter_posthog.box.refusals import bare, invalid, not_found

PERSON = str(ADA["uuid"])
SCRATCHPAD = "scratchpad"
DEFAULT_TIMEOUT_S, LONGEST_TIMEOUT_S = 30.0, 120.0
CORES = (0.125, 0.25, 0.5, 1, 2, 4, 6, 8, 16, 32, 64)
MEMORY = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256)
LIFETIMES = (600, 1800, 3600, 10800, 21600, 43200)
CORE_PRICE, MEMORY_PRICE = 0.2, 0.025


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

    def _scopes(self, method: str) -> tuple[str, ...] | None:
        return super()._scopes(method) if self.box.profile.has_kernel_scopes else None

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
            answer |= {"frames": frames, "hourly_price": _price(cores, memory), "preset_key": None}
        self.answer(answer)


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
            price = _price(config.get("cpu_cores") or 1, config.get("memory_gb") or 2)
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
                        "hourly_price": _price(cores, memory),
                    }
                    for key, cores, memory in presets
                ],
                "allowed_cpu_cores": list(CORES),
                "allowed_memory_gb": list(MEMORY),
                "allowed_idle_timeout_seconds": list(LIFETIMES),
            }
        )


class ExecuteHandler(KernelHandler):
    """``kernel/execute/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and answer everything at the end."""
        code, timeout_s, with_variables = _execute_request(self.body())
        kernel = await self.kernel(short_id, "Failed to execute notebook code.")
        execution = await kernel.execute(code, timeout_s=timeout_s)
        self.answer(execution_answer(execution, kernel, with_variables=with_variables))


class ExecuteStreamHandler(KernelHandler):
    """``kernel/execute/stream/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and send what it prints as it comes."""
        code, timeout_s, with_variables = _execute_request(self.body())
        kernel = await self.kernel(short_id, "Failed to execute notebook code.")
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")

        async def send(name: str, text: str) -> None:
            await self._event(name, {"text": text})

        execution = await kernel.execute(code, timeout_s=timeout_s, on_text=send)
        await self._event("result", execution_answer(execution, kernel, with_variables=with_variables))
        self.finish()

    async def _event(self, name: str, data: Json) -> None:
        if not self.request.connection or self.request.connection.stream.closed():  # type: ignore[attr-defined]
            return
        self.write(f"event: {name}\ndata: {json.dumps(data)}\n\n")
        await self.flush()


class DataframeHandler(KernelHandler):
    """``kernel/dataframe/``."""

    scopes = {"GET": None}  # noqa: RUF012

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer rows of a frame as objects."""
        name = self.get_query_argument("variable_name", "")
        if not name.isidentifier():
            raise bare(400, "Invalid dataframe request.")
        kernel = await self.kernel(short_id, "Failed to fetch dataframe data.")
        offset, limit = self.integer("offset", 0), self.integer("limit", 10, least=1, most=500)
        page = await kernel.ask(f"_ph.page({name!r}, {offset}, {limit})")
        if page is None:
            raise unavailable("Failed to fetch dataframe data.")
        rows = [dict(zip(page["columns"], row, strict=True)) for row in page["first_page"]]
        self.answer({"columns": page["columns"], "rows": rows, "row_count": page["row_count"]})


class KernelMissingHandler(BoxHandler):
    """Endpoints that this profile does not serve."""

    def prepare(self) -> Any:
        """Refuse as a router that knows no such path."""
        raise not_found()


def _execute_request(body: dict[str, Json]) -> tuple[str, float, bool]:
    code, timeout_s = body.get("code"), body.get("timeout", DEFAULT_TIMEOUT_S)
    if "code" not in body:
        raise invalid("This field is required.", attr="code", code="required")
    if not isinstance(code, str):
        raise invalid("Not a valid string.", attr="code")
    if not isinstance(timeout_s, int | float) or not 0.1 <= timeout_s <= LONGEST_TIMEOUT_S:
        raise invalid("Ensure this value is between 0.1 and 120.", attr="timeout")
    return code, float(timeout_s), body.get("return_variables", True) is not False


def execution_answer(execution: Execution, kernel: BoxKernel, *, with_variables: bool) -> Json:
    """Return the answer of execute (11.6)."""
    return {
        "status": execution.status,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
        "result": execution.result,
        "media": execution.media,
        "execution_count": execution.execution_count,
        "error_name": execution.error_name,
        "traceback": execution.traceback,
        "variables": {} if with_variables else None,
        "started_at": execution.started_at,
        "completed_at": execution.completed_at,
        "kernel_runtime": {
            "id": kernel.runtime_id,
            "status": "running",
            "last_used_at": kernel.last_used_at.isoformat(),
            "sandbox_id": kernel.folder.name,
        },
    }


def _price(cores: float, memory: float) -> float:
    return round(cores * CORE_PRICE + memory * MEMORY_PRICE, 4)


def in_background(task: asyncio.Task[Any], tasks: set[asyncio.Task[Any]]) -> None:
    """Keep a task until it has ended."""
    tasks.add(task)
    task.add_done_callback(tasks.discard)
