"""``%%hogql``, ``%%duckdb`` and ``%posthog`` in an IPython kernel on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import publish_display_data

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.events import DisplayData, Event, ExecuteResult, StreamText
from jupyter_posthog.execution.local_session import LocalSession
from jupyter_posthog.execution.magics import CellText, Language, read_magic
from jupyter_posthog.execution.posthog_magic import PosthogMagic
from jupyter_posthog.kernel.background import Background
from jupyter_posthog.messages import sentence, sentence_with_detail


class _Refused(Exception):
    """An error of ours as IPython shows it: one sentence, without the way through our code."""

    def __init__(self, error: PosthogError) -> None:
        super().__init__(sentence(error))
        self._shown = sentence_with_detail(error)

    def _render_traceback_(self) -> list[str]:
        return [self._shown]


@magics_class
class PosthogMagics(Magics):
    """The magics of one shell. What leads to PostHog stays in here: nothing of it is in the shell's namespace."""

    def __init__(
        self, shell: InteractiveShell, *, session: LocalSession, posthog: PosthogMagic, background: Background
    ) -> None:
        super().__init__(shell)
        self._session = session
        self._posthog = posthog
        self._background = background

    @cell_magic
    def hogql(self, line: str, cell: str) -> None:
        """Run HogQL on PostHog and bind its rows as a pandas frame: %%hogql [NAME] [--connection ID [--raw]]."""
        with _sentences():
            self._sql(read_magic(Language.HOGQL, line, cell))

    @cell_magic
    def duckdb(self, line: str, cell: str) -> None:
        """Run SQL over the frames of this kernel: %%duckdb [NAME]."""
        with _sentences():
            self._sql(read_magic(Language.DUCKDB, line, cell))

    @line_magic
    def posthog(self, line: str) -> None:
        """Ask about this notebook's PostHog: %posthog lists what there is."""
        with _sentences():
            for event in self._background.items(self._posthog.run([line])):
                _show(event)

    def note_cell(self, result: Any) -> None:
        """Take note of what a cell has bound; IPython calls this after each one."""
        source = getattr(result.info, "raw_cell", None)
        if isinstance(source, str) and result.success:
            self._session.note_python(source)

    def _sql(self, text: CellText) -> None:
        text.check()
        session, namespace = self._session, self._namespace
        if session.runs_here(text, namespace):
            sql = self._background.run(session.fill(text, namespace))
            event = session.run_here(text, sql, namespace)
            if event is not None:
                _show(event)
            return
        cell, answer = self._background.run(session.ask(text, namespace))
        _show(session.take(text, cell, answer, namespace))

    @property
    def _namespace(self) -> dict[str, Any]:
        assert self.shell is not None
        found: dict[str, Any] = self.shell.user_ns
        return found


def register(shell: InteractiveShell, magics: PosthogMagics) -> Callable[[], None]:
    """Give the magics to a shell; return what takes them away."""
    shell.register_magics(magics)
    shell.events.register("post_run_cell", magics.note_cell)
    return lambda: shell.events.unregister("post_run_cell", magics.note_cell)


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except PosthogError as error:
        # Its name is what a notebook and other programs see as the error's.
        raise type(type(error).__name__, (_Refused,), {})(error) from None


def _show(event: Event) -> None:
    match event:
        case StreamText(text=text):
            print(text, end="")  # noqa: T201  # printing is how a cell speaks
        case DisplayData(data=data, metadata=metadata) | ExecuteResult(data=data, metadata=metadata):
            publish_display_data(dict(data), dict(metadata))
