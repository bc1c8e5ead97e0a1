"""Text that others wrote, and moments, as a terminal shows them."""

from __future__ import annotations

import shutil
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TextIO

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """Return a text in which nothing steers a terminal or turns the direction of a line around."""
    return "".join(
        "�" if unicodedata.category(character) in _HIDDEN and character != "\u200d" else character for character in text
    )


def fitting(text: str, width: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def line_width(stream: TextIO) -> int | None:
    """Return how many characters a line of a terminal takes; None in a pipe, where nothing is cut."""
    return shutil.get_terminal_size().columns - 1 if stream.isatty() else None


def age(moment: str, now: datetime) -> str:
    """Return how long ago something was, as people say it: ``5 min ago``, ``yesterday``, ``12 Mar 2026``."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    passed = now - at
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} h ago"
    if passed < timedelta(days=2):
        return "yesterday"
    if passed < timedelta(days=30):
        return f"{passed.days} days ago"
    return f"{at.day} {at:%b %Y}"
