"""ClassicExecutor: PostHog's kernel endpoints (posthog-api.md 11). Needs a browser session or an old key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import ExecutionAnswer
from jupyter_posthog.errors import StreamCutError
from jupyter_posthog.execution.events import (
    CellFailed,
    DisplayData,
    Event,
    ExecuteResult,
    StreamText,
)
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import bind_answer, python_code, show_answer, show_page
from jupyter_posthog.execution.hogql import run_query
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.stopping import stoppable
from jupyter_posthog.execution.variables import Variables, python_assignments

_STOPPED_WAITING = "Stopped waiting. PostHog has no way to stop this cell; it may still be running there."


class ClassicExecutor(RemoteKernel):
    """Runs the cells of one notebook on PostHog's kernel, streaming where the server can."""

    def __init__(self, api: PosthogApi, project_id: int, short_id: str, *, is_streaming: bool) -> None:
        super().__init__(api, project_id, short_id)
        self._is_streaming = is_streaming
        self.name = "stream" if is_streaming else "execute"
        self._bound: Variables = ()

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        if self._is_streaming:
            return "Cells run on PostHog's kernel and print as they go."
        return "Cells run on PostHog's kernel; their output appears when they end."

    async def restart(self) -> bool:
        """Restart PostHog's kernel; its variables are lost."""
        self._bound = ()
        return await super().restart()

    async def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell."""
        events = self._in_kernel(cell) if cell.hogql is None else self._hogql(cell)
        async for event in stoppable(events, stop, at_stop=_stopped_waiting()):
            yield event

    async def _hogql(self, cell: CellToRun) -> AsyncIterator[Event]:
        answer = await run_query(self._api, self._project_id, self._short_id, cell)
        yield show_answer(answer, name=cell.result_name)
        if not cell.result_name:
            return
        async for event in self._python(bind_answer(answer, name=cell.result_name)):
            if isinstance(event, CellFailed):
                text = f"The result is not available as {cell.result_name}: {event.error_name}: {event.error_text}\n"
                yield StreamText(name="stderr", text=text)

    async def _in_kernel(self, cell: CellToRun) -> AsyncIterator[Event]:
        if cell.variables != self._bound:
            code = python_assignments(cell.variables)
            await self._api.kernels.execute(self._project_id, self._short_id, code)
            self._bound = cell.variables
        is_sql = cell.language is not Language.PYTHON
        async for event in self._python(python_code(cell, as_page=is_sql)):
            yield show_page(event, name=cell.result_name) if is_sql else event

    async def _python(self, code: str) -> AsyncIterator[Event]:
        if not self._is_streaming:
            answer = await self._api.kernels.execute(self._project_id, self._short_id, code)
            for event in _outcome(answer, printed={}):
                yield event
            return
        printed = {"stdout": "", "stderr": ""}
        async for item in self._api.kernels.execute_stream(self._project_id, self._short_id, code):
            if isinstance(item, ExecutionAnswer):
                for event in _outcome(item, printed=printed):
                    yield event
                return
            name, text = item
            printed[name] += text
            yield StreamText(name=name, text=text)
        raise StreamCutError(host=self._api.transport.host)


def _outcome(answer: ExecutionAnswer, *, printed: dict[str, str]) -> list[Event]:
    """Return what the final answer adds to what was streamed already."""
    events: list[Event] = []
    for name, whole in (("stdout", answer.stdout), ("stderr", answer.stderr)):
        seen = printed.get(name, "")
        # Text that was streamed stands in the answer again; only what the stream did not bring is new.
        rest = whole[len(seen) :] if whole.startswith(seen) else ""
        if rest:
            events.append(StreamText(name=name, text=rest))
    events += [DisplayData(data={item["mime_type"]: item["data"]}) for item in answer.media]
    if answer.result:
        events.append(ExecuteResult(data=answer.result))
    if answer.status != "ok":
        events.append(_failure(answer))
    return events


def _failure(answer: ExecutionAnswer) -> CellFailed:
    if answer.status == "timeout":
        text = "PostHog ended this cell after its time limit."
        return CellFailed(error_name="TimeoutError", error_text=text, traceback=(f"TimeoutError: {text}",))
    name = answer.error_name or "Error"
    last_line = answer.traceback[-1].splitlines()[-1] if answer.traceback and answer.traceback[-1] else ""
    return CellFailed(
        error_name=name,
        error_text=last_line.removeprefix(f"{name}:").strip(),
        traceback=tuple(answer.traceback) or (f"{name}: {last_line}",),
    )


def _stopped_waiting() -> CellFailed:
    return CellFailed(
        error_name="KeyboardInterrupt",
        error_text=_STOPPED_WAITING,
        traceback=(f"KeyboardInterrupt: {_STOPPED_WAITING}",),
    )
