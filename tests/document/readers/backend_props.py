"""Props of a tag as the server reads them (posthog-document.md 3.5, D10, N2, N3, N4)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

BackendValue: TypeAlias = "bool | int | float | str | list[BackendValue] | dict[str, BackendValue] | None"

_NESTING_LIMIT = 900  # Where the server was seen to fail under Python's default limit (N3).

_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_-]*)(\s*=\s*)?")
_QUOTED = re.compile(r""""[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'""", re.DOTALL)
_WORD = re.compile(r"[^\s/>]*")
_IN_BRACES = re.compile(rf"{_QUOTED.pattern}|(?P<unclosed>[\"'])|(?P<brace>[{{}}])", re.DOTALL)
_ANY_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")  # Any Unicode digit is a digit here (N3).
_STRING_OR_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_WORDS: dict[str, BackendValue] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class BackendProps:
    """What was read before the first error."""

    values: dict[str, BackendValue]
    has_errors: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Assigned:
    value: BackendValue
    end: int
    is_unterminated: bool = False


def read_backend_props(source: str) -> BackendProps:
    """Read props up to the first error; a value without an end is None (D10)."""
    values: dict[str, BackendValue] = {}
    place = 0
    while name := _NAME.match(source, place):
        assigned = _read_value(source, name.end()) if name[2] else _Assigned(value=True, end=name.end())
        values[name[1]] = assigned.value
        if assigned.is_unterminated:
            return BackendProps(values=values, has_errors=True)
        place = assigned.end
    return BackendProps(values=values, has_errors=bool(source[place:].strip()))


def _read_value(source: str, start: int) -> _Assigned:
    opener = source[start : start + 1]
    if opener == "{":
        return _read_braces(source, start)
    if opener in ('"', "'"):
        return _read_quoted(source, start)
    end = start + len(_matched(_WORD, source, start))
    return _Assigned(value=_expression(source[start:end]), end=end)


def _matched(pattern: re.Pattern[str], source: str, start: int) -> str:
    found = pattern.match(source, start)
    return found[0] if found else ""


def _read_quoted(source: str, start: int) -> _Assigned:
    literal = _matched(_QUOTED, source, start)
    if not literal:
        return _Assigned(value=None, end=len(source), is_unterminated=True)
    text = _json_string(literal)
    if text is None:
        text = _ANY_ESCAPE.sub(r"\1", literal[1:-1])
    return _Assigned(value=html.unescape(text), end=start + len(literal))


def _json_string(literal: str) -> str | None:
    if literal.startswith("'"):
        return None
    try:
        return str(json.loads(literal))
    except ValueError:
        return None


def _read_braces(source: str, start: int) -> _Assigned:
    """Read balanced braces; quotes inside close where JSON closes them."""
    depth = 0
    for token in _IN_BRACES.finditer(source, start):
        if token["unclosed"]:
            break
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
            if depth == 0:
                return _Assigned(value=_expression(source[start : token.end()]), end=token.end())
    return _Assigned(value=None, end=len(source), is_unterminated=True)


def _expression(written: str) -> BackendValue:
    """Read a bare word or a text in braces.

    Raises:
        ValueError: A plain number has more digits than Python converts (N3).
    """
    written = written.strip()
    inner = written[1:-1].strip() if written.startswith("{") and written.endswith("}") else written
    if inner in _WORDS:
        return _WORDS[inner]
    number = _NUMBER.fullmatch(inner)
    if number is not None:
        return float(inner) if number[1] else int(inner)
    if max(accumulate(_nesting_steps(inner)), default=0) >= _NESTING_LIMIT:
        raise RecursionError
    try:
        value: BackendValue = json.loads(inner)
    except ValueError:
        return written
    return value


def _nesting_steps(text: str) -> Iterator[int]:
    for token in _STRING_OR_NESTING.finditer(text):
        if token[0] in "[{":
            yield 1
        elif token[0] in "]}":
            yield -1
