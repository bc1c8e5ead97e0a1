"""A wrapper kernel in its own process, as a Jupyter client drives it."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.box_fixture import Box

TIMEOUT_S = 60.0
KERNEL_SPEC = Path(__file__).parent.parent.parent / "kernelspec"
Message = dict[str, Any]


class RunningKernel:
    """A kernel and its one client."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    def run(self, code: str, *, cell_id: str | None = None) -> tuple[Message, list[Message]]:
        """Run one cell; return the reply's content and the outputs that stay."""
        return self.started(code, cell_id=cell_id).finish()

    def started(self, code: str, *, cell_id: str | None = None, **content: Any) -> RunningCell:
        """Send one cell."""
        message = self.client.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
                **content,
            },
        )
        message["metadata"] = {} if cell_id is None else {"cellId": cell_id}
        self.client.shell_channel.send(message)
        return RunningCell(self, message["header"]["msg_id"])

    def kill(self) -> None:
        """End its process without a word, as a machine that runs out of memory does."""
        process = self.manager.provisioner.process  # type: ignore[union-attr]  # a local one
        process.kill()
        process.wait(30)

    def interrupt(self) -> None:
        """Press the key."""
        self.manager.interrupt_kernel()


class RunningCell:
    """One cell on its way; outputs are kept as a notebook would keep them."""

    def __init__(self, kernel: RunningKernel, message_id: str) -> None:
        self._kernel = kernel
        self._id = message_id
        self.outputs: list[Message] = []
        self.seen: list[Message] = []
        self._clears_next = False
        self._is_idle = False

    def wait_for(self, fits: Callable[[Message], bool], *, timeout_s: float = TIMEOUT_S) -> Message:
        """Read what the kernel publishes until a message fits."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            message = self._next(deadline_s)
            if fits(message):
                return message

    def wait_for_text(self, words: str, *, timeout_s: float = TIMEOUT_S) -> Message:
        """Wait until words are printed, in progress too."""
        return self.wait_for(lambda message: words in message["content"].get("text", ""), timeout_s=timeout_s)

    def finish(self, *, timeout_s: float = TIMEOUT_S) -> tuple[Message, list[Message]]:
        """Wait for the end; return the reply's content and the outputs that stay."""
        deadline_s = time.monotonic() + timeout_s
        while not self._is_idle:
            self._next(deadline_s)
        while True:
            reply = self._kernel.client.get_shell_msg(timeout=max(0.0, deadline_s - time.monotonic()))
            if reply["parent_header"].get("msg_id") == self._id:
                return reply["content"], self.outputs

    def _next(self, deadline_s: float) -> Message:
        while True:
            try:
                message: Message = self._kernel.client.get_iopub_msg(timeout=max(0.01, deadline_s - time.monotonic()))
            except queue.Empty as error:
                raise AssertionError(f"nothing more came; so far: {self.seen}") from error
            if message["parent_header"].get("msg_id") == self._id:
                self._take(message)
                return message

    def _take(self, message: Message) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        self.seen.append({"kind": kind, **content})
        if kind == "clear_output":
            self._clears_next = bool(content["wait"])
            if not content["wait"]:
                self.outputs.clear()
        elif kind in {"stream", "display_data", "execute_result", "error"}:
            if self._clears_next:
                self.outputs.clear()
                self._clears_next = False
            self.outputs.append({"output_type": kind, **content})
        elif kind == "status" and content["execution_state"] == "idle":
            self._is_idle = True


@contextmanager
def running_kernel(environment: dict[str, str]) -> Iterator[RunningKernel]:
    """Start a kernel; it is shut down politely at the end, where it still lives."""
    manager = KernelManager(kernel_name="posthog")
    # Of this tree, wherever Jupyter looks for kernels.
    manager._kernel_spec = KernelSpec.from_resource_dir(str(KERNEL_SPEC))
    manager.start_kernel(env={**os.environ, **environment})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT_S)
    try:
        yield RunningKernel(manager, client)
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=False)


def connected(box: Box, short_id: str, credential: str = "full") -> dict[str, str]:
    """Return the environment of a kernel of one notebook; ``credential`` is ``session`` or a key's name."""
    common = {"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1", "POSTHOG_NOTEBOOK": short_id}
    if credential == "session":
        session = {"POSTHOG_SESSION_COOKIE": box.session["cookie"], "POSTHOG_CSRF_TOKEN": box.session["csrf"]}
        return common | session
    return common | {"POSTHOG_PERSONAL_API_KEY": box.keys[credential]}


def text_of(outputs: list[Message]) -> str:
    """Return everything that stands below a cell as text."""
    parts = []
    for output in outputs:
        parts.append(output.get("text", "") or str(output.get("data", {}).get("text/plain", "")))
        parts.append("\n".join(output.get("traceback", [])))
    return "".join(parts)


class Counted:
    """Code that leaves a mark each time it really runs, whoever is told about it."""

    def __init__(self, file: Path, code: str) -> None:
        self._file = file
        self.code = f"with open({str(file)!r}, 'a') as marks: marks.write('x')\n{code}"

    @property
    def times(self) -> int:
        """How often it has run."""
        return len(self._file.read_text()) if self._file.exists() else 0
