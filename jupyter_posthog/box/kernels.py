"""Real Python kernels, one per person and notebook."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import tempfile
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

Json = Any
START_TIMEOUT_S = 60.0
_SETUP = (Path(__file__).parent / "kernel_setup.py").read_text(encoding="utf-8")


@dataclass(slots=True, kw_only=True)
class Execution:
    """What one piece of code gave."""

    status: str = "ok"
    stdout: str = ""
    stderr: str = ""
    result: dict[str, Json] | None = None
    media: list[dict[str, str]] = field(default_factory=list)
    execution_count: int | None = None
    error_name: str | None = None
    error_value: str = ""
    traceback: list[str] = field(default_factory=list)
    started_at: str = ""
    completed_at: str = ""


OnText = Callable[[str, str], Awaitable[None]]


class BoxKernel:
    """One running kernel process."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient, folder: Path) -> None:
        self._manager = manager
        self._client = client
        self.folder = folder
        self.runtime_id = str(uuid.uuid4())
        self.started_at = datetime.now(UTC)
        self.last_used_at = self.started_at
        self._running = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether code is running."""
        return self._running.locked()

    async def is_alive(self) -> bool:
        """Whether the process lives."""
        return bool(await self._manager.is_alive())

    async def execute(self, code: str, *, timeout_s: float, on_text: OnText | None = None) -> Execution:
        """Run code to its end; at the time limit it is interrupted and the status is ``timeout``."""
        async with self._running:
            self.last_used_at = datetime.now(UTC)
            execution = Execution(started_at=_moment())
            message_id = self._client.execute(code, allow_stdin=False, stop_on_error=False)
            try:
                await asyncio.wait_for(self._collect(message_id, execution, on_text), timeout_s)
            except TimeoutError:
                await self._manager.interrupt_kernel()
                await self._collect(message_id, Execution(), None)
                execution.status = "timeout"
            execution.completed_at = _moment()
            return execution

    async def ask(self, expression: str) -> Json:
        """Return the JSON that an expression of the kernel's own functions gives."""
        async with self._running:
            message_id = self._client.execute("", silent=True, user_expressions={"answer": expression})
            while (reply := await self._client.get_shell_msg(timeout=START_TIMEOUT_S))["parent_header"].get(
                "msg_id"
            ) != message_id:
                continue
            answer = reply["content"]["user_expressions"]["answer"]
            if answer["status"] != "ok":
                raise RuntimeError(f"{answer['ename']}: {answer['evalue']}")
            return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    async def interrupt(self) -> None:
        """Interrupt what is running."""
        await self._manager.interrupt_kernel()

    async def stop(self) -> None:
        """End the process."""
        self._client.stop_channels()
        await self._manager.shutdown_kernel(now=True)

    async def _collect(self, message_id: str, execution: Execution, on_text: OnText | None) -> None:
        while True:
            message = await self._client.get_iopub_msg(timeout=None)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            await self._take(kind, content, execution, on_text)

    async def _take(self, kind: str, content: Json, execution: Execution, on_text: OnText | None) -> None:
        if kind == "stream":
            setattr(execution, content["name"], getattr(execution, content["name"]) + content["text"])
            if on_text is not None:
                await on_text(content["name"], content["text"])
        elif kind == "execute_input":
            execution.execution_count = content["execution_count"]
        elif kind in {"execute_result", "display_data"}:
            self._take_data(kind, dict(content["data"]), execution)
        elif kind == "error":
            execution.status = "error"
            execution.error_name, execution.error_value = content["ename"], content["evalue"]
            execution.traceback = content["traceback"]

    def _take_data(self, kind: str, data: dict[str, Json], execution: Execution) -> None:
        for mime_type in [name for name in data if name.startswith("image/")]:
            execution.media.append({"mime_type": mime_type, "data": data.pop(mime_type).strip()})
        if kind == "execute_result":
            execution.result = data
        elif "text/html" in data or ("text/plain" in data and not execution.media):
            execution.stdout += f"{data.get('text/plain', '')}\n"


class Kernels:
    """The kernels of the box: started at first use, ended with it."""

    def __init__(self) -> None:
        self._kernels: dict[tuple[str, str], BoxKernel] = {}
        self._starting: dict[tuple[str, str], asyncio.Lock] = {}

    async def find(self, person: str, short_id: str) -> BoxKernel | None:
        """Return a person's kernel of a notebook where one lives."""
        kernel = self._kernels.get((person, short_id))
        if kernel is not None and not await kernel.is_alive():
            del self._kernels[person, short_id]
            return None
        return kernel

    async def get(self, person: str, short_id: str) -> BoxKernel:
        """Return a person's kernel of a notebook, started where there is none."""
        async with self._starting.setdefault((person, short_id), asyncio.Lock()):
            kernel = await self.find(person, short_id)
            if kernel is None:
                kernel = self._kernels[person, short_id] = await _start()
            return kernel

    async def stop(self, person: str, short_id: str) -> bool:
        """End a person's kernel of a notebook; return whether there was one."""
        kernel = self._kernels.pop((person, short_id), None)
        if kernel is None:
            return False
        await kernel.stop()
        return True

    async def stop_all(self) -> None:
        """End every kernel."""
        for person, short_id in list(self._kernels):
            await self.stop(person, short_id)


async def _start() -> BoxKernel:
    folder = Path(tempfile.mkdtemp(prefix="posthog-box-kernel-"))
    manager = AsyncKernelManager(kernel_name="python3")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POSTHOG_", "JPY_", "JUPYTER_"))}
    # Kernels end themselves when the process that is named here is gone, however it went.
    environment = kept | {"JPY_PARENT_PID": str(os.getpid()), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    await manager.start_kernel(env=environment, cwd=str(folder))
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=START_TIMEOUT_S)
    kernel = BoxKernel(manager, client, folder)
    await kernel.execute(_SETUP, timeout_s=START_TIMEOUT_S)
    return kernel


def _moment() -> str:
    return datetime.now(UTC).isoformat()
