"""Printed text on its way to a client: cut where it is too much, without what no client can show."""

from __future__ import annotations

LONGEST_CHARACTERS = 1_000_000
LONGEST_LINE_NOTE = "… cut here: a cell shows at most 1 MB of printed text; write the rest into a file or a frame.\n"


class PrintedText:
    """The printed text of one cell."""

    def __init__(self, longest: int = LONGEST_CHARACTERS) -> None:
        self._left = longest

    def take(self, text: str) -> str:
        """Return what is shown of a piece of text; empty where everything is cut already."""
        if self._left <= 0:
            return ""
        shown = showable(text)
        if len(shown) <= self._left:
            self._left -= len(shown)
            return shown
        cut, self._left = shown[: self._left], 0
        return f"{cut}\n{LONGEST_LINE_NOTE}"


def showable(text: str) -> str:
    """Return a text without half characters and NUL, which end a client's connection or its file."""
    if "\0" in text:
        text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    try:
        text.encode()
    except UnicodeEncodeError:
        # Pairs of halves are one character; lone ones are none.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
