"""Lines and white space as PostHog's browser sees them (posthog-document.md 3.1, 5.2).

Python's own ``strip`` and ``splitlines`` know other characters than JavaScript's ``trim`` and must not be used here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_LINE_END = re.compile(r"\r\n|\r|\n")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: ``[start, end)`` without its line end, which reaches to ``next_start``."""

    text: str
    start: int
    end: int
    next_start: int

    @property
    def trimmed(self) -> str:
        """The line without outer white space."""
        return self.text.strip(WHITE_SPACE)


def split_lines(text: str) -> list[Line]:
    """Split at LF, CRLF and lone CR only; the last line may be empty."""
    lines = []
    start = 0
    for found in _LINE_END.finditer(text):
        lines.append(Line(text[start : found.start()], start, found.start(), found.end()))
        start = found.end()
    lines.append(Line(text[start:], start, len(text), len(text)))
    return lines


def with_lf(text: str) -> str:
    """Return the text with LF line ends, as editors hold it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def shown(text: str) -> str:
    """Return the text as a cell can hold it: a lone surrogate is shown as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def has_surrogate(text: str) -> bool:
    """Whether the text holds a lone surrogate, which JSON storage refuses."""
    return _SURROGATE.search(text) is not None


def line_end_of(text: str) -> str:
    """Return the line end to use for new lines: CRLF or CR where the text knows no other, else LF."""
    found = set(_LINE_END.findall(text))
    return found.pop() if len(found) == 1 else "\n"
