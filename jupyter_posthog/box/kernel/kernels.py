"""One real Python kernel of the box: a process, what runs in it, and its death."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import shutil
import signal
import uuid
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from jupyter_posthog.box.kernel.executions import Execution, OnText

Json = Any
Answer = TypeVar("Answer")
START_TIMEOUT_S, ASK_TIMEOUT_S, INTERRUPT_GRACE_S, LOOK_EVERY_S = 60.0, 60.0, 5.0, 0.2
#: A kernel that has sent nothing for so long is looked at from its other side.
QUIET_S = 1.0
_SETUP = (Path(__file__).parent / "kernel_setup.py").read_text(encoding="utf-8")


class KernelDied(Exception):
    """The process ended while something was asked of it."""


class BoxKernel:
    """One running kernel process."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient, folder: Path) -> None:
        self._manager = manager
        self._client = client
        self.folder = folder
        self.runtime_id = str(uuid.uuid4())
        #: The kernel inside the runtime has an id of its own (posthog-api.md 11.3).
        self.kernel_id = str(uuid.uuid4())
        self.last_used_at = datetime.now(UTC)
        self._running = asyncio.Lock()
        self._died = asyncio.Event()
        self._watching = asyncio.ensure_future(self._watch())

    @property
    def is_busy(self) -> bool:
        """Whether code is running."""
        return self._running.locked()

    @property
    def pid(self) -> int | None:
        """The number of the process."""
        found: int | None = getattr(self._manager.provisioner, "pid", None)
        return found

    async def is_alive(self) -> bool:
        """Whether the process lives."""
        return not self._died.is_set() and bool(await self._manager.is_alive())

    async def execute(
        self, code: str, *, timeout_s: float, on_text: OnText | None = None, dies: bool = False
    ) -> Execution:
        """Run code to its end; at the time limit it is interrupted and the status is ``timeout``.

        Args:
            dies: Let the process be killed as soon as the code has begun: a fault on demand.

        Raises:
            KernelDied: The process ended first.
        """
        async with self._running:
            self.last_used_at = datetime.now(UTC)
            execution = Execution(started_at=_moment())
            message_id = self._client.execute(code, allow_stdin=False, stop_on_error=False)
            collecting = asyncio.ensure_future(self._collect(message_id, execution, on_text, dies=dies))
            collecting.add_done_callback(_forget)
            try:
                await self._or_death(asyncio.shield(collecting), timeout_s)
            except TimeoutError:
                await self._manager.interrupt_kernel()
                await self._end_or_kill(collecting)
                execution.time_out()
            finally:
                collecting.cancel()
            execution.completed_at = _moment()
            self.last_used_at = datetime.now(UTC)
            return execution

    async def ask(self, expression: str) -> Json:
        """Return the JSON that an expression of the kernel's own functions gives.

        Raises:
            KernelDied: The process ended first.
            RuntimeError: The expression failed.
        """
        async with self._running:
            return await self._or_death(self._answer(expression), ASK_TIMEOUT_S)

    async def interrupt(self) -> None:
        """Interrupt what is running."""
        await self._manager.interrupt_kernel()

    def kill(self) -> None:
        """End the process at once, with every process that it has started."""
        if self.pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process and forget its files."""
        self._watching.cancel()
        self._died.set()
        self._client.stop_channels()
        self.kill()
        await self._manager.shutdown_kernel(now=True)
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def _watch(self) -> None:
        while await self._manager.is_alive():  # noqa: ASYNC110  # a process has no event to wait for
            await asyncio.sleep(LOOK_EVERY_S)
        self._died.set()

    async def _or_death(self, waiting: Awaitable[Answer], timeout_s: float) -> Answer:
        """Wait for something within a time limit, or for the death of the process."""
        task, death = asyncio.ensure_future(waiting), asyncio.ensure_future(self._died.wait())
        try:
            await asyncio.wait({task, death}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            # With the process its channels go: what failed then failed because of that.
            if self._died.is_set() and not (task.done() and task.exception() is None):
                raise KernelDied
            if task.done():
                return task.result()
            raise TimeoutError
        finally:
            task.cancel()
            death.cancel()

    async def _end_or_kill(self, collecting: asyncio.Future[None]) -> None:
        """Give interrupted code a moment to end; what ignores the interrupt dies with its kernel."""
        try:
            await self._or_death(asyncio.shield(collecting), INTERRUPT_GRACE_S)
        except TimeoutError:
            self.kill()

    async def _answer(self, expression: str) -> Json:
        message_id = self._client.execute("", silent=True, user_expressions={"answer": expression})
        while True:
            reply = await self._client.get_shell_msg(timeout=ASK_TIMEOUT_S)
            if reply["parent_header"].get("msg_id") == message_id:
                break
        answer = reply["content"]["user_expressions"]["answer"]
        if answer["status"] != "ok":
            raise RuntimeError(f"{answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    async def _collect(self, message_id: str, execution: Execution, on_text: OnText | None, *, dies: bool) -> None:
        has_replied = False
        while True:
            try:
                message = await self._client.get_iopub_msg(timeout=QUIET_S)
            except Empty:
                # Text that cannot be sent, such as half a character, can hold back the messages behind it, the end
                # too, until the kernel has more to send (ipykernel's IOPub thread).
                has_replied = has_replied or await self._has_reply(message_id)
                if has_replied:
                    self._client.kernel_info()
                continue
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            await execution.take(kind, content, on_text)
            if dies and kind == "execute_input":
                self.kill()

    async def _has_reply(self, message_id: str) -> bool:
        """Whether the kernel has said on its other channel that the code has ended."""
        with suppress(Empty):
            while True:
                reply = await self._client.get_shell_msg(timeout=0)
                if reply["parent_header"].get("msg_id") == message_id:
                    return True
        return False


async def start_kernel(folder: Path) -> BoxKernel:
    """Start one kernel process in a folder of its own.

    Raises:
        OSError: It cannot be started.
        RuntimeError: It does not answer.
    """
    await asyncio.to_thread(folder.mkdir, parents=True)
    manager = AsyncKernelManager(kernel_name="python3")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POSTHOG_", "JPY_", "JUPYTER_"))}
    # Kernels end themselves when the process that is named here is gone, however it went.
    environment = kept | {"JPY_PARENT_PID": str(os.getpid()), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    await manager.start_kernel(env=environment, cwd=str(folder), extra_arguments=["--log-level=ERROR"])
    client = manager.client()
    client.start_channels()
    kernel = BoxKernel(manager, client, folder)
    try:
        await client.wait_for_ready(timeout=START_TIMEOUT_S)
        await kernel.execute(_SETUP, timeout_s=START_TIMEOUT_S)
    except BaseException:
        await kernel.stop()
        raise
    return kernel


def _forget(task: asyncio.Future[None]) -> None:
    """Take note of a failure that the death of the process has made irrelevant."""
    if not task.cancelled():
        task.exception()


def _moment() -> str:
    return datetime.now(UTC).isoformat()
