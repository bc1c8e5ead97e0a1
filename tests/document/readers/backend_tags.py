"""Where a component tag ends for the server's walker (posthog-document.md 3.4, N1, N2, D10, D11, D13, D14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.document.readers.backend_props import BackendProps, read_backend_props

_LINE_LIMIT = 1_000
_MULTI_LINE_CHARACTER_LIMIT = 256 * 1024  # Code points here, UTF-16 units in the browser (D14).

_REST_OF_LINE = r"[^\S\n]*(?=\n|\Z)"  # Python's white space: U+0085 yes, U+FEFF no (N2).
_TAG_START = re.compile(r"<([A-Z][A-Za-z0-9]*)[\s/>]")
_PROSE_ESCAPE = re.compile(r"\\([\\`*_~\[\]()<>#+\-.|!•])")
_TOKEN = re.compile(
    rf"""
    "[^"\\]*(?:\\.[^"\\]*)*" | '[^'\\]*(?:\\.[^'\\]*)*'   # a whole value, backslashes counted in pairs
    | (?P<unclosed>["'])
    | (?P<brace>[{{}}])
    | (?P<end>/>){_REST_OF_LINE}
    | (?P<text_behind>/>)
    | (?P<body>>)
    | (?P<blank_line>\n){_REST_OF_LINE}
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkedTag:
    """A tag, its props as far as they can be read, and how many lines it takes."""

    name: str
    props: BackendProps
    line_count: int


def read_tag_at(lines: list[str], index: int) -> WalkedTag | None:
    """Read the tag of a line; without an end it is looked for in that line alone, so later lines live on (D11)."""
    line = lines[index].strip()
    if _TAG_START.match(line) is not None:
        return _walked(_region(lines, index)) or _tag_in_line(line)
    if line.startswith("\\") and _TAG_START.match(line, 1) is not None:
        return _recovered(_region(lines, index))
    return None


def _region(lines: list[str], index: int) -> str:
    return "\n".join(lines[index : index + _LINE_LIMIT]).lstrip()


def _recovered(region: str) -> WalkedTag | None:
    """Undo an older save's escapes: right only for a multi-line tag without errors (row 5b)."""
    tag = _walked(_PROSE_ESCAPE.sub(r"\1", region[1:]))
    return tag if tag is not None and tag.line_count > 1 and not tag.props.has_errors else None


def _tag_in_line(line: str) -> WalkedTag | None:
    """Take a whole line as a tag by its text only, for instance around a quote that never closes (D10)."""
    start = _TAG_START.match(line)
    if start is None:
        return None
    if line.endswith("/>"):
        source, has_end = line[start.end(1) : -2], True
    else:
        inner = line[start.end(1) :].removesuffix(f"</{start[1]}>")
        source, opener, _ = inner.partition(">")
        has_end = bool(opener) and len(inner) < len(line) - start.end(1)
    return WalkedTag(name=start[1], props=read_backend_props(source), line_count=1) if has_end else None


def _walked(region: str) -> WalkedTag | None:
    """Walk from a tag's start to its end outside quotes and braces."""
    start = _TAG_START.match(region)
    if start is None:
        return None
    ends = _ends(region, start[1])
    if ends is None:
        return None
    props_end, tag_end = ends
    line_count = region.count("\n", 0, tag_end) + 1
    if line_count > 1 and tag_end > _MULTI_LINE_CHARACTER_LIMIT:
        return None
    return WalkedTag(name=start[1], props=read_backend_props(region[start.end(1) : props_end]), line_count=line_count)


def _ends(region: str, name: str) -> tuple[int, int] | None:
    """Find where the props end and where the tag ends."""
    depth = 0
    for token in _TOKEN.finditer(region, len(name) + 1):
        if token["unclosed"]:
            return None
        if token["brace"]:
            depth = max(0, depth + (1 if token["brace"] == "{" else -1))
        elif depth == 0 and token["blank_line"]:
            return None
        elif depth == 0 and token["end"]:
            return token.start(), token.end("end")
        elif depth == 0 and token["body"]:
            tag_end = _body_end(region, name, token.end())
            return None if tag_end is None else (token.start(), tag_end)
    return None


def _body_end(region: str, name: str, start: int) -> int | None:
    """Find the closing tag that ends its line, unless a blank line comes first (N13)."""
    stop = re.compile(rf"(</{name}>){_REST_OF_LINE}|\n{_REST_OF_LINE}").search(region, start)
    return None if stop is None or not stop[1] else stop.end(1)
