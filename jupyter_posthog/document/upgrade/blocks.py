"""Rich prose blocks as Markdown that PostHog itself reads (posthog-document.md 3.2, 3.9; 7.1, 7.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from jupyter_posthog.document.rich.text import attributes_of, comment_id, mark_kind
from jupyter_posthog.document.upgrade.inline import inline_lines, one_line, safe_lines
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.upgrade.runs import readable_marks
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE, length_utf16, with_lf

EMPTY = " "
_LANGUAGE = re.compile(r"[^\s`]+")
_FENCE_REFERENCE = re.compile(r"[A-Za-z0-9_-]+")
TAG_LIKE = re.compile(r"\s*\\?<[A-Z]")


class Piece(NamedTuple):
    """One block of the new text.

    Attributes:
        is_tag: Whether it is a component, a cell of its own.
        starts_card: Whether it is a heading, with which a new cell begins (design.md §4).
        node_number: Of the top-level node it comes from.
    """

    text: str
    is_tag: bool = False
    starts_card: bool = False
    node_number: int = 0


#: Writes any node as blocks; given to those that hold other nodes.
WriteNode = Callable[[JsonValue, Losses], list[Piece]]


def paragraph_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a paragraph; an empty one is a line of one space (3.1)."""
    losses.add_keys(attributes_of(node), (), "a paragraph")
    lines = inline_lines(node.get("content"), losses)
    return [Piece("\n".join(safe_lines(lines)) or EMPTY)]


def heading_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a heading of one line."""
    attributes = attributes_of(node)
    losses.add_keys({name: value for name, value in attributes.items() if value is not False}, {"level"}, "a heading")
    given = attributes.get("level", 1)
    level = min(6, max(1, given)) if isinstance(given, int) and not isinstance(given, bool) else 1
    if level != given:
        losses.add(f"the heading level {given}")
    return [Piece(f"{'#' * level} {one_line(node.get('content'), losses, 'heading')}", starts_card=True)]


def rule_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a divider."""
    losses.add_keys(attributes_of(node), (), "a divider")
    return [Piece("---")]


def code_pieces(node: JsonObject, losses: Losses) -> list[Piece]:
    """Return a block of code; what PostHog's server would take for a live cell in it, as lines of code (3.2, 4.6)."""
    attributes = attributes_of(node)
    losses.add_keys(attributes, {"language"}, "a block of code")
    language = attributes.get("language") or ""
    words = language.split(" ") if isinstance(language, str) else [""]
    if language and not all(_LANGUAGE.fullmatch(word) and not word.startswith("ref=") for word in words):
        losses.add(f"the language {language} of a block of code")
        language = ""
    code, references = _code_of(node.get("content"), losses)
    if not is_fence_for_server(code):
        losses.add("a block of code that PostHog's server would not see as one, kept as lines of code")
        return [Piece("\n".join(inline_lines(_lines_of_code(code.split("\n")), losses)))]
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    info = " ".join([part for part in (str(language), *references) if part])
    return [Piece(f"{fence}{info}\n{code}\n{fence}" if code else f"{fence}{info}\n{fence}")]


def is_fence_for_server(code: str) -> bool:
    """Whether the server, which ends a fence at any line that starts with three back-ticks, runs nothing of it."""
    lines = code.split("\n")
    ends = sum(line.strip().startswith("```") for line in lines)
    return ends == 0 or (ends % 2 == 0 and not any(map(TAG_LIKE.match, lines)))


def _lines_of_code(lines: list[str]) -> list[JsonValue]:
    content: list[JsonValue] = []
    for line in lines:
        content += [{"type": "text", "text": line, "marks": [{"type": "code"}]}, {"type": "hardBreak"}]
    return content[:-1]


def _code_of(content: JsonValue, losses: Losses) -> tuple[str, list[str]]:
    """Return the code, and the anchors of discussions as the opening line of a fence holds them (3.2)."""
    parts: list[str] = []
    references: list[str] = []
    start = 0
    for child in content if isinstance(content, list) else []:
        text = child.get("text") if isinstance(child, dict) and name_of(child) == "text" else None
        if name_of(child) == "hardBreak":
            text = "\n"
        elif not isinstance(child, dict) or not isinstance(text, str):
            losses.add(f"{name_of(child)} in a block of code")
            continue
        end = start + length_utf16(with_lf(text))
        references += _references(child, start, end, losses)
        parts.append(with_lf(text))
        start = end
    return "".join(parts), references


def _references(text_node: JsonValue, start: int, end: int, losses: Losses) -> list[str]:
    found = []
    for mark in readable_marks(text_node, losses):
        anchor = comment_id(mark) if mark_kind(mark) == "comment" else None
        if anchor is not None and _FENCE_REFERENCE.fullmatch(anchor):
            losses.anchor(anchor)
            found.append(f"ref={anchor}:{start}-{end}")
        else:
            losses.add(f"the mark {mark_kind(mark)} in a block of code")
    return found


def quote_pieces(node: JsonObject, losses: Losses, write: WriteNode) -> list[Piece]:
    """Return a quote of text; what is no text stands behind it, out of the quote (3.9)."""
    losses.add_keys(attributes_of(node), (), "a quote")
    return _quoted(node, losses, write, [])


def callout_pieces(node: JsonObject, losses: Losses, write: WriteNode) -> list[Piece]:
    """Return a callout as PostHog converts it: a quote that begins with its emoji (3.9)."""
    attributes = attributes_of(node)
    losses.add_keys(attributes, {"emoji"}, "a callout")
    losses.add("a callout, kept as a quote")
    emoji = attributes.get("emoji")
    return _quoted(node, losses, write, [emoji] if isinstance(emoji, str) and emoji.strip(WHITE_SPACE) else [])


def _quoted(node: JsonObject, losses: Losses, write: WriteNode, first_words: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    lines: list[str] = []
    for child in children_of(node, losses):
        inner = write(child, losses)
        if name_of(child) == "paragraph" and not inner[0].is_tag:
            if lines:
                losses.add("the border between two paragraphs of a quote")
                lines.append(">")
            lines += _quote_lines(first_words, inner[0].text)
            first_words = []
        else:
            losses.add(f"{name_of(child)} inside a quote, taken out of it")
            pieces += [*as_piece(lines), *inner]
            lines = []
    if not pieces and not lines:
        lines = _quote_lines(first_words, "")
    return [*pieces, *as_piece(lines)]


def _quote_lines(first_words: list[str], text: str) -> list[str]:
    return [f"> {line}".rstrip(" ") for line in " ".join([*first_words, text]).split("\n")]


def as_piece(lines: list[str]) -> list[Piece]:
    """Return the block of some lines; none where there are none."""
    return [Piece("\n".join(lines))] if lines else []


def plain_type(node: JsonObject) -> str:
    """Return a node's type in PostHog's own spelling: imports write ``bullet_list`` (2.2)."""
    kind = node.get("type")
    if not isinstance(kind, str):
        return ""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), kind) if not kind.startswith("ph-") else kind


def children_of(node: JsonValue, losses: Losses) -> list[JsonValue]:
    """Return a node's children; what is no list of them is named."""
    content = node.get("content") if isinstance(node, dict) else None
    if content is not None and not isinstance(content, list):
        losses.add("content that is no list")
    return content if isinstance(content, list) else []


def name_of(node: JsonValue) -> str:
    """Return a node's type for a phrase."""
    kind = node.get("type") if isinstance(node, dict) else None
    return kind if isinstance(kind, str) and kind else "a value that is no node"
