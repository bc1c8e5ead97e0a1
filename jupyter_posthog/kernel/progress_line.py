"""One line below a running cell that says what PostHog is doing, and goes away without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

#: What is over sooner needs no line.
SHOWN_AFTER_S = 0.5
TICK_S = 1.0

Publish = Callable[[str, dict[str, Any]], None]


class ProgressLine:
    """Shows a state and for how long it has lasted: ``starting sandbox · 12 s``.

    A stream and ``clear_output``, since every client takes them back: nbclient, papermill and Lab store nothing of
    it, while an emptied ``display_data`` would stay in the notebook as an output of its own.
    """

    def __init__(self, publish: Publish) -> None:
        """Prepare.

        Args:
            publish: Sends one message to the client; it must work outside the cell's own task too.
        """
        self._publish = publish
        self._notices = ""
        self._text = ""
        self._since_s = 0.0
        self._is_shown = False
        self._has_ended = False
        self._ticking: asyncio.Task[None] | None = None

    def say(self, notice: str) -> None:
        """Show something that stays."""
        self.hide()
        self._notices += notice
        self._print(notice)

    def show(self, text: str) -> None:
        """Show what is going on now, in place of what was shown before."""
        if text == self._text or self._has_ended:
            return
        self._text, self._since_s = text, monotonic()
        if self._ticking is None:
            self._ticking = asyncio.ensure_future(self._tick())
        elif self._is_shown:
            self._draw()

    def hide(self) -> None:
        """Take the line away; notices stay."""
        self._text = ""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if self._is_shown:
            self._is_shown = False
            self._clear(wait=False)

    def end(self) -> None:
        """Take the line away for good: what the cell itself shows now would be cleared with it."""
        self._has_ended = True
        self.hide()

    async def _tick(self) -> None:
        await asyncio.sleep(SHOWN_AFTER_S)
        while True:
            self._draw()
            await asyncio.sleep(TICK_S)

    def _draw(self) -> None:
        if self._is_shown:
            self._clear(wait=True)
        self._is_shown = True
        self._print(f"{self._text} · {monotonic() - self._since_s:.0f} s\n")

    def _clear(self, *, wait: bool) -> None:
        # With ``wait`` the old line stands until the new one comes, so that nothing flickers.
        self._publish("clear_output", {"wait": wait})
        if self._notices:
            self._print(self._notices)

    def _print(self, text: str) -> None:
        self._publish("stream", {"name": "stderr", "text": text})
