"""The kernel itself: Jupyter messages in, execution events out."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
from ipykernel.kernelbase import Kernel

from jupyter_posthog.errors import NoInputError, PosthogError
from jupyter_posthog.execution.events import (
    INTERRUPTED,
    CellFailed,
    DisplayData,
    Event,
    ExecuteResult,
    Notice,
    Progress,
    StreamText,
)
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.execution.stopping import unless_stopped
from jupyter_posthog.kernel.history import History
from jupyter_posthog.kernel.printed_text import PrintedText, showable
from jupyter_posthog.kernel.progress_line import ProgressLine
from jupyter_posthog.messages import sentence, sentence_with_detail

HELP_OPENING_S = 3.0
RESTART_GRACE_S = 4.0  # Jupyter kills a kernel that takes longer than 5 s to shut down
#: What Jupyter's ``input()`` raises in a kernel that nobody can answer, and Python's where there is no terminal.
_NO_INPUT = frozenset({"StdinNotImplementedError", "EOFError"})
_ANSWERED_MEANWHILE = frozenset(
    {"complete_request", "inspect_request", "is_complete_request", "comm_info_request", "history_request"}
)

#: ``name?`` and ``name??``: IPython shows help in the client's pager, which PostHog does not carry.
_QUESTION = re.compile(r"\s*(?P<name>[^\W\d][\w.]*)\?\??\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session and what the person must know about it.

    Attributes:
        notice: Empty where there is nothing to say.
        close: Lets go of PostHog.
        stops_at_shutdown: Whether the person wants PostHog's kernel stopped with this one.
    """

    session: NotebookSession
    notice: str
    close: Callable[[], Awaitable[None]]
    stops_at_shutdown: bool = False


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
    banner = (
        "PostHog (remote): cells run on PostHog, in the best way that it allows; %posthog says which. "
        "%%hogql NAME runs a query, %%duckdb NAME runs SQL over frames."
    )
    help_links = [  # noqa: RUF012  # Kernel's own attribute
        {"text": "PostHog notebooks", "url": "https://posthog.com/docs/notebooks"},
        {"text": "HogQL", "url": "https://posthog.com/docs/hogql"},
    ]

    _opened: OpenedSession | None = None
    _stop: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _unsaid = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._history = History()
        for name in ("comm_open", "comm_msg", "comm_close"):
            self.shell_handlers[name] = getattr(self, name)

    async def open_session(self) -> OpenedSession:
        """Find the notebook this kernel belongs to and the way to PostHog; given by ``launch.py``."""
        raise NotImplementedError

    @property
    def kernel_info(self) -> dict[str, Any]:
        """What clients are told at the start; there is nothing here to debug."""
        info: dict[str, Any] = super().kernel_info
        features = [feature for feature in info["supported_features"] if feature != "debugger"]
        return info | {"supported_features": features}

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
        count = self.execution_count
        reply = await self._run_cell(code, silent=silent, cell_id=cell_id)
        if reply["status"] == "ok" and user_expressions:
            reply["user_expressions"] = await self._evaluate(user_expressions)
        if store_history and not silent and code.strip():
            self._history.add(count, code)
        elif not silent:
            # ipykernel has counted the cell already; one that is not stored does not count.
            self.execution_count = count - 1
        return reply

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

    async def shell_main(self, subshell_id: str | None, msg: Any) -> None:
        """Answer questions while a cell runs; cells wait for each other as ever."""
        if subshell_id is None and self._is_busy() and self._kind_of(msg) in _ANSWERED_MEANWHILE:
            parent, ident = self.get_parent("shell"), self._get_shell_context_var(self._shell_parent_ident)
            try:
                # A task of its own, so that its parent header does not become the running cell's.
                await asyncio.create_task(self.dispatch_shell(msg, subshell_id=None, concurrent=True))
            finally:
                self.set_parent(ident, parent, channel="shell")
            return
        await super().shell_main(subshell_id, msg)

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """Return what can stand at the cursor, which counts code points (Jupyter's messages, 5.2)."""
        reply = {"status": "ok", "matches": [], "cursor_start": cursor_pos, "cursor_end": cursor_pos, "metadata": {}}
        session = await self._session_for_help()
        if session is None:
            return reply
        try:
            found = await session.complete(code, cursor_pos)
        except PosthogError:
            return reply  # a person who types is not told why there is no help
        kinds = [
            {"start": found.start, "end": found.end, "text": text, "type": kind}
            for text, kind in zip(found.matches, found.types, strict=False)
        ]
        return reply | {
            "matches": list(found.matches),
            "cursor_start": found.start,
            "cursor_end": found.end,
            "metadata": {"_jupyter_types_experimental": kinds} if kinds else {},
        }

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """Return what is known of the name at the cursor."""
        text = await self._inspected(code, cursor_pos, detail_level)
        data = {"text/plain": text} if text else {}
        return {"status": "ok", "found": bool(text), "data": data, "metadata": {}}

    async def do_history(
        self,
        hist_access_type: str,
        output: bool,
        raw: bool,
        session: int | None = None,
        start: int | None = None,
        stop: int | None = None,
        n: int | None = None,
        pattern: str | None = None,
        unique: bool = False,
    ) -> dict[str, Any]:
        """Return cells that this process has run."""
        match hist_access_type:
            case "tail":
                found = self._history.tail(n or 0)
            case "range":
                found = self._history.between(start or 0, stop)
            case "search":
                found = self._history.matching(pattern or "*", n, is_unique=unique)
            case _:
                found = []
        shown = [(session, line, (source, None)) for session, line, source in found] if output else found
        return {"status": "ok", "history": shown}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Say whether the text is a whole cell: SQL always is, Python by Python's own rules."""
        if code.startswith(("%%hogql", "%%duckdb", "%posthog")):
            return {"status": "complete"}
        from IPython.core.inputtransformer2 import TransformerManager

        status, indent = TransformerManager().check_complete(code)
        return {"status": status} | ({"indent": " " * (indent or 0)} if status == "incomplete" else {})

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Detach; a restart restarts PostHog's kernel too where this credential can."""
        opened = self._opened
        if opened is not None:
            with anyio.move_on_after(RESTART_GRACE_S), contextlib.suppress(PosthogError):
                # PostHog goes on with what was asked for, even when we may not wait for its end.
                if restart:
                    await opened.session.restart()
                elif opened.stops_at_shutdown:
                    await opened.session.shutdown()
            with contextlib.suppress(PosthogError):
                await opened.session.aclose()
                await opened.close()
        return {"status": "ok", "restart": restart}

    async def comm_open(self, stream: Any, ident: Any, parent: Any) -> None:
        """Close every comm that a client opens: there are no widgets over PostHog."""
        comm_id = parent["content"].get("comm_id", "")
        assert self.session is not None
        self.session.send(
            self.iopub_socket, "comm_close", {"comm_id": comm_id, "data": {}}, parent, ident=self._topic("comm")
        )

    async def comm_msg(self, stream: Any, ident: Any, parent: Any) -> None:
        """Ignore what comes over a comm that was closed."""

    async def comm_close(self, stream: Any, ident: Any, parent: Any) -> None:
        """Nothing is open."""

    async def _run_cell(self, code: str, *, silent: bool, cell_id: str | None) -> dict[str, Any]:
        if not code.strip():
            return self._reply_ok()
        asked = _QUESTION.fullmatch(code)
        if asked is not None and (text := await self._inspected(asked["name"], len(asked["name"]), _detail(code))):
            page = {"source": "page", "data": {"text/plain": text}, "start": 0}
            return self._reply_ok() | {"payload": [page]}
        publish = self._publisher()
        stop = self._stop or asyncio.Event()
        showing, printed = ProgressLine(publish), PrintedText()
        try:
            if not silent:
                showing.show("connecting")
            session = await self._session(showing)
            if session is None:
                return self._fail(INTERRUPTED)
            async for event in session.run(code, cell_id=cell_id, stop=stop):
                if isinstance(event, Progress):
                    if not silent:
                        showing.show(event.text)
                    continue
                if isinstance(event, Notice):
                    showing.say(event.text)
                    continue
                showing.end()
                failure = self._send(event, printed, silent=silent)
                if failure is not None:
                    return failure
        except PosthogError as error:
            showing.end()
            self.log.warning("execute_refused reason=%s", error.reason)
            return self._fail(_refusal(error))
        finally:
            showing.end()
        return self._reply_ok()

    async def _session(self, showing: ProgressLine) -> NotebookSession | None:
        """Return the session, opened at the first cell; None where the person stopped that."""
        if self._opened is None:
            self._opened = await unless_stopped(self._stop or asyncio.Event(), self.open_session())
            if self._opened is None:
                return None
            self._unsaid = self._opened.notice
        if self._unsaid:
            showing.say(self._unsaid)
            self._unsaid = ""
        return self._opened.session

    async def _session_for_help(self) -> NotebookSession | None:
        """Return the session for a person who types; None where PostHog cannot be reached quickly."""
        if self._opened is None:
            with anyio.move_on_after(HELP_OPENING_S), contextlib.suppress(PosthogError):
                self._opened = await self.open_session()
                self._unsaid = self._opened.notice
        return self._opened.session if self._opened is not None else None

    async def _inspected(self, code: str, cursor_pos: int, detail_level: int) -> str:
        session = await self._session_for_help()
        if session is None:
            return ""
        try:
            return showable(await session.inspect(code, cursor_pos, detail_level))
        except PosthogError:
            return ""

    async def _evaluate(self, expressions: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, expression in expressions.items():
            value = await self._opened.session.evaluate(str(expression)) if self._opened else None
            found[name] = (
                {"status": "ok", "data": value, "metadata": {}}
                if value is not None
                else {
                    "status": "error",
                    "ename": "NotAvailable",
                    "evalue": "PostHog gives no value of this expression.",
                    "traceback": [],
                }
            )
        return found

    def _send(self, event: Event, printed: PrintedText, *, silent: bool) -> dict[str, Any] | None:
        """Send one event to the client; return the reply where the cell ends with it."""
        match event:
            case CellFailed():
                return self._fail(_without_input(event))
            case _ if silent:
                return None
            case StreamText(name=name, text=text):
                shown = printed.take(text)
                if shown:
                    self._publish("stream", {"name": name, "text": shown})
            case DisplayData(data=data, metadata=metadata):
                self._publish("display_data", {"data": _showable(data), "metadata": metadata})
            case ExecuteResult(data=data, metadata=metadata):
                content = {"data": _showable(data), "metadata": metadata, "execution_count": self.execution_count}
                self._publish("execute_result", content)
        return None

    def _publish(self, message_type: str, content: dict[str, Any]) -> None:
        self.send_response(self.iopub_socket, message_type, content)

    def _publisher(self) -> Callable[[str, dict[str, Any]], None]:
        """Return what sends to the client under the present cell, from any task."""
        parent = self.get_parent("shell")

        def publish(message_type: str, content: dict[str, Any]) -> None:
            assert self.session is not None
            self.session.send(self.iopub_socket, message_type, content, parent, ident=self._topic(message_type))

        return publish

    def _fail(self, failure: CellFailed) -> dict[str, Any]:
        content = {
            "ename": showable(failure.error_name),
            "evalue": showable(failure.error_text),
            "traceback": [showable(line) for line in failure.traceback],
        }
        self._publish("error", content)
        return {"status": "error", "execution_count": self.execution_count, "user_expressions": {}, **content}

    def _reply_ok(self) -> dict[str, Any]:
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    def _is_busy(self) -> bool:
        # Older ipykernels cannot dispatch beside a running cell; there questions wait, as ever.
        return self._stop is not None and "concurrent" in inspect.signature(self.dispatch_shell).parameters

    def _kind_of(self, message: Any) -> str:
        assert self.session is not None
        _, frames = self.session.feed_identities(message, copy=False)
        return str(self.session.deserialize(frames, content=False, copy=False)["header"]["msg_type"])


def _detail(code: str) -> int:
    return 1 if code.rstrip().endswith("??") else 0


def _showable(bundle: Any) -> dict[str, Any]:
    return {name: showable(value) if isinstance(value, str) else value for name, value in bundle.items()}


def _without_input(failure: CellFailed) -> CellFailed:
    if failure.error_name not in _NO_INPUT:
        return failure
    words = sentence(NoInputError())
    return CellFailed(error_name=failure.error_name, error_text=words, traceback=(*failure.traceback, words))


def _refusal(error: PosthogError) -> CellFailed:
    return CellFailed(
        error_name=type(error).__name__,
        error_text=sentence(error),
        traceback=(sentence_with_detail(error),),
    )
