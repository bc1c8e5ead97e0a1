"""What one running cell shows: its events as Jupyter's messages, and the reply at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from jupyter_posthog.errors import NoInputError, PosthogError
from jupyter_posthog.execution.events import (
    CellFailed,
    DisplayData,
    Event,
    ExecuteResult,
    Notice,
    Progress,
    StreamText,
)
from jupyter_posthog.kernel.printed_text import PrintedText, showable
from jupyter_posthog.kernel.progress_line import ProgressLine, Publish
from jupyter_posthog.messages import sentence, sentence_with_detail

#: What Jupyter's ``input()`` raises in a kernel that nobody can answer, and Python's where there is no terminal.
_NO_INPUT = frozenset({"StdinNotImplementedError", "EOFError"})

Reply = dict[str, Any]


class CellOutput:
    """Sends the output of one cell."""

    def __init__(self, publish: Publish, *, execution_count: int, silent: bool) -> None:
        """Prepare.

        Args:
            publish: Sends one message under this cell.
            silent: Whether nothing is shown but a failure.
        """
        self._publish = publish
        self._count = execution_count
        self._silent = silent
        self._progress = ProgressLine(publish)
        self._printed = PrintedText()

    def show_progress(self, text: str) -> None:
        """Show what goes on, until the cell itself shows something."""
        if not self._silent:
            self._progress.show(text)

    def say(self, notice: str) -> None:
        """Show something that stays."""
        if notice and not self._silent:
            self._progress.say(notice)

    async def send(self, events: AsyncIterator[Event]) -> Reply:
        """Send the events of the cell as they come; return the reply.

        Raises:
            PosthogError: As the events raise it; nothing is left on the way.
        """
        try:
            async for event in events:
                match event:
                    case Progress(text=text):
                        self.show_progress(text)
                    case Notice(text=text):
                        self.say(text)
                    case CellFailed():
                        return self.fail(_without_input(event))
                    case _ if not self._silent:
                        self._progress.end()
                        self._send(event)
        finally:
            self._progress.end()
        return self.reply()

    def refuse(self, error: PosthogError) -> Reply:
        """Show why the cell did not run, or not to its end; return the reply."""
        return self.fail(
            CellFailed(
                error_name=type(error).__name__,
                error_text=sentence(error),
                traceback=(sentence_with_detail(error),),
            )
        )

    def fail(self, failure: CellFailed) -> Reply:
        """Show the end of a cell that failed; return the reply."""
        self._progress.end()
        content = {
            "ename": showable(failure.error_name),
            "evalue": showable(failure.error_text),
            "traceback": [showable(line) for line in failure.traceback],
        }
        self._publish("error", content)
        return {"status": "error", "execution_count": self._count, "user_expressions": {}, **content}

    def reply(self, payload: tuple[dict[str, Any], ...] = ()) -> Reply:
        """Return the reply of a cell that ran to its end."""
        self._progress.end()
        return {"status": "ok", "execution_count": self._count, "payload": [*payload], "user_expressions": {}}

    def _send(self, event: Event) -> None:
        match event:
            case StreamText(name=name, text=text):
                shown = self._printed.take(text)
                if shown:
                    self._publish("stream", {"name": name, "text": shown})
            case DisplayData(data=data, metadata=metadata):
                self._publish("display_data", {"data": _showable(data), "metadata": dict(metadata)})
            case ExecuteResult(data=data, metadata=metadata):
                content = {"data": _showable(data), "metadata": dict(metadata), "execution_count": self._count}
                self._publish("execute_result", content)


def _showable(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {name: showable(value) if isinstance(value, str) else value for name, value in bundle.items()}


def _without_input(failure: CellFailed) -> CellFailed:
    if failure.error_name not in _NO_INPUT:
        return failure
    words = sentence(NoInputError())
    return CellFailed(error_name=failure.error_name, error_text=words, traceback=(*failure.traceback, words))
