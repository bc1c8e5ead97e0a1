"""What ``jupyter posthog run`` shows while it runs: one line per cell, which a terminal sees change."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from jupyter_posthog.execution.notebook_cells import CellOutcome, NotebookCell

_DOTS = "…" * 4
_ERASE = "\r\x1b[K"


class RunProgress:
    """Writes the lines of one run."""

    def __init__(self, stream: TextIO, *, is_silent: bool = False) -> None:
        """Prepare.

        Args:
            is_silent: Whether nothing is written, for ``--json``.
        """
        self._stream = stream
        self._is_silent = is_silent
        self._is_terminal = stream.isatty()
        self._current: NotebookCell | None = None

    def begin(self, cell: NotebookCell) -> None:
        """Show that a cell runs."""
        self._current = cell
        self.tell("running")

    def tell(self, words: str) -> None:
        """Show what is going on in the current cell."""
        if self._current is not None and self._is_terminal and not self._is_silent:
            line = f"{_head(self._current)} {words}"
            self._stream.write(_ERASE + _fitting(line))
            self._stream.flush()

    def end(self, outcome: CellOutcome) -> None:
        """Show how a cell ended."""
        self._current = None
        if self._is_silent:
            return
        erase = _ERASE if self._is_terminal else ""
        self._stream.write(f"{erase}{_head(outcome.of)} {_ending(outcome)}\n")
        self._stream.flush()

    def say(self, words: str) -> None:
        """Write one line that stays."""
        if not self._is_silent:
            self._stream.write(f"{_ERASE if self._is_terminal else ''}{words}\n")
            self._stream.flush()


def _head(cell: NotebookCell) -> str:
    return f" [{cell.number}/{cell.count}] {cell.label} ({cell.language}) {_DOTS}"


def _ending(outcome: CellOutcome) -> str:
    parts = [outcome.status]
    if outcome.rows is not None:
        parts.append(f"{outcome.rows:,} rows" if outcome.rows != 1 else "1 row")
    parts.append(f"{outcome.seconds:.1f} s")
    if outcome.error:
        parts.append(" ".join(outcome.error.split()))
    return ", ".join(parts)


def _fitting(line: str) -> str:
    width = shutil.get_terminal_size().columns - 1
    return line if len(line) <= width else f"{line[: width - 1]}…"


def progress_on_standard_output(*, is_silent: bool) -> RunProgress:
    """Return what writes to standard output."""
    return RunProgress(sys.stdout, is_silent=is_silent)
