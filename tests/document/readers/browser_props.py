"""Props of a tag as the browser reads them (posthog-document.md 3.5, N3, N4)."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from tests.document.readers.browser_lines import SPACES, trimmed

PropValue: TypeAlias = "bool | int | float | str | list[PropValue] | dict[str, PropValue] | None"

ENTITIES = (("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""In this order: ``&amp;lt;`` stays ``&lt;``, since ``&amp;`` comes last."""

_LARGEST_EXACT_INTEGER = 2**53
_BROWSER_STACK_FRAMES = 20_000  # JSON.parse reads 3,000 nested lists and throws at 100,000 (N3).
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WORD_STOPS = frozenset(SPACES + "/>")
_WORDS: dict[str, PropValue] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Props:
    """What was read before the first error, and after an error that did not lose the place."""

    values: dict[str, PropValue]
    has_errors: bool


class _PropError(Exception):
    """A value has no end."""


def read_props(source: str) -> Props:
    """Read all that stands between a tag's name and its end."""
    values: dict[str, PropValue] = {}
    place = _past_space(source, 0)
    while place < len(source):
        name = _NAME.match(source, place)
        if name is None:
            return Props(values=values, has_errors=True)
        try:
            value, place = _read_assigned(source, _past_space(source, name.end()))
        except _PropError:
            return Props(values=values, has_errors=True)
        if name.group() != "__proto__":  # Setting it on a JavaScript object adds no key (N4).
            values[name.group()] = value
        place = _past_space(source, place)
    return Props(values=values, has_errors=False)


def _past_space(source: str, place: int) -> int:
    while place < len(source) and source[place] in SPACES:
        place += 1
    return place


def _read_assigned(source: str, place: int) -> tuple[PropValue, int]:
    """Read what follows a name; a name without ``=`` is true."""
    if source[place : place + 1] != "=":
        return True, place
    place = _past_space(source, place + 1)
    opener = source[place : place + 1]
    if opener in ('"', "'"):
        return _read_quoted(source, place)
    if opener == "{":
        end = _brace_end(source, place)
        return _expression_value(source[place:end]), end
    end = place
    while end < len(source) and source[end] not in _WORD_STOPS:
        end += 1
    return _expression_value(source[place:end]), end


def _read_quoted(source: str, start: int) -> tuple[PropValue, int]:
    """Read to the next quote of the same kind that no backslash takes along."""
    quote = source[start]
    place = start + 1
    plain: list[str] = []
    while place < len(source) and source[place] != quote:
        if source[place] == "\\" and place + 1 < len(source):
            place += 1
        plain.append(source[place])
        place += 1
    if place >= len(source):
        raise _PropError
    end = place + 1
    value = _json_string(source[start:end])
    return decode_entities("".join(plain) if value is None else value), end


def _json_string(literal: str) -> str | None:
    """Parse a double-quoted literal as JSON; None sends the whole value to the rule "backslash + char is char"."""
    if literal[0] != '"':
        return None
    try:
        value = parse_json(literal)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def decode_entities(text: str) -> str:
    """Decode the six entities the browser knows."""
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def _brace_end(source: str, start: int) -> int:
    """Find where the braces balance.

    The browser's trap: inside a string, a quote after *any* backslash does not close, so ``{["C:\\\\"]}`` has no end.
    """
    depth = 0
    quote = ""
    for place in range(start, len(source)):
        character = source[place]
        if quote:
            if character == quote and source[place - 1] != "\\":
                quote = ""
        elif character in "\"'":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return place + 1
    raise _PropError


def _expression_value(written: str) -> PropValue:
    """Read a bare word or a text in braces; what is no value stays text, with its braces."""
    written = trimmed(written)
    inner = trimmed(written[1:-1]) if written.startswith("{") and written.endswith("}") else written
    if inner in _WORDS:
        return _WORDS[inner]
    if _PLAIN_NUMBER.fullmatch(inner):
        return _number(inner)
    try:
        return parse_json(inner)
    except ValueError:
        return written


def parse_json(text: str) -> PropValue:
    """Parse like ``JSON.parse``: no NaN, no Infinity, every number a double."""
    with _deep_stack():
        value: PropValue = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_refuse)
    return value


def _number(digits: str) -> int | float:
    """Give the double JavaScript holds; whole ones as int as long as doubles count them one by one."""
    value = float(digits)
    if value.is_integer() and abs(value) <= _LARGEST_EXACT_INTEGER:
        return int(value)
    return value


def _refuse(constant: str) -> PropValue:
    raise ValueError(constant)


@contextmanager
def _deep_stack() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _BROWSER_STACK_FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
