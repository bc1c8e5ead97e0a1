"""Table rows as the browser reads them (posthog-document.md 3.2, D15)."""

from __future__ import annotations

import re

from tests.document.readers.browser_lines import trimmed

_SEPARATOR_CELL = re.compile(r":?-{3,}:?")
_CELL_BORDER = re.compile(r"(\\?)\|")
_ESCAPED_PIPE_STAND_IN = "\n"  # A row is one line, so it holds none.


def starts_row(line: str) -> bool:
    """Say whether a line begins with a pipe."""
    return trimmed(line).startswith("|")


def starts_table(line: str, next_line: str) -> bool:
    """Say whether a line is a table's head: the next one is a separator row, which needs no leading pipe."""
    return starts_row(line) and "|" in next_line and all(map(_SEPARATOR_CELL.fullmatch, split_row(next_line)))


def split_row(line: str) -> tuple[str, ...]:
    """Split at pipes without a backslash before them, also inside code spans.

    The closing pipe goes first, even an escaped one: ``| a \\|`` is the cell ``a \\`` (D15).
    """
    row = trimmed(line).removeprefix("|").removesuffix("|")
    marked = _CELL_BORDER.sub(lambda border: _ESCAPED_PIPE_STAND_IN if border[1] else "|", row)
    return tuple(trimmed(cell.replace(_ESCAPED_PIPE_STAND_IN, "|")) for cell in marked.split("|"))
