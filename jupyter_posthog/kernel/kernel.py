"""The kernel itself: Jupyter messages in, execution events out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
from ipykernel.kernelbase import Kernel

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.events import (
    CellFailed,
    DisplayData,
    Event,
    ExecuteResult,
    Progress,
    StreamText,
)
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.messages import sentence, sentence_with_detail

RESTART_GRACE_S = 4.0  # Jupyter kills a kernel that takes longer than 5 s to shut down


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session and what the person must know about it; ``notice`` is empty where there is nothing to say."""

    session: NotebookSession
    notice: str
    close: Callable[[], Awaitable[None]]


class PostHogKernel(Kernel):
    """Runs cells on PostHog; shutting it down detaches and leaves PostHog's kernel running."""

    implementation = "jupyter-posthog"
    implementation_version = "0.1.0"
    # The same as document/ writes into a notebook: Lab marks one dirty whose kernel says something else.
    language_info = {  # noqa: RUF012  # Kernel's own attribute
        "name": "python",
        "mimetype": "text/x-python",
        "file_extension": ".py",
    }
    banner = "PostHog (remote): cells run on PostHog. %%hogql NAME runs a query, %%duckdb NAME runs SQL over frames."

    _opened: OpenedSession | None = None
    _stop: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    async def open_session(self) -> OpenedSession:
        """Find the notebook this kernel belongs to and the way to PostHog; given by ``launch.py``."""
        raise NotImplementedError

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Run one cell; everything it gives is sent as it comes."""
        if not code.strip():
            return self._reply_ok()
        stop = self._stop or asyncio.Event()
        showing = _ProgressLine(self._publish)
        try:
            session = await self._session(showing)
            async for event in session.run(code, cell_id=cell_id, stop=stop):
                if isinstance(event, Progress):
                    if not silent:
                        showing.show(event.text)
                    continue
                showing.hide()
                failure = self._send(event, silent=silent)
                if failure is not None:
                    return failure
        except PosthogError as error:
            showing.hide()
            self.log.warning("execute_refused reason=%s", error.reason)
            return self._fail(_refusal(error))
        finally:
            showing.hide()
        return self._reply_ok()

    async def execute_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Take one cell; from here on it can be stopped, also before ``do_execute`` is reached."""
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        try:
            await super().execute_request(stream, ident, parent)
        finally:
            self._stop = None

    async def interrupt_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """End the running cell, if there is one, and answer at once. Runs in the control thread."""
        stop, loop = self._stop, self._loop
        if stop is not None and loop is not None:
            loop.call_soon_threadsafe(stop.set)
        assert self.session is not None
        self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Say whether the text is a whole cell: SQL always is, Python by Python's own rules."""
        from IPython.core.inputtransformer2 import TransformerManager

        if code.startswith(("%%hogql", "%%duckdb")):
            return {"status": "complete"}
        status, indent = TransformerManager().check_complete(code)
        return {"status": status} | ({"indent": " " * (indent or 0)} if status == "incomplete" else {})

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Detach; a restart restarts PostHog's kernel too where this credential can."""
        if self._opened is not None:
            if restart:
                # PostHog goes on with a restart that was asked for, even when we may not wait for its end.
                with anyio.move_on_after(RESTART_GRACE_S), contextlib.suppress(PosthogError):
                    await self._opened.session.restart()
            with contextlib.suppress(PosthogError):
                await self._opened.close()
        return {"status": "ok", "restart": restart}

    async def _session(self, showing: _ProgressLine) -> NotebookSession:
        if self._opened is None:
            self._opened = await self.open_session()
            if self._opened.notice:
                showing.say(self._opened.notice)
        return self._opened.session

    def _send(self, event: Event, *, silent: bool) -> dict[str, Any] | None:
        """Send one event to the client; return the reply where the cell ends with it."""
        match event:
            case CellFailed():
                return self._fail(event)
            case _ if silent:
                return None
            case StreamText(name=name, text=text):
                self._publish("stream", {"name": name, "text": text})
            case DisplayData(data=data, metadata=metadata):
                self._publish("display_data", {"data": data, "metadata": metadata})
            case ExecuteResult(data=data, metadata=metadata):
                content = {"data": data, "metadata": metadata, "execution_count": self.execution_count}
                self._publish("execute_result", content)
        return None

    def _publish(self, message_type: str, content: dict[str, Any]) -> None:
        self.send_response(self.iopub_socket, message_type, content)

    def _fail(self, failure: CellFailed) -> dict[str, Any]:
        content = {
            "ename": failure.error_name,
            "evalue": failure.error_text,
            "traceback": list(failure.traceback),
        }
        self._publish("error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    def _reply_ok(self) -> dict[str, Any]:
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}


class _ProgressLine:
    """One line below a running cell that says what PostHog is doing, and goes away with the first output."""

    def __init__(self, publish: Callable[[str, dict[str, Any]], None]) -> None:
        self._publish = publish
        self._notice = ""
        self._text = ""

    def say(self, notice: str) -> None:
        """Show something that stays."""
        self._notice = notice
        self._print(notice)

    def show(self, text: str) -> None:
        """Show what is going on now, in place of what was shown before."""
        if text != self._text:
            self.hide()
            self._text = text
            self._print(f"{text} …\n")

    def hide(self) -> None:
        """Take the line away; the notice stays."""
        if not self._text:
            return
        self._text = ""
        self._publish("clear_output", {"wait": False})
        if self._notice:
            self._print(self._notice)

    def _print(self, text: str) -> None:
        self._publish("stream", {"name": "stderr", "text": text})


def _refusal(error: PosthogError) -> CellFailed:
    return CellFailed(
        error_name=type(error).__name__,
        error_text=sentence(error),
        traceback=(sentence_with_detail(error),),
    )
