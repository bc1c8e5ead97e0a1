"""Rows of PostHog's Markdown tables (posthog-document.md 3.2; 7.1 D15)."""

from __future__ import annotations

import re

from jupyter_posthog.document.white_space import WHITE_SPACE

_SEPARATOR_CELL = re.compile(r":?-{3,}:?")


def split_row(line: str) -> list[str]:
    """Return the cells of one line, pipes in them unescaped; a line without any pipe has none.

    The browser takes off the outer pipes first, escaped or not.
    """
    if "|" not in line:
        return []
    inner = line.strip(WHITE_SPACE).removeprefix("|").removesuffix("|")
    return [cell.replace("\0", "|").strip(WHITE_SPACE) for cell in inner.replace("\\|", "\0").split("|")]


def is_separator_row(line: str) -> bool:
    """Whether a line below a table's first row makes it a table."""
    cells = split_row(line) if "-" in line else []
    return bool(cells) and all(_SEPARATOR_CELL.fullmatch(cell) for cell in cells)
