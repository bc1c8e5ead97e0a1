"""What long work shows: a bar that a terminal sees move, and lines that stay."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

from jupyter_posthog.cli.shown_text import fitting, line_width, printable

_ERASE = "\r\x1b[K"
_BAR = 24


class Progress:
    """Counts the steps of one piece of work; the bar goes away with its end."""

    def __init__(self, stream: TextIO, *, is_silent: bool = False) -> None:
        """Prepare.

        Args:
            is_silent: Whether nothing is written, for ``--json``.
        """
        self._stream = stream
        self._is_silent = is_silent
        self._has_bar = stream.isatty() and not is_silent
        self._total = 0
        self._done = 0

    @property
    def has_bar(self) -> bool:
        """Whether the steps themselves are seen, so that a line for each would be noise."""
        return self._has_bar

    def begin(self, total: int) -> None:
        """Show how many steps there are."""
        self._total = total
        self._draw("")

    def step(self, words: str) -> None:
        """Show that one step is done."""
        self._done += 1
        self._draw(words)

    def say(self, line: str) -> None:
        """Write one line that stays."""
        if self._is_silent:
            return
        self.clear()
        self._stream.write(f"{printable(line)}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        if self._has_bar:
            self._stream.write(_ERASE)
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()
        self._stream.flush()

    def _draw(self, words: str) -> None:
        width = line_width(self._stream)
        if not self._has_bar or not self._total or width is None:
            return
        done = min(self._done, self._total)
        filled = _BAR * done // self._total
        line = f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{self._total} {printable(words)}"
        self._stream.write(f"{_ERASE}{fitting(line, width)}")
        self._stream.flush()
