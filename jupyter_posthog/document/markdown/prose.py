"""Makes edited prose safe: it must read back as this one cell and leave its neighbours alone (4.6).

Blocks that a person did not touch keep their stored characters.
"""

from __future__ import annotations

import re

from jupyter_posthog.document.alignment import aligned
from jupyter_posthog.document.markdown.block import ANCHOR, EMPTY_PARAGRAPH, Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.tags import parse_tag
from jupyter_posthog.document.not_writable import NotWritable
from jupyter_posthog.document.white_space import (
    SERVER_WHITE_SPACE,
    SPACE,
    WHITE_SPACE,
    Lines,
    line_end_of,
    shown,
    with_lf,
)

#: Tags that belong to the prose around them (posthog-document.md 4.4).
PROSE_TAGS = frozenset({"Comment", "Prompt", "Image", "Divider"})
# What one of PostHog's two readers takes as the start of a tag, with or without a quote marker (7.1 D12, 7.2 N2).
_TAG_LIKE = re.compile(
    rf"(?P<before>[{SPACE}{SERVER_WHITE_SPACE}]*(?:>[{SPACE}{SERVER_WHITE_SPACE}]*)?)"
    rf"(?P<tag><[A-Z][A-Za-z0-9]*[>/{SPACE}{SERVER_WHITE_SPACE}])"
)
_OPEN_NOTE = re.compile(rf"(?P<before>[{SPACE}]*)(?P<tag><!--)(?!.*-->)")
_TAG_IN_NOTE = re.compile(rf"(?P<line_end>\n){_TAG_LIKE.pattern}")
_LINE_SEPARATORS = re.compile("[\u2028\u2029]")


def safe_prose(source: str, *, known_raw: str = "") -> str:
    """Return the text to store for a markdown cell that was edited or is new.

    Args:
        known_raw: What was stored for this cell; blocks of it stay as they are.

    Raises:
        NotWritable: A part of it would become a component whatever is done.
    """
    text = _without_last_anchor(_trimmed(with_lf(source)))
    if not text:
        return EMPTY_PARAGRAPH
    known_text = with_lf(shown(known_raw))
    safe = _trimmed(_as_one_card(_joined(text, known_text))) or EMPTY_PARAGRAPH
    _refuse_components(safe, known_text)
    return safe if known_raw == known_text else _with_stored_lines(safe, known_raw)


def closing_fence(text: str) -> str:
    """Return the line that a fence at the end of a text needs to end; empty where none is open."""
    blocks = parse_blocks(text)
    if not blocks or blocks[-1].is_closed:
        return ""
    opener = text[blocks[-1].body_start :].lstrip(WHITE_SPACE)
    return "`" * (len(opener) - len(opener.lstrip("`")))


def _trimmed(text: str) -> str:
    lines = Lines(text)
    filled = [number for number, trimmed in enumerate(lines.trimmed) if trimmed]
    return "\n".join(lines.texts[filled[0] : filled[-1] + 1]) if filled else ""


def _without_last_anchor(text: str) -> str:
    """Drop anchor lines at the end: they would name the first block of the next cell."""
    lines = Lines(text)
    last = len(lines.texts)
    while last and (not lines.trimmed[last - 1] or ANCHOR.fullmatch(lines.trimmed[last - 1])):
        last -= 1
    blocks = parse_blocks(text)
    end = blocks[-1].end if blocks else 0
    return text[: max(end, lines.ends[last - 1])] if last else ""


def _joined(text: str, known_text: str) -> str:
    """Write known blocks as they are, the others safely."""
    blocks = parse_blocks(text)
    texts = [text[block.start : block.end] for block in blocks]
    known = {new for _, new in aligned([known_text[b.start : b.end] for b in parse_blocks(known_text)], texts)}
    pieces: list[str] = []
    end = 0
    for number, block in enumerate(blocks):
        pieces += [text[end : block.start], texts[number] if number in known else _safe_block(texts[number], block)]
        end = block.end
    return "".join(pieces)


def _as_one_card(text: str) -> str:
    """Leave no two blank lines between two blocks: a new cell would begin there."""
    pieces: list[str] = []
    end = 0
    for number, block in enumerate(parse_blocks(text)):
        is_border = number > 0 and block.starts_card
        pieces.append("\n\n" if is_border else text[end : block.start])
        body = text[block.start : block.end]
        pieces.append(_without_gap(body) if is_border and block.anchor is not None else body)
        end = block.end
    return "".join(pieces)


def _without_gap(text: str) -> str:
    """Take out blank lines behind an anchor: they count as well, and would begin a new card (7.1 D5)."""
    lines = Lines(text)
    first = 0
    while first < len(lines.texts) and (not lines.trimmed[first] or ANCHOR.fullmatch(lines.trimmed[first])):
        first += 1
    anchors = [line for line, trimmed in zip(lines.texts[:first], lines.trimmed, strict=False) if trimmed]
    return "\n".join([*anchors, *lines.texts[first:]])


def _safe_block(text: str, block: Block) -> str:
    if block.kind == "fence":
        closer = closing_fence(text)
        return f"{text}\n{closer}" if closer else text
    if block.kind == "tag" and _is_prose_tag(text[block.body_start - block.start :]):
        return text
    if block.kind == "comment":
        return _TAG_IN_NOTE.sub(r"\g<line_end>\g<before>\\\g<tag>", text)  # the server knows no notes (5.2)
    return _LINE_SEPARATORS.sub(" ", "\n".join(map(_escaped, text.split("\n"))))


def _escaped(line: str) -> str:
    found = _TAG_LIKE.match(line) or _OPEN_NOTE.match(line)
    return line if found is None else f"{line[: found.start('tag')]}\\{line[found.start('tag') :]}"


def _is_prose_tag(text: str) -> bool:
    tag = parse_tag(text)
    return tag is not None and tag.is_clean and tag.name in PROSE_TAGS


def _refuse_components(text: str, known_text: str) -> None:
    for block in parse_blocks(text):
        raw = text[block.body_start : block.end]
        if block.kind == "tag" and raw not in known_text and not _is_prose_tag(raw):
            first_line = raw.split("\n", 1)[0][:60]
            raise NotWritable(f"PostHog would read “{first_line}” as a component; put it into a raw cell or a fence")


def _with_stored_lines(text: str, known_raw: str) -> str:
    """Give unchanged lines their stored characters back: CRLF and lone surrogates, which no editor holds."""
    known = Lines(known_raw)
    line_ends = [known_raw[end:start] for end, start in zip(known.ends, known.starts[1:], strict=False)] + [""]
    stored = [known_raw[start:end] for start, end in zip(known.starts, known.ends, strict=True)]
    new_lines = text.split("\n")
    new_end = line_end_of(known_raw)
    kept = {new: old for old, new in aligned([shown(line) for line in stored], new_lines)}
    pieces = []
    for number, line in enumerate(new_lines):
        old = kept.get(number)
        pieces.append(line if old is None else stored[old])
        if number < len(new_lines) - 1:
            pieces.append((line_ends[old] if old is not None else "") or new_end)
    return "".join(pieces)
