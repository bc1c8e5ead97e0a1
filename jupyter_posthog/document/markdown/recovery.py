"""Tags of several lines that an older save damaged by escaping them; the newest readers take them as tags again.

Source: posthog-document.md 3.2 row 5b, 3.4; 7.1 D13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from jupyter_posthog.document.markdown.tag_ends import LONGEST_TAG, MOST_LINES, find_tag_end
from jupyter_posthog.document.markdown.tags import parse_tag
from jupyter_posthog.document.white_space import Lines, with_lf

_ESCAPE = re.compile(r"\\([\\`*_~\[\]()<>#+\-.|!•])")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
_LINE_END_OF_TAG = re.compile(r"/\\?>|</")


def unescaped(text: str) -> str:
    """Return a text without the backslashes that inline Markdown needs (3.3)."""
    return _ESCAPE.sub(r"\1", text)


def ends_on_its_line(line: str) -> bool:
    """Whether an escaped tag's own line holds its end, so that there is nothing to recover."""
    return find_tag_end(unescaped(line), 0) is not None


def find_recovered_end(text: str, start: int) -> int | None:
    """Return where the escaped tag that starts here ends; None where it is only text that looks like one."""
    window = "".join(islice(_with_line_ends(text, start), MOST_LINES))
    if _LINE_END_OF_TAG.search(window) is None:
        return None
    lines = Lines(window)
    raw = unescaped(with_lf(window))
    end = find_tag_end(raw, 0)
    tag = parse_tag(raw[:end]) if end is not None else None
    last = raw.count("\n", 0, end)
    return start + lines.ends[last] if last and tag is not None and tag.is_clean else None


def _with_line_ends(text: str, start: int) -> Iterator[str]:
    for found in _LINE.finditer(text, start, min(len(text), start + 2 * LONGEST_TAG)):
        yield found[0]
