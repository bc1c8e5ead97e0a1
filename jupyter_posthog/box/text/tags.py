"""Component tags of Markdown notebooks, read as PostHog's server reads them (posthog-document.md 3.4, 3.5, 7)."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

Json = Any
MAXIMUM_LINES, MAXIMUM_LENGTH = 1_000, 256 * 1024
# White space must follow the name on its own line (N1).
_START = re.compile(r"<([A-Z][A-Za-z0-9]*)(?=[^\S\n]|[/>])")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s/>]+")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_SIGN = re.compile(r"[\"'{>\n]|/>")
_BRACE = re.compile(r"[\"'{}]")
_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_SINGLE = re.compile(r"'(?:[^'\\]|\\.)*+'", re.DOTALL)
_BLANK = re.compile(r"\n[^\S\n]*(?:\n|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One component tag, and where it ends in the text."""

    name: str
    props: dict[str, Json]
    end: int


def read_tag(text: str, start: int) -> Tag | None:
    """Return the tag that begins here, None where there is none; one without an end is looked for in its line (D10)."""
    opened = _START.match(text, start)
    if opened is None:
        return None
    end = _end(text, opened.end(), opened[1])
    if end is None or _is_too_large(text, start, end):
        end = _line_end(text, opened.end(), opened[1])
    return Tag(name=opened[1], props=_props(text[opened.end() : end]), end=end) if end is not None else None


def _line_end(text: str, place: int, name: str) -> int | None:
    """Return where the line ends that is a tag by its look alone, whatever stands in its values."""
    newline = text.find("\n", place)
    line = text[place : newline if newline >= 0 else len(text)].rstrip()
    is_whole = line.endswith("/>") or (line.endswith(f"</{name}>") and ">" in line.removesuffix(f"</{name}>"))
    return place + len(line) if is_whole else None


def _is_too_large(text: str, start: int, end: int) -> bool:
    lines = text.count("\n", start, end) + 1
    return lines > MAXIMUM_LINES or (lines > 1 and end - start > MAXIMUM_LENGTH)


def _end(text: str, place: int, name: str) -> int | None:
    """Return where a tag ends: at ``/>`` or the closing tag, outside of values, with nothing after it on the line."""
    lines, counted = 1, place
    while (found := _SIGN.search(text, place)) is not None and lines <= MAXIMUM_LINES:
        sign, place = found[0], found.start()
        lines, counted = lines + text.count("\n", counted, place), place
        if sign in "\"'":
            place = _after_quote(text, place)
        elif sign == "{":
            place = _after_braces(text, place)
        elif sign == "/>" and _ends_line(text, place + 2):
            return place + 2
        elif sign == ">":
            return _body_end(text, place + 1, name)
        elif sign == "\n" and _BLANK.match(text, place):
            return None
        else:
            place += 1
    return None


def _body_end(text: str, place: int, name: str) -> int | None:
    blank = _BLANK.search(text, place)
    closing = f"</{name}>"
    found = text.find(closing, place, blank.start() if blank else len(text))
    end = found + len(closing)
    return end if found >= 0 and _ends_line(text, end) else None


def _ends_line(text: str, place: int) -> bool:
    line_end = text.find("\n", place)
    return not text[place : line_end if line_end >= 0 else len(text)].strip()


def _after_quote(text: str, place: int) -> int:
    found = (_DOUBLE if text[place] == '"' else _SINGLE).match(text, place)
    return found.end() if found else len(text)


def _after_braces(text: str, place: int) -> int:
    depth = 0
    while (found := _BRACE.search(text, place)) is not None:
        sign, place = found[0], found.end()
        if sign in "\"'":
            place = _after_quote(text, found.start())
            continue
        depth += 1 if sign == "{" else -1
        if depth == 0:
            return place
    return len(text)


def _props(source: str) -> dict[str, Json]:
    """Return the properties up to the first thing that is none (D10)."""
    props: dict[str, Json] = {}
    place = _skip(source, 0)
    while (found := _NAME.match(source, place)) is not None:
        place = _skip(source, found.end())
        if source.startswith("=", place):
            props[found[0]], place = _value(source, _skip(source, place + 1))
        else:
            props[found[0]] = True
        place = _skip(source, place)
    return props


def _skip(source: str, place: int) -> int:
    found = _SPACE.match(source, place)
    return found.end() if found else place


def _value(source: str, place: int) -> tuple[Json, int]:
    """Return a value and where it ends; one that does not end is null (D10)."""
    character = source[place : place + 1]
    if character and character in "\"'":
        end = _after_quote(source, place)
        raw = source[place + 1 : end - 1]
        is_closed = end - 1 > place and source[end - 1] == character
        return (_quoted(raw, character) if is_closed else None), end
    if character == "{":
        end = _after_braces(source, place)
        return (_expression(source[place + 1 : end - 1], source[place:end]) if source[end - 1] == "}" else None), end
    word = _WORD.match(source, place)
    return (_expression(word[0], word[0]), word.end()) if word else ("", place)


def _quoted(raw: str, quote: str) -> str:
    try:
        value = json.loads(f'"{raw}"') if quote == '"' else None
    except ValueError:
        value = None
    return html.unescape(value if isinstance(value, str) else re.sub(r"\\(.)", r"\1", raw, flags=re.DOTALL))


def _expression(inner: str, whole: str) -> Json:
    text = inner.strip()
    if _DECIMAL.fullmatch(text):
        return float(text) if "." in text else int(text[:4_000])
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return whole
