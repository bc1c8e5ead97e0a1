"""Text with marks as the browser reads it (posthog-document.md 3.3, D6, D7, D9, N15, N20)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from tests.document.readers.browser_lines import DOT_STOPS, ESCAPABLE, SPACES, trimmed

MarkKind: TypeAlias = Literal["code", "bold", "italic", "underline", "strike", "link", "mention", "ref"]

_INNERMOST_FIRST: tuple[MarkKind, ...] = ("code", "bold", "italic", "underline", "strike", "link", "mention", "ref")
_EMPHASIS: tuple[tuple[str, MarkKind], ...] = (
    ("**", "bold"),
    ("__", "bold"),
    ("~~", "strike"),
    ("*", "italic"),
    ("_", "italic"),
)
_SPACE = f"[{re.escape(SPACES)}]"
_DOT = f"[^{DOT_STOPS}]"
_QUOTED_ID = rf"\"((?:[^\"\\]|\\{_DOT})*)\"|'((?:[^'\\]|\\{_DOT})*)'"
_INLINE_TAG = re.compile(rf"<(ref|mention){_SPACE}+id=(?:{_QUOTED_ID}){_SPACE}*>")
_ID_ESCAPE = re.compile(rf"\\({_DOT})")
_CODE_ESCAPE = re.compile(r"\\([\\`])")
_NO_SPACE = f"[^{re.escape(SPACES)}]"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^<>^|%:@\[\]/\\?#]+)"
_WEB_ADDRESS = re.compile(
    rf"(?={_NO_SPACE}+\Z)https?://[/\\]*(?:[^@/\\?#]*@)*{_HOST}(?::([0-9]*))?(?:[/\\?#].*)?", re.IGNORECASE | re.DOTALL
)
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark; ``value`` is the address of a link, the id of a mention or a ref."""

    kind: MarkKind
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with equal marks, innermost first; a hard break is the text ``\\n`` without marks."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def is_break(self) -> bool:
        """Say whether this is a hard break; no other run holds a newline except in code."""
        return self.text == "\n" and not self.marks


class _Span(NamedTuple):
    """A construct found at a place: its inner source, the mark it adds, where reading goes on."""

    inner: str
    mark: Mark | None
    end: int


def read_inline(text: str) -> list[Run]:
    """Read the inline source of a paragraph, heading, item, quote or cell."""
    return _normalised(_runs(text, ()))


def _runs(text: str, marks: tuple[Mark, ...]) -> Iterator[Run]:
    place = 0
    while place < len(text):
        if text[place] == "\n":
            yield Run("\n")
            place += 1
            continue
        span = _span_at(text, place)
        if span is None:
            is_escape = text[place] == "\\" and text[place + 1 : place + 2] in ESCAPABLE
            yield Run(text[place + 1] if is_escape else text[place], marks)
            place += 2 if is_escape else 1
            continue
        inner_marks = marks if span.mark is None else (*marks, span.mark)
        if span.mark == Mark("code"):
            yield Run(_CODE_ESCAPE.sub(r"\1", span.inner), inner_marks)
        else:
            yield from _runs(span.inner, inner_marks)
        place = span.end


def _normalised(runs: Iterator[Run]) -> list[Run]:
    """Drop empty runs, join equal neighbours, keep one of several breaks, and one mark of each kind (the outer)."""
    result: list[Run] = []
    for run in runs:
        run = Run(run.text, _canonical(run.marks))
        last = result[-1] if result else Run("")
        if not run.text or (run.is_break and last.is_break):
            continue
        if result and run.marks == last.marks and not run.is_break and not last.is_break:
            result[-1] = Run(last.text + run.text, run.marks)
        else:
            result.append(run)
    return result


