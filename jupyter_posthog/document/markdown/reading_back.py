"""Reads a written Markdown notebook back before it is sent: no cell may have swallowed another one.

Text that was stored long ago, such as a note without an end, is not touched; what is put behind it could end up
inside it (posthog-document.md 4.10 step 5, P6, P11).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import MOST_RECOVERIES, each_block
from jupyter_posthog.document.markdown.recovery import find_recovered_end
from jupyter_posthog.document.white_space import SERVER_WHITE_SPACE, SPACE_IN_LINE

_ESCAPED_TAG = re.compile(rf"(?:\A|[\r\n])[{SPACE_IN_LINE}{SERVER_WHITE_SPACE}]*\\<(?=[A-Z])")


class PlacedText(NamedTuple):
    """The text of one cell at its place in the whole."""

    start: int
    end: int
    is_prose: bool


def find_swallowed(text: str, places: Sequence[PlacedText]) -> int | None:
    """Return the number of the first cell that would not come back as it was meant; None where all do.

    Args:
        places: Of each cell, rising.
    """
    blocks = each_block(text)
    block = next(blocks, None)
    for number, place in enumerate(places):
        own: list[Block] = []
        while block is not None and block.start < place.end:
            own.append(block)
            block = next(blocks, None)
        if not own or own[0].start < place.start:
            return number
        if own[-1].end > place.end:
            return min(number + 1, len(places) - 1)
        if not _is_as_meant(own, place, number > 0 and places[number - 1].is_prose):
            return number
    return None


def find_recovered(text: str, places: Sequence[PlacedText], known_text: str) -> int | None:
    """Return the number of the first cell of prose that PostHog's server would read a live cell into (7.1 D13).

    It takes an escaped tag of several lines as one that an older save damaged, also inside of a paragraph.

    Args:
        known_text: What is stored already; a tag that stands there is not new.
    """
    for found in islice(_ESCAPED_TAG.finditer(text), MOST_RECOVERIES):
        start = found.end() - 2
        end = find_recovered_end(text, start)
        if end is None or text[start:end] in known_text:
            continue
        return next((number for number, place in enumerate(places) if place.is_prose and start < place.end), None)
    return None


def _is_as_meant(blocks: Sequence[Block], place: PlacedText, follows_prose: bool) -> bool:
    if not place.is_prose:
        return len(blocks) == 1 and blocks[0].kind == "tag" and blocks[0].end == place.end
    return blocks[0].starts_card or not follows_prose
