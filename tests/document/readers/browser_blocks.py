"""Blocks of a document as the M3 browser reads them (posthog-document.md 3.1, 3.2, section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from tests.document.readers.browser_components import (
    read_comment_block,
    read_divider_block,
    read_escaped_tag_block,
    read_image_block,
    read_tag_block,
)
from tests.document.readers.browser_lines import is_blank, split_lines, trimmed
from tests.document.readers.browser_model import BrowserBlock, Found
from tests.document.readers.browser_prose import read_fence, read_heading, read_list, read_table
from tests.document.readers.browser_quotes import read_quote

__all__ = ["BrowserBlock", "read_blocks"]

_ReadBlock: TypeAlias = Callable[[list[str], int], Found | None]

_EMPTY_PARAGRAPH_LINE = " "
_ANCHOR = re.compile(r"<!--ph:([A-Za-z0-9._-]{1,128})-->")

_BEFORE_RECOVERY: tuple[_ReadBlock, ...] = (
    read_fence,
    read_image_block,
    read_divider_block,
    read_comment_block,
    read_tag_block,
)
_AFTER_RECOVERY: tuple[_ReadBlock, ...] = (read_heading, read_table, read_list, read_quote)


def read_blocks(markdown: str) -> list[BrowserBlock]:
    """Read a whole document.

    An anchor with no block below it is forgotten.

    Raises:
        RecursionError: Some 20,000 nested lists or objects in a prop; the browser throws as well (N3).
    """
    lines = split_lines(markdown)
    texts = [line.text for line in lines]
    blocks: list[BrowserBlock] = []
    blank_lines, anchor, index = 0, None, 0
    while index < len(texts):
        text = texts[index]
        if is_blank(text) and text != _EMPTY_PARAGRAPH_LINE:
            blank_lines, index = blank_lines + 1, index + 1
            continue
        if found_anchor := _ANCHOR.fullmatch(trimmed(text)):
            anchor, index = found_anchor[1], index + 1
            continue
        found = _read_block(texts, index)
        next_index = index + found.line_count
        starts_group = bool(blocks) and blank_lines > 1
        placed = replace(found.block, start=lines[index].start, end=lines[next_index - 1].end)
        blocks.append(replace(placed, starts_group=starts_group, anchor=anchor))
        blank_lines, anchor, index = 0, None, next_index
    return blocks


def _read_block(texts: list[str], index: int) -> Found:
    for read in (_read_empty_paragraph, *_BEFORE_RECOVERY, read_escaped_tag_block, *_AFTER_RECOVERY):
        found = read(texts, index)
        if found is not None:
            return found
    return _read_paragraph(texts, index)


def _read_empty_paragraph(texts: list[str], index: int) -> Found | None:
    if texts[index] != _EMPTY_PARAGRAPH_LINE:
        return None
    return Found(BrowserBlock(kind="empty"), 1)


def _read_paragraph(texts: list[str], index: int) -> Found:
    """Read lines up to a blank one or another block; an escaped tag does not end it (D13)."""
    end = index + 1
    while end < len(texts) and not is_blank(texts[end]) and not _starts_other_block(texts, end):
        end += 1
    return Found(BrowserBlock(kind="paragraph", text="\n".join(texts[index:end])), end - index)


def _starts_other_block(texts: list[str], index: int) -> bool:
    return any(read(texts, index) is not None for read in (*_BEFORE_RECOVERY, *_AFTER_RECOVERY))
