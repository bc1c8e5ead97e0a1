"""Lines and white space as JavaScript sees them (posthog-document.md 3.1, 5.2, N2, N6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACES = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript trims: with U+FEFF and NBSP, without U+0085 and U+001C to U+001F."""

DOT_STOPS = "\n\r\u2028\u2029"
"""What the dot of a JavaScript pattern does not take."""

ESCAPABLE = frozenset("\\`*_~[]()<>#+-.|!•")
"""The characters a backslash takes the meaning from, in prose."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line without its end; offsets count code points of the whole text."""

    text: str
    start: int
    end: int


def split_lines(markdown: str) -> list[Line]:
    """Split at CRLF, lone CR and LF, and nowhere else."""
    lines: list[Line] = []
    start = 0
    for line_end in _LINE_END.finditer(markdown):
        lines.append(Line(text=markdown[start : line_end.start()], start=start, end=line_end.start()))
        start = line_end.end()
    lines.append(Line(text=markdown[start:], start=start, end=len(markdown)))
    return lines


def trimmed(text: str) -> str:
    """Take JavaScript's white space off both ends."""
    return text.strip(SPACES)


def trimmed_start(text: str) -> str:
    """Take JavaScript's white space off the start."""
    return text.lstrip(SPACES)


def is_blank(text: str) -> bool:
    """Say whether nothing but JavaScript's white space is left."""
    return not trimmed(text)


def rest_after_space(text: str) -> str | None:
    """Read "white space, then text to the end of the line", as after a heading's or a list item's marker.

    None where the white space is missing, or where the text holds a line separator the dot stops at (N6).
    """
    rest = trimmed_start(text)
    if rest == text or any(stop in rest for stop in DOT_STOPS):
        return None
    return rest


def unescaped(text: str) -> str:
    """Undo the backslash escapes of prose; other backslashes stay."""
    return _ESCAPE.sub(lambda escape: escape[1] if escape[1] in ESCAPABLE else escape[0], text)


def utf16_length(text: str) -> int:
    """Count UTF-16 units, as JavaScript's ``length`` does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
