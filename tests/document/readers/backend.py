"""Component tags of a document as the server's walker sees them ("S" in posthog-document.md, section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.document.readers.backend_props import BackendValue
from tests.document.readers.backend_tags import WalkedTag, read_tag_at

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_ANCHOR = re.compile(r"<!--ph:([A-Za-z0-9._-]{1,128})-->")
_FENCE = "```"


@dataclass(frozen=True, kw_only=True, slots=True)
class BackendTag:
    """One component tag; the server runs it where its name says so and it has a node id."""

    name: str
    props: dict[str, BackendValue]
    has_prop_errors: bool
    node_id: str | None
    """The ``nodeId`` prop, else the anchor above (D4); None where the server derives a hash."""
    start: int
    """UTF-16 units before the tag's first line."""
    end: int
    """As the server reports it: one short at the end of a text, one long before a CRLF (D1)."""


def read_tags(markdown: str) -> list[BackendTag]:
    """Read every component tag outside fences; notes hide none.

    Raises:
        ValueError: A number has more than 4,300 digits: the server fails for the whole document (N3).
        RecursionError: Lists or objects are nested too deeply for the server (N3).
    """
    lines, offsets = _lines_with_offsets(markdown)
    tags: list[BackendTag] = []
    anchor: str | None = None
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        if line.startswith(_FENCE):
            index, anchor = _behind_fence(lines, index), None
            continue
        tag = read_tag_at(lines, index)
        next_index = index + (tag.line_count if tag else 1)
        if tag is not None:
            tags.append(_placed(tag, anchor=anchor, start=offsets[index], end=offsets[next_index] - 1))
        anchor = _next_anchor(line, anchor)
        index = next_index
    return tags


def _next_anchor(line: str, anchor: str | None) -> str | None:
    """Keep an anchor over blank lines, one-space lines too; any other line uses it up (D5)."""
    if not line:
        return anchor
    found = _ANCHOR.fullmatch(line)
    return found[1] if found else None


def _placed(tag: WalkedTag, *, anchor: str | None, start: int, end: int) -> BackendTag:
    node_id = tag.props.values.get("nodeId")
    return BackendTag(
        name=tag.name,
        props=tag.props.values,
        has_prop_errors=tag.props.has_errors,
        node_id=node_id if isinstance(node_id, str) else anchor,
        start=start,
        end=end,
    )


def _behind_fence(lines: list[str], index: int) -> int:
    """Go behind the next line which starts with three back-ticks, however long the opener was."""
    closers = (later for later in range(index + 1, len(lines)) if lines[later].strip().startswith(_FENCE))
    return next(closers, len(lines) - 1) + 1


def _lines_with_offsets(markdown: str) -> tuple[list[str], list[int]]:
    """Split at CRLF, lone CR and LF; there is one offset more than lines: the length of the text."""
    lines: list[str] = []
    offsets = [0]
    for line in _LINE.findall(markdown):
        lines.append(line.rstrip("\r\n"))
        offsets.append(offsets[-1] + len(line.encode("utf-16-le", "surrogatepass")) // 2)
    return lines, offsets
