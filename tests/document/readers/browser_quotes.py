"""Quoted lines as the browser reads them: lists, tags, headings, else text (posthog-document.md 3.2 row 9, D12)."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from tests.document.readers.browser_components import tag_or_its_text
from tests.document.readers.browser_lines import SPACES, trimmed, trimmed_start
from tests.document.readers.browser_lists import is_list_line, read_items
from tests.document.readers.browser_model import BrowserBlock, Found
from tests.document.readers.browser_prose import read_heading
from tests.document.readers.browser_tags import LINE_LIMIT, starts_tag


def read_quote(texts: list[str], index: int) -> Found | None:
    """Read quoted lines of one kind."""
    if not _is_quoted(texts[index]):
        return None
    lines = list(takewhile(_is_quoted, texts[index:]))
    if _is_list_line(lines[0]):
        return _read_quoted_list(lines)
    if _is_tag_line(lines[0]):
        return tag_or_its_text([_without_markers(line) for line in lines[:LINE_LIMIT]])
    heading = _read_quoted_heading(lines[0])
    if heading is not None:
        return heading
    quote = [_without_marker(line) for line in takewhile(_is_text_line, lines)]
    return Found(BrowserBlock(kind="blockquote", text="\n".join(quote), is_quoted=True), len(quote))


def _is_quoted(line: str) -> bool:
    return trimmed(line).startswith(">")


def _is_list_line(line: str) -> bool:
    return is_list_line(_without_marker(line))


def _is_tag_line(line: str) -> bool:
    return starts_tag(_without_markers(line))


def _is_text_line(line: str) -> bool:
    return not (_is_list_line(line) or _is_tag_line(line) or _read_quoted_heading(line))


def _read_quoted_list(lines: list[str]) -> Found:
    source = [_without_marker(line) for line in takewhile(_is_list_line, lines)]
    items = tuple(read_items(source))
    line_count = max(1, len(items))
    block = BrowserBlock(kind="list", text="\n".join(source[:line_count]), items=items, is_quoted=True)
    return Found(block, line_count)


def _read_quoted_heading(line: str) -> Found | None:
    """Read a heading behind a quote marker; its own line end is kept, for an empty heading ends in white space."""
    found = read_heading([_behind_marker(trimmed_start(line))], 0)
    return None if found is None else Found(replace(found.block, is_quoted=True), 1)


def _without_marker(line: str) -> str:
    return _behind_marker(trimmed(line))


def _without_markers(line: str) -> str:
    """Take all markers off: a tag is found behind nested ones too."""
    while _is_quoted(line):
        line = _without_marker(line)
    return line


def _behind_marker(line: str) -> str:
    """Take off the marker in column 0 and at most one white space after it."""
    inner = line[1:]
    return inner[1:] if inner and inner[0] in SPACES else inner
