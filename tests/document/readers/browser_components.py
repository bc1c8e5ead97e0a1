"""Blocks the browser keeps as components: images, dividers, notes, tags (posthog-document.md 3.2 rows 2 to 5b)."""

from __future__ import annotations

import re
from itertools import takewhile

from tests.document.readers.browser_lines import DOT_STOPS, is_blank, trimmed, trimmed_start
from tests.document.readers.browser_model import BrowserBlock, Found
from tests.document.readers.browser_props import PropValue
from tests.document.readers.browser_tags import (
    LINE_LIMIT,
    Tag,
    read_damaged_tag,
    read_tag,
    starts_escaped_tag,
    starts_tag,
)

_DIVIDER = re.compile(r"-{3,}|\*{3,}|_{3,}")
_IMAGE = re.compile(rf"!\[((?:\\[^{DOT_STOPS}]|[^\]\\])*)\]\(((?:\\[^{DOT_STOPS}]|[^)\\])*)\)")
_IMAGE_ESCAPE = re.compile(r"\\([\\\])])")


def read_image_block(texts: list[str], index: int) -> Found | None:
    image = _IMAGE.fullmatch(trimmed(texts[index]))
    if image is None:
        return None
    alt, src = (_IMAGE_ESCAPE.sub(r"\1", value) for value in image.groups())
    return Found(BrowserBlock(kind="component", tag_name="Image", props={"alt": alt, "src": src}), 1)


def read_divider_block(texts: list[str], index: int) -> Found | None:
    if _DIVIDER.fullmatch(trimmed(texts[index])) is None:
        return None
    return Found(BrowserBlock(kind="component", tag_name="Divider"), 1)


def read_comment_block(texts: list[str], index: int) -> Found | None:
    """Read a note up to the first ``-->``, which must end its line."""
    if not trimmed(texts[index]).startswith("<!--"):
        return None
    lines = [trimmed_start(texts[index])[4:], *texts[index + 1 :]]
    for last, line in enumerate(lines):
        before, closer, after = line.partition("-->")
        if closer and not is_blank(after):
            return None
        if closer:
            props: dict[str, PropValue] = {"text": trimmed("\n".join([*lines[:last], before]))}
            return Found(BrowserBlock(kind="component", tag_name="Comment", props=props), last + 1)
    return None


def read_tag_block(texts: list[str], index: int) -> Found | None:
    if not starts_tag(texts[index]):
        return None
    return tag_or_its_text(texts[index : index + LINE_LIMIT])


def tag_or_its_text(lines: list[str]) -> Found:
    """Give the tag of the first line; where there is none, its text up to a blank line is one literal paragraph."""
    tag = read_tag(lines)
    if tag is not None:
        return _component(tag)
    literal = [lines[0], *takewhile(lambda line: not is_blank(line), lines[1:])]
    block = BrowserBlock(kind="paragraph", text=trimmed("\n".join(literal)), is_literal=True)
    return Found(block, len(literal))


def _component(tag: Tag) -> Found:
    has_errors = tag.props.has_errors
    block = BrowserBlock(kind="component", tag_name=tag.name, props=tag.props.values, has_prop_errors=has_errors)
    return Found(block, tag.line_count)


def read_escaped_tag_block(texts: list[str], index: int) -> Found | None:
    """Recover a tag an older save damaged (row 5b)."""
    if not starts_escaped_tag(texts[index]):
        return None
    first = trimmed_start(texts[index])[1:]
    tag = read_damaged_tag([first, *texts[index + 1 : index + LINE_LIMIT]])
    return None if tag is None else _component(tag)
