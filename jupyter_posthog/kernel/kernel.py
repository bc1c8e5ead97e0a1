"""The kernel itself: Jupyter's messages in, execution events out."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from ipykernel.kernelbase import Kernel

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.events import INTERRUPTED
from jupyter_posthog.execution.stopping import unless_stopped
from jupyter_posthog.kernel.cell_output import CellOutput, Reply
from jupyter_posthog.kernel.closed_comms import COMM_MESSAGES, ClosedComms
from jupyter_posthog.kernel.completeness import completeness
from jupyter_posthog.kernel.help import KernelHelp
from jupyter_posthog.kernel.history import History
from jupyter_posthog.kernel.progress_line import Publish
from jupyter_posthog.kernel.session_door import OpenedSession, SessionDoor

CLOSING_LIMIT_S = 4.5  # Jupyter kills a kernel that takes longer than 5 s to shut down
#: Jupyter interrupts a kernel before it shuts it down; only an interrupt that no shutdown follows is a person's.
SHUTDOWN_FOLLOWS_S = 0.15
_ANSWERED_MEANWHILE = frozenset(
    {"complete_request", "inspect_request", "is_complete_request", "comm_info_request", "history_request"}
)


class PostHogKernel(ClosedComms, Kernel):
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

    _stop: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _is_leaving = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._history = History()
        self._door = SessionDoor(self.open_session)
        self._help = KernelHelp(self._door)
        self.shell_handlers |= {name: getattr(self, name) for name in COMM_MESSAGES}

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
        output = CellOutput(self._publisher(), execution_count=count, silent=silent)
        reply = await self._run_cell(code, output, cell_id)
        if reply["status"] == "ok" and user_expressions:
            reply["user_expressions"] = await self._help.evaluate(user_expressions, self._stop or asyncio.Event())
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
            loop.call_soon_threadsafe(loop.call_later, SHUTDOWN_FOLLOWS_S, self._stop_unless_leaving, stop)
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
        return await self._help.complete(code, cursor_pos)

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """Return what is known of the name at the cursor."""
        text = await self._help.inspect(code, cursor_pos, detail_level)
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
        wanted = {
            "tail": lambda: self._history.tail(n or 0),
            "range": lambda: self._history.between(start or 0, stop),
            "search": lambda: self._history.matching(pattern or "*", n, is_unique=unique),
        }
        found = wanted[hist_access_type]() if hist_access_type in wanted else []
        shown = [(session, line, (source, None)) for session, line, source in found] if output else found
        return {"status": "ok", "history": shown}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Say whether the text is a whole cell: SQL always is, Python by Python's own rules."""
        return completeness(code)

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Detach; a restart restarts PostHog's kernel too where this credential can."""
        self._is_leaving = True
        # Asked in the control thread, while connections and tasks belong to the loop that runs cells.
        loop = self.io_loop.asyncio_loop  # type: ignore[attr-defined]  # tornado's, on asyncio
        closing = asyncio.run_coroutine_threadsafe(self._door.close(restart=restart), loop)
        await asyncio.wait({asyncio.wrap_future(closing)}, timeout=CLOSING_LIMIT_S)
        return {"status": "ok", "restart": restart}

    def _stop_unless_leaving(self, stop: asyncio.Event) -> None:
        if not self._is_leaving:
            stop.set()

    async def _run_cell(self, code: str, output: CellOutput, cell_id: str | None) -> Reply:
        if not code.strip():
            return output.reply()
        text = await self._help.answer_question(code)
        if text:
            return output.reply(({"source": "page", "data": {"text/plain": text}, "start": 0},))
        stop = self._stop or asyncio.Event()
        try:
            output.show_progress("connecting")
            session = await unless_stopped(stop, self._door.session())
            if session is None:
                return output.fail(INTERRUPTED)
            output.say(self._door.take_notice())
            return await output.send(session.run(code, cell_id=cell_id, stop=stop))
        except PosthogError as error:
            self.log.warning("execute_refused reason=%s", error.reason)
            return output.refuse(error)

    def _publisher(self) -> Publish:
        """Return what sends to the client under the present cell, from any task."""
        parent = self.get_parent("shell")

        def publish(message_type: str, content: dict[str, Any]) -> None:
            assert self.session is not None
            self.session.send(self.iopub_socket, message_type, content, parent, ident=self._topic(message_type))

        return publish

    def _is_busy(self) -> bool:
        # Older ipykernels cannot dispatch beside a running cell; there questions wait, as ever.
        return self._stop is not None and "concurrent" in inspect.signature(self.dispatch_shell).parameters

    def _kind_of(self, message: Any) -> str:
        assert self.session is not None
        _, frames = self.session.feed_identities(message, copy=False)
        return str(self.session.deserialize(frames, content=False, copy=False)["header"]["msg_type"])
