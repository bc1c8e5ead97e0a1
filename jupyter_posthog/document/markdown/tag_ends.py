"""Where a component tag starts and ends in a text (posthog-document.md 3.2 row 5, 3.4; 7.1 D14; 7.2 N1, N13)."""

from __future__ import annotations

import re

from jupyter_posthog.document.white_space import SPACE_IN_LINE, length_utf16

#: A tag's name must be followed by something on its own line.
TAG_START = re.compile(rf"<(?P<name>[A-Z][A-Za-z0-9]*)(?=[>/{SPACE_IN_LINE}])")
LONGEST_TAG = 262_144  # UTF-16 units of a tag of several lines; one line may be longer
MOST_LINES = 1_000

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|' r"'[^'\\]*+(?:\\.[^'\\]*+)*+'", re.DOTALL)
_IN_BRACES = re.compile(rf"{_STRING.pattern}|[\"'{{}}]", re.DOTALL)
_IN_TAG = re.compile(r"[\"'{>]|/>|\r\n|[\r\n]")
_REST_OF_LINE = re.compile(rf"[{SPACE_IN_LINE}]*(?=[\r\n]|\Z)")
_LINE_BREAK = re.compile(r"[\r\n]")
_BLANK_LINE = re.compile(rf"(?>\r\n|[\r\n])[{SPACE_IN_LINE}]*(?:[\r\n]|\Z)")


class TagEnds:
    """Finds the ends of many tags of one text. Tags that never end may cost only so much in all.

    Beyond that, tags are only looked for on one line, as PostHog writes them: a text full of such tags is none
    that somebody wrote, and would be read up to a thousand lines from each of its lines (7.2 N17).
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._left_to_waste = 5 * len(text) + 4 * LONGEST_TAG

    def end_of(self, start: int, last_line_end: int) -> int | None:
        """Return where the tag that starts here ends, or None where it is none.

        Args:
            last_line_end: Where the last line ends that a tag may reach.
        """
        limit = _own_line_end(self._text, start) if self._left_to_waste <= 0 else _limit(self._text, start)
        end, looked_to = _find(self._text, start, min(limit, last_line_end + 1))
        if end is None:
            self._left_to_waste -= looked_to - start
        return end


def find_tag_end(text: str, start: int) -> int | None:
    """Return where the tag that starts here ends, or None where it is none (3.4, newest rules).

    A tag ends with ``/>`` outside quotes and braces, or with its closing tag, with only white space behind on
    that line. A blank line outside quotes and braces before that means that it is no tag.
    """
    return _find(text, start, _limit(text, start))[0]


def _find(text: str, start: int, limit: int) -> tuple[int | None, int]:
    """Return where the tag ends, and up to where it was looked for character by character."""
    found = TAG_START.match(text, start)
    if found is None or (text.find("/>", start, limit) < 0 and text.find("</", start, limit) < 0):
        return None, start
    end, looked_to = _scan(text, found.end(), limit, found["name"])
    return (end if end is not None and _fits(text[start:end]) else None), looked_to


def end_of_string(text: str, start: int, limit: int | None = None) -> int:
    """Return where a quoted text ends, its quotes included; beyond the text where it does not."""
    found = _STRING.match(text, start, len(text) if limit is None else limit)
    return found.end() if found is not None else len(text) + 1


def end_of_braces(text: str, start: int, limit: int | None = None) -> int:
    """Return where balanced braces end; what stands in quotes does not count. Beyond the text where they do not."""
    depth = 0
    for found in _IN_BRACES.finditer(text, start, len(text) if limit is None else limit):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                return found.end()
        elif len(mark) == 1:
            break  # a quote that never closes
    return len(text) + 1


def ends_its_line(text: str, position: int) -> bool:
    """Whether only white space stands between here and the end of the line."""
    return _REST_OF_LINE.match(text, position) is not None


def _limit(text: str, start: int) -> int:
    """Return how far a tag may reach: to the end of its line, or as long as one of several lines may be."""
    return min(len(text), max(_own_line_end(text, start), start + LONGEST_TAG + 1))


def _own_line_end(text: str, start: int) -> int:
    found = _LINE_BREAK.search(text, start)
    return len(text) if found is None else found.end()


def _fits(raw: str) -> bool:
    lines = raw.count("\n") + raw.count("\r") - raw.count("\r\n") + 1
    return lines == 1 or (lines <= MOST_LINES and length_utf16(raw) <= LONGEST_TAG)


def _scan(text: str, position: int, limit: int, name: str) -> tuple[int | None, int]:
    while (found := _IN_TAG.search(text, position, limit)) is not None:
        mark, position = found[0], found.end()
        if mark in {'"', "'"}:
            position = end_of_string(text, found.start(), limit)
        elif mark == "{":
            position = end_of_braces(text, found.start(), limit)
        elif mark == ">":
            return _end_of_body(text, position, limit, name), position
        elif mark == "/>":
            if ends_its_line(text, position):
                return position, position
        elif _BLANK_LINE.match(text, found.start()):
            return None, position
    return None, limit


def _end_of_body(text: str, position: int, limit: int, name: str) -> int | None:
    closing = f"</{name}>"
    blank = _BLANK_LINE.search(text, position, limit)
    limit = blank.start() + 1 if blank is not None else limit
    while (found := text.find(closing, position, limit)) >= 0:
        position = found + len(closing)
        if ends_its_line(text, position):
            return position
    return None