def _canonical(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    outermost: dict[MarkKind, Mark] = {}
    for mark in marks:
        outermost.setdefault(mark.kind, mark)
    return tuple(outermost[kind] for kind in _INNERMOST_FIRST if kind in outermost)


def _span_at(text: str, place: int) -> _Span | None:
    for read in _SPAN_READERS.get(text[place], ()):
        span = read(text, place)
        if span is not None:
            return span
    return None


def _read_emphasis(text: str, place: int) -> _Span | None:
    for delimiter, kind in _EMPHASIS:
        if text.startswith(delimiter, place) and _can_open(text, place, delimiter):
            start = place + len(delimiter)
            end = _emphasis_end(text, delimiter, start)
            # The first delimiter that can open decides for this place: the italic of ``**x*`` starts one later.
            return None if end is None else _Span(text[start:end], Mark(kind), end + len(delimiter))
    return None


def _can_open(text: str, place: int, delimiter: str) -> bool:
    following = text[place + len(delimiter) : place + len(delimiter) + 1]
    if not following or following in SPACES or (len(delimiter) == 1 and following == delimiter):
        return False
    return delimiter[0] != "_" or place == 0 or not _is_alphanumeric(text[place - 1])


def _emphasis_end(text: str, delimiter: str, start: int) -> int | None:
    end = _find_outside_code(text, delimiter, start)
    while end is not None:
        following = text[end + len(delimiter) : end + len(delimiter) + 1]
        is_closed_word = delimiter[0] != "_" or not _is_alphanumeric(following)
        if end > start and text[end - 1] not in SPACES and is_closed_word:
            return end
        end = _find_outside_code(text, delimiter, end + 1)
    return None


def _is_alphanumeric(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _read_code(text: str, place: int) -> _Span | None:
    end = _find_unescaped(text, "`", place + 1)
    return None if end is None else _Span(text[place + 1 : end], Mark("code"), end + 1)


def _read_underline(text: str, place: int) -> _Span | None:
    if not text.startswith("<u>", place):
        return None
    end = _find_outside_code(text, "</u>", place + 3)
    return None if end is None else _Span(text[place + 3 : end], Mark("underline"), end + 4)


def _read_inline_tag(text: str, place: int) -> _Span | None:
    opener = _INLINE_TAG.match(text, place)
    if opener is None:
        return None
    kind: MarkKind = "ref" if opener[1] == "ref" else "mention"
    tag_id = _ID_ESCAPE.sub(r"\1", opener[2] or opener[3] or "")
    end = _find_outside_code(text, f"</{kind}>", opener.end())
    if end is None or not tag_id:
        return None
    return _Span(text[opener.end() : end], Mark(kind, tag_id), end + len(kind) + 3)


def _read_link(text: str, place: int) -> _Span | None:
    label_end = _find_outside_code(text, "](", place + 1)
    address = None if label_end is None else _read_address(text, label_end + 2)
    if label_end is None or address is None:
        return None
    href, end = address
    mark = Mark("link", trimmed(href)) if _is_web_address(trimmed(href)) else None
    return _Span(text[place + 1 : label_end], mark, end)


def _read_address(text: str, place: int) -> tuple[str, int] | None:
    """Read up to the bracket that closes: inner ones balance, escapes are undone."""
    depth = 0
    href: list[str] = []
    while place < len(text):
        if text[place] == "\\" and text[place + 1 : place + 2] in ESCAPABLE:
            href.append(text[place + 1])
            place += 2
            continue
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth < 0:
            return "".join(href), place + 1
        href.append(text[place])
        place += 1
    return None


def _is_web_address(href: str) -> bool:
    """Say whether a link is kept; of the browser's own address check only host and port are modelled."""
    address = _WEB_ADDRESS.fullmatch(href)
    return address is not None and int(address[1] or 0) <= _HIGHEST_PORT


def _find_outside_code(text: str, token: str, start: int) -> int | None:
    """Find a token that stands in no code span, counting spans from ``start``."""
    while (found := _find_unescaped(text, token, start)) is not None:
        code_start = _find_unescaped(text, "`", start)
        code_end = None if code_start is None else _find_unescaped(text, "`", code_start + 1)
        if code_start is None or code_start > found or code_end is None:
            return found
        start = code_end + 1
    return None


def _find_unescaped(text: str, token: str, start: int) -> int | None:
    """Find a token with an even number of backslashes before it."""
    found = text.find(token, start)
    while found >= 0:
        first_backslash = found
        while first_backslash > 0 and text[first_backslash - 1] == "\\":
            first_backslash -= 1
        if (found - first_backslash) % 2 == 0:
            return found
        found = text.find(token, found + 1)
    return None


_SpanReader: TypeAlias = Callable[[str, int], _Span | None]

_SPAN_READERS: dict[str, tuple[_SpanReader, ...]] = {
    "*": (_read_emphasis,),
    "_": (_read_emphasis,),
    "~": (_read_emphasis,),
    "<": (_read_underline, _read_inline_tag),
    "`": (_read_code,),
    "[": (_read_link,),
}
