"""Where code spans, emphasis, brackets and tags of inline Markdown end, found in one pass (posthog-document.md 3.3).

Looking for each end anew would take quadratic time in a text of openers that never close.
"""

from __future__ import annotations

import bisect
import re

from jupyter_posthog.document.rich.inline_tags import InlineTags

DELIMITERS = {"**": "bold", "__": "bold", "~~": "strike", "*": "italic", "_": "italic"}
_STOP = re.compile(r"[\\`*_~\[\]()<]")
_RUN = re.compile(r"\*+|_+|~+")
_TO_BACK_TICK = re.compile(r"(?:[^`\\]|\\.)*+`", re.DOTALL)
_OPENERS = {"]": "[", ")": "("}


class InlineEnds:
    """The ends of everything in one text. A backslash hides what follows it; code spans hide all that they hold."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.tags = InlineTags(text)
        self._code_ends: dict[int, int] = {}
        self._partners: dict[int, int] = {}
        self._closers: dict[str, list[int]] = {delimiter: [] for delimiter in DELIMITERS}
        self._open: dict[str, list[int]] = {"[": [], "(": []}
        self._has_code = True
        position = 0
        while (found := _STOP.search(text, position)) is not None:
            position = self._after(found.start())

    def code_end(self, position: int, end: int) -> int | None:
        """Return where the back-tick stands that ends the code span starting here."""
        found = self._code_ends.get(position, end)
        return found if found < end else None

    def partner(self, position: int, end: int) -> int | None:
        """Return where the bracket that opens here closes."""
        found = self._partners.get(position, end)
        return found if found < end else None

    def closer(self, delimiter: str, start: int, end: int) -> int | None:
        """Return where emphasis ends whose text starts here."""
        places = self._closers[delimiter]
        number = bisect.bisect_right(places, start)
        return places[number] if number < len(places) and places[number] < end else None

    def _after(self, position: int) -> int:
        """Take note of one special character and return where to go on."""
        character = self._text[position]
        if character == "\\":
            return position + 2
        if character == "`":
            return self._code_span(position)
        if character == "<":
            return self.tags.note(position)  # nothing in a tag's own properties ends anything
        if character in "*_~":
            return self._run(position)
        if character in "[(":
            self._open[character].append(position)
        elif self._open[_OPENERS[character]]:
            self._partners[self._open[_OPENERS[character]].pop()] = position
        return position + 1

    def _code_span(self, position: int) -> int:
        close = self._back_tick(position + 1) if self._has_code else None
        if close is None:
            self._has_code = False
        elif close > position + 1:
            self._code_ends[position] = close
            return close + 1
        return position + 1

    def _back_tick(self, position: int) -> int | None:
        found = _TO_BACK_TICK.match(self._text, position)
        return found.end() - 1 if found is not None else None

    def _run(self, position: int) -> int:
        found = _RUN.match(self._text, position)
        assert found is not None
        length = len(found[0])
        if position > 0 and not self._text[position - 1].isspace():
            for delimiter in (found[0][0], found[0][0] * 2):
                if self._closes(delimiter, position, length):
                    self._closers[delimiter].append(position)
        return found.end()

    def _closes(self, delimiter: str, position: int, length: int) -> bool:
        if delimiter not in DELIMITERS or length < len(delimiter) or (len(delimiter) == 1 and length == 2):
            return False
        return delimiter[0] != "_" or not is_word(self._text[position + len(delimiter) : position + len(delimiter) + 1])


def is_word(character: str) -> bool:
    """Whether an underscore beside it is no emphasis."""
    return character.isascii() and character.isalnum()
