"""Fences, headings, tables and lists as the browser reads them (posthog-document.md 3.2 rows 1, 6, 7 and 8)."""

from __future__ import annotations

import re
from itertools import takewhile

from tests.document.readers.browser_lines import SPACES, rest_after_space, trimmed
from tests.document.readers.browser_lists import is_list_line, read_items
from tests.document.readers.browser_model import BrowserBlock, Found
from tests.document.readers.browser_tables import split_row, starts_row, starts_table

_HEADING_MARKER = re.compile(r"#{1,6}(?!#)")
_FENCE = re.compile(r"`{3,}")
_CODE_ANCHOR = re.compile(r"ref=[A-Za-z0-9_-]+:[0-9]+-[0-9]+")


def read_fence(texts: list[str], index: int) -> Found | None:
    opener = trimmed(texts[index])
    fence = _FENCE.match(opener)
    if fence is None:
        return None
    code = list(takewhile(lambda line: not _closes_fence(line, fence.end()), texts[index + 1 :]))
    block = BrowserBlock(kind="code", text="\n".join(code), language=_language(opener[fence.end() :]))
    return Found(block, min(len(code) + 2, len(texts) - index))


def _closes_fence(line: str, opener_length: int) -> bool:
    line = trimmed(line)
    return len(line) >= opener_length and not line.strip("`")


def _language(info: str) -> str | None:
    tokens = re.split(rf"[{re.escape(SPACES)}]+", trimmed(info))
    return " ".join(token for token in tokens if not _CODE_ANCHOR.fullmatch(token)) or None


def read_heading(texts: list[str], index: int) -> Found | None:
    """Read a heading, whose ``#`` stands in column 0."""
    marker = _HEADING_MARKER.match(texts[index])
    text = rest_after_space(texts[index][marker.end() :]) if marker else None
    if marker is None or text is None:
        return None
    return Found(BrowserBlock(kind="heading", text=text, level=marker.end()), 1)


def read_table(texts: list[str], index: int) -> Found | None:
    if index + 1 == len(texts) or not starts_table(texts[index], texts[index + 1]):
        return None
    body = list(takewhile(starts_row, texts[index + 2 :]))
    source = [*texts[index : index + 2], *body]
    rows = tuple(split_row(row) for row in (texts[index], *body))
    return Found(BrowserBlock(kind="table", text="\n".join(source), rows=rows), len(source))


def read_list(texts: list[str], index: int) -> Found | None:
    """Read a list; without a readable item it still takes the line, whose text is lost (N6)."""
    if not is_list_line(texts[index]):
        return None
    items = tuple(read_items(texts[index:]))
    line_count = max(1, len(items))
    return Found(BrowserBlock(kind="list", text="\n".join(texts[index : index + line_count]), items=items), line_count)
