"""Makes edited prose safe: it must read back as this one cell and leave its neighbours alone (4.6)."""

from __future__ import annotations

import bisect
import re
from difflib import SequenceMatcher

from jupyter_posthog.document.blocks import EMPTY_PARAGRAPH, Block, parse_blocks
from jupyter_posthog.document.tag_ends import TAG_START
from jupyter_posthog.document.white_space import WHITE_SPACE, line_end_of, shown, split_lines, with_lf

_ANCHOR_AT_END = re.compile(r"(?:^|\n)[^\S\n]*<!--ph:[A-Za-z0-9._-]{1,128}-->[^\S\n]*$")


def safe_prose(source: str, *, known_raw: str = "") -> str:
    """Return the text to store for a markdown cell that was edited or is new.

    Args:
        known_raw: What was stored for this cell; lines of it that look dangerous stay as they are.
    """
    text = _trimmed(with_lf(source))
    if not text:
        return EMPTY_PARAGRAPH
    known_lines = set(with_lf(known_raw).split("\n"))
    text = _without_last_anchor(_escaped(text, known_lines))
    text = _closed(_with_single_blank_lines(text))
    return _with_stored_lines(text, known_raw) if known_raw and known_raw != with_lf(shown(known_raw)) else text


def _trimmed(text: str) -> str:
    lines = [line.text for line in split_lines(text)]
    while lines and not lines[0].strip(WHITE_SPACE):
        lines.pop(0)
    while lines and not lines[-1].strip(WHITE_SPACE):
        lines.pop()
    return "\n".join(lines)


def _escaped(text: str, known_lines: set[str]) -> str:
    """Put a backslash before each line that would become a component, or a note without an end, by accident."""
    lines = text.split("\n")
    blocks = parse_blocks(text)
    starts = _line_starts(text)
    for block in blocks:
        if block.kind in {"fence", "comment"}:
            continue
        for number in range(
            _line_number(starts, block.start), _line_number(starts, max(block.start, block.end - 1)) + 1
        ):
            line = lines[number]
            body = line.lstrip(WHITE_SPACE)
            is_tag = TAG_START.match(body) is not None
            if (is_tag and line not in known_lines) or (body.startswith("<!--") and not _is_note(body)):
                lines[number] = f"{line[: len(line) - len(body)]}\\{body}"
    return "\n".join(lines)


def _is_note(line: str) -> bool:
    return "-->" in line


def _line_starts(text: str) -> list[int]:
    return [line.start for line in split_lines(text)]


def _line_number(starts: list[int], position: int) -> int:
    return bisect.bisect_right(starts, position) - 1


def _without_last_anchor(text: str) -> str:
    """Drop an anchor line at the end: it would name the first block of the next cell."""
    while (found := _ANCHOR_AT_END.search(text)) is not None:
        text = text[: found.start()].rstrip(WHITE_SPACE)
    return text or EMPTY_PARAGRAPH


def _with_single_blank_lines(text: str) -> str:
    """Reduce two or more blank lines between blocks to one: they would start a new card, a new cell."""
    pieces: list[str] = []
    before: Block | None = None
    for block in parse_blocks(text):
        if before is not None:
            pieces.append("\n\n" if block.starts_card else text[before.end : block.start])
        pieces.append(text[block.start : block.end])
        before = block
    return "".join(pieces)


def _closed(text: str) -> str:
    """Close a fence that has no end: it would swallow every cell behind it."""
    blocks = parse_blocks(text)
    if not blocks or blocks[-1].is_closed:
        return text
    opener = text[blocks[-1].body_start :].lstrip(WHITE_SPACE)
    length = len(opener) - len(opener.lstrip("`"))
    return f"{text}\n{'`' * length}"


def _with_stored_lines(text: str, known_raw: str) -> str:
    """Give unchanged lines their stored characters back: CRLF and lone surrogates, which no editor holds."""
    stored = [(line.text, known_raw[line.end : line.next_start]) for line in split_lines(known_raw)]
    new_lines = text.split("\n")
    line_end = line_end_of(known_raw)
    kept: dict[int, tuple[str, str]] = {}
    matcher = SequenceMatcher(None, [shown(line) for line, _ in stored], new_lines, autojunk=False)
    for old, new, size in matcher.get_matching_blocks():
        kept.update({new + offset: stored[old + offset] for offset in range(size)})
    pieces = []
    for number, line in enumerate(new_lines):
        stored_line, stored_end = kept.get(number, (line, ""))
        is_last = number == len(new_lines) - 1
        pieces.append(stored_line + ("" if is_last else stored_end or line_end))
    return "".join(pieces)
