"""Lines and white space as PostHog's browser sees them (posthog-document.md 3.1, 5.2).

Python's own ``strip``, ``splitlines`` and ``\\s`` know other characters than JavaScript's ``trim`` and must not be used
here.
"""

from __future__ import annotations

import re
from array import array
from itertools import accumulate
from operator import add

WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
#: What only PostHog's server takes as white space (7.2 N2).
SERVER_WHITE_SPACE = "\u001c\u001d\u001e\u001f\u0085"
#: The inside of a regular expression's character class: white space within one line, white space at all.
SPACE_IN_LINE = r"\t\v\f \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SPACE = SPACE_IN_LINE + r"\r\n"
_LINE_END = re.compile(r"\r\n|\r|\n")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Lines:
    """The lines of a text, split at LF, CRLF and lone CR only; the last one may be empty.

    Attributes:
        texts: Each line without its line end.
        trimmed: Each line without outer white space.
        starts, ends: Where each line's text starts and ends; arrays, for a document has many lines.
    """

    __slots__ = ("ends", "starts", "texts", "trimmed")

    def __init__(self, text: str) -> None:
        """Cut the text."""
        self.texts = with_lf(text).split("\n")
        self.trimmed = [line.strip(WHITE_SPACE) for line in self.texts]
        if "\r" in text:
            breaks = [found.span() for found in _LINE_END.finditer(text)]
            self.starts = array("q", [0, *(end for _, end in breaks)])
            self.ends = array("q", [*(start for start, _ in breaks), len(text)])
        else:
            self.starts = array("q", accumulate((len(line) + 1 for line in self.texts[:-1]), initial=0))
            self.ends = array("q", map(add, self.starts, map(len, self.texts)))

    def forget(self, first: int, after: int) -> None:
        """Let go of the texts of lines that nobody will look at again; their places stay."""
        nothing = [""] * (after - first)
        self.texts[first:after] = nothing
        self.trimmed[first:after] = nothing


def with_lf(text: str) -> str:
    """Return the text with LF line ends, as editors hold it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def shown(text: str) -> str:
    """Return the text as a cell can hold it: a lone surrogate is shown as U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def has_surrogate(text: str) -> bool:
    """Whether the text holds a lone surrogate, which JSON storage refuses."""
    return _SURROGATE.search(text) is not None


def line_end_of(text: str) -> str:
    """Return the line end to use for new lines: CRLF or CR where the text knows no other, else LF."""
    if "\r" not in text:
        return "\n"
    found = set(_LINE_END.findall(text))
    return found.pop() if len(found) == 1 else "\n"


def length_utf16(text: str) -> int:
    """Return the length as JavaScript counts it: characters beyond U+FFFF are two units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
