"""ClassicExecutor: PostHog's kernel endpoints (posthog-api.md 11). Needs a browser session or an old key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.kernel_models import ExecutionAnswer
from jupyter_posthog.errors import HostAwayError, PosthogError, RateLimitedError, StreamCutError
from jupyter_posthog.execution.code_call import CodeCall
from jupyter_posthog.execution.code_outcomes import answer_envelope, answer_events
from jupyter_posthog.execution.events import (
    INTERRUPTED,
    CellBegan,
    CellEnded,
    CellFailed,
    Event,
    Notice,
    Progress,
    StreamText,
)
from jupyter_posthog.execution.executor import CellToRun, Completion
from jupyter_posthog.execution.frames import bind_answer, python_code, show_answer, show_page
from jupyter_posthog.execution.hogql import run_query
from jupyter_posthog.execution.kernel_help import complete_code, inspect_code, read_completion, read_inspection
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.remote_kernel import RemoteKernel
from jupyter_posthog.execution.run_following import limit_progress
from jupyter_posthog.execution.stopping import ended_first, stopped_within, unless_stopped
from jupyter_posthog.execution.variables import Variables, python_assignments
from jupyter_posthog.messages import MESSAGES

HELP_TIMEOUT_S = 2.0


class ClassicExecutor(RemoteKernel):
    """Runs the cells of one notebook on PostHog's kernel, streaming where the server can."""

    def __init__(self, api: PosthogApi, project_id: int, short_id: str, *, is_streaming: bool) -> None:
        super().__init__(api, project_id, short_id)
        self._is_streaming = is_streaming
        self.name = "stream" if is_streaming else "execute"
        self._call: CodeCall | None = None
        self._given_up: CodeCall | None = None
        self._bound: Variables = ()

    def describe(self) -> str:
        """Say in one sentence how cells run."""
        how = (
            "Cells run on PostHog's kernel and print as they go."
            if self._is_streaming
            else "Cells run on PostHog's kernel; their output appears when they end."
        )
        if self._given_up is None:
            return how
        if self._given_up.has_ended:
            return f"{how} Of the cell that you stopped waiting for: {self._given_up.fate()}."
        return f"{how} A cell that you stopped waiting for is still running there."

    async def execute(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Run one cell."""
        async for event in self._after_given_up(stop):
            yield event
        if stop.is_set():
            yield INTERRUPTED
            return
        events = self._events(cell, stop)
        while True:
            try:
                async for event in events:
                    yield event
                return
            except RateLimitedError as error:
                # Refused before anything began, so the same again is safe.
                yield limit_progress(error)
                if await stopped_within(stop, error.wait_s):
                    yield INTERRUPTED
                    return
            events = self._events(cell, stop)

    async def restart(self) -> bool:
        """Restart the remote kernel, which also ends what is still running there."""
        is_restarted = await super().restart()
        if is_restarted:
            self._bound = ()
            await self._forget_given_up()
        return is_restarted

    async def complete(self, code: str, cursor: int) -> Completion:
        """Ask the kernel's completer, through execute where PostHog serves no completion."""
        found = await super().complete(code, cursor)
        if self._serves_help or not await self._is_idle():
            return found
        answer = await self._ask(complete_code(code, cursor))
        return read_completion(answer, cursor)

    async def inspect(self, code: str, cursor: int, detail: int) -> str:
        """Ask the kernel's inspector, through execute where PostHog serves no inspection."""
        found = await super().inspect(code, cursor, detail)
        if self._serves_help or not await self._is_idle():
            return found
        return read_inspection(await self._ask(inspect_code(code, cursor, detail)))

    async def evaluate(self, expression: str) -> Mapping[str, Any] | None:
        """Return the value of one expression by MIME type; None where it has none or failed."""
        try:
            answer = await self._api.kernels.execute(self._project_id, self._short_id, expression)
        except PosthogError:
            return None
        return answer.result if answer.status == "ok" else None

    async def aclose(self) -> None:
        """Stop listening to a cell that nobody waits for."""
        await self._forget_given_up()

    async def _after_given_up(self, stop: asyncio.Event) -> AsyncIterator[Event]:
        """Wait for a cell that the person stopped waiting for, and say what became of it."""
        call = self._given_up
        if call is None:
            return
        while not call.has_ended:
            yield Progress(text="a cell that you stopped waiting for is still running in PostHog")
            if not await ended_first(asyncio.ensure_future(call.wait()), stop):
                return
        self._given_up = None
        yield Notice(text=f"Of the cell that you stopped waiting for: {call.fate()}.\n")

    def _events(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        return self._in_kernel(cell, stop) if cell.hogql is None else self._hogql(cell, stop)

    async def _hogql(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        asking = run_query(self._api, self._project_id, self._short_id, cell)
        yield Progress(text="running")
        answer = await unless_stopped(stop, asking)
        if answer is None:
            yield INTERRUPTED
            return
        yield show_answer(answer, name=cell.result_name)
        if not cell.result_name:
            return
        async for event in self._python(bind_answer(answer, name=cell.result_name), stop):
            if isinstance(event, CellEnded | CellBegan | Progress):
                continue  # of the binding; the result is the query's
            if isinstance(event, CellFailed) and not stop.is_set():
                text = f"The result is not available as {cell.result_name}: {event.error_name}: {event.error_text}\n"
                yield StreamText(name="stderr", text=text)
            else:
                yield event

    async def _in_kernel(self, cell: CellToRun, stop: asyncio.Event) -> AsyncIterator[Event]:
        is_sql = cell.language is not Language.PYTHON
        code = python_code(cell, as_page=is_sql)
        if cell.variables != self._bound:
            assigning = self._api.kernels.execute(self._project_id, self._short_id, python_assignments(cell.variables))
            yield Progress(text="running")
            if await unless_stopped(stop, assigning) is None:
                yield INTERRUPTED
                return
            self._bound = cell.variables
        async for event in self._python(code, stop):
            yield show_page(event, name=cell.result_name) if is_sql else event

    async def _python(self, code: str, stop: asyncio.Event) -> AsyncIterator[Event]:
        call = CodeCall(self._api, self._project_id, self._short_id, code, is_streaming=self._is_streaming)
        self._call = call
        yield CellBegan(run_id=None)
        yield Progress(text="running")
        printed = {"stdout": "", "stderr": ""}
        try:
            async for piece in call.pieces(stop):
                if isinstance(piece, ExecutionAnswer):
                    for event in _ended(piece, printed):
                        yield event
                    return
                name, text = piece
                printed[name] += text
                yield StreamText(name=name, text=text)
            yield _STOPPED_WAITING
        except HostAwayError as error:
            if not error.may_have_arrived and not any(printed.values()):
                raise
            raise StreamCutError(host=self._api.transport.host) from error
        finally:
            self._call = None
            if not call.has_ended:
                self._given_up = call

    async def _is_idle(self) -> bool:
        """Whether a question to the kernel would be answered at once, and start none."""
        if self._call is not None or (self._given_up is not None and not self._given_up.has_ended):
            return False
        try:
            return (await self.status()).status == "running"
        except PosthogError:
            return False

    async def _ask(self, code: str) -> ExecutionAnswer | None:
        try:
            return await self._api.kernels.execute(self._project_id, self._short_id, code, timeout_s=HELP_TIMEOUT_S)
        except PosthogError:
            return None  # a person who types is not told why there are no suggestions

    async def _forget_given_up(self) -> None:
        call, self._given_up = self._given_up, None
        if call is not None:
            await call.aclose()


def _ended(answer: ExecutionAnswer, printed: Mapping[str, str]) -> list[Event]:
    events = answer_events(answer, printed=printed)
    runtime = answer.kernel_runtime
    failure = next((event for event in events if isinstance(event, CellFailed)), None)
    ended = CellEnded(
        run_id=None,
        status="done" if answer.status == "ok" else "failed",
        envelope=answer_envelope(answer),
        error=f"{failure.error_name}: {failure.error_text}" if failure else "",
        kernel_id=runtime.id if runtime else None,
    )
    return [ended, *events]


_WORDS = MESSAGES["still_running_remotely"]
_STOPPED_WAITING = CellFailed(
    error_name="KeyboardInterrupt", error_text=_WORDS, traceback=(f"KeyboardInterrupt: {_WORDS}",)
)
