"""One block of PostHog's Markdown (posthog-document.md 3.1, 3.2)."""

from __future__ import annotations

import re
from typing import NamedTuple

from jupyter_posthog.document.markdown.tags import Tag

EMPTY_PARAGRAPH = " "
ANCHOR = re.compile(r"<!--ph:([A-Za-z0-9._-]{1,128})-->")


class Block(NamedTuple):
    """One block; a named tuple, for a document has thousands of them.

    Attributes:
        kind: ``fence``, ``image``, ``divider``, ``comment``, ``tag``, ``heading``, ``table``, ``list``, ``quote``,
            ``paragraph`` or ``empty`` (a line of exactly one space).
        start: Where its text begins, its anchor line included.
        starts_card: Whether two or more blank lines stand before it.
        body_start: Where its text begins without the anchor line; for a tag in a quote, where the tag begins.
        is_closed: False for a fence that reaches the end of the text without its closing line.
        anchor: The id that an anchor line gives it.
        tag: What was read of a tag on one line; None where that takes a second look.
    """

    kind: str
    start: int
    end: int
    starts_card: bool
    body_start: int
    is_closed: bool = True
    anchor: str | None = None
    tag: Tag | None = None
