"""Where a component tag starts and ends in a text (posthog-document.md 3.2 row 5, 3.4)."""

from __future__ import annotations

import re

from jupyter_posthog.document.white_space import WHITE_SPACE

TAG_START = re.compile(r"<(?P<name>[A-Z][A-Za-z0-9]*)(?=[^\S\r\n]|[>/\ufeff])")


def find_tag_end(text: str, start: int) -> int | None:
    """Return where the tag that starts here ends, or None where it is none (3.4, newest rules).

    A tag ends with ``/>`` outside quotes and braces, or with its closing tag, with only white space behind on
    that line. A blank line outside quotes and braces before that means that it is no tag.
    """
    found = TAG_START.match(text, start)
    if found is None:
        return None
    limit = min(len(text), start + 262_144 if "\n" in text[start : start + 262_144] else len(text))
    position = found.end()
    while position < limit:
        character = text[position]
        if character in "\"'":
            position = end_of_string(text, position)
        elif character == "{":
            position = end_of_braces(text, position)
        elif text.startswith("/>", position):
            if _only_space_to_line_end(text, position + 2):
                return position + 2
            position += 2
        elif character == ">":
            return _end_of_body(text, position + 1, found["name"])
        elif character in "\r\n" and _blank_line_follows(text, position):
            return None
        else:
            position += 1
    return None


def _end_of_body(text: str, position: int, name: str) -> int | None:
    closing = f"</{name}>"
    while (found := text.find(closing, position)) >= 0:
        if re.search(r"(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)", text[position:found]):
            return None
        position = found + len(closing)
        if _only_space_to_line_end(text, position):
            return position
    return None


def end_of_string(text: str, start: int) -> int:
    """Return where a quoted text ends, its quotes included; beyond the text where it does not."""
    quote, position = text[start], start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 2
        elif text[position] == quote:
            return position + 1
        else:
            position += 1
    return len(text) + 1


def end_of_braces(text: str, start: int) -> int:
    """Return where balanced braces end; what stands in quotes does not count. Beyond the text where they do not."""
    depth, position = 0, start
    while position < len(text):
        character = text[position]
        if character in "\"'":
            position = end_of_string(text, position)
            continue
        depth += (character == "{") - (character == "}")
        position += 1
        if depth == 0:
            return position
    return len(text) + 1


def _only_space_to_line_end(text: str, position: int) -> bool:
    while position < len(text) and text[position] not in "\r\n":
        if text[position] not in WHITE_SPACE:
            return False
        position += 1
    return True


def _blank_line_follows(text: str, position: int) -> bool:
    position += 2 if text.startswith("\r\n", position) else 1
    return _only_space_to_line_end(text, position)
