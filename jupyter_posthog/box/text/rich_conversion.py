"""Rich documents to Markdown, with the losses of PostHog's own server (posthog-document.md 1.2, 3.9 and 7)."""

from __future__ import annotations

import re
from typing import Any

from jupyter_posthog.box.text.documents import decoded, markdown_of
from jupyter_posthog.box.text.rich_inlines import (
    UnconvertibleDocument,
    attrs_of,
    children_of,
    comment_ids,
    escaped_lines,
    inline_text,
    link,
)
from jupyter_posthog.box.text.rich_lists import LISTS, list_blocks
from jupyter_posthog.box.text.rich_tags import mapped_tag, unknown_tag, write_tag

Json = Any
_INLINE = frozenset({"text", "hardBreak", "hard_break"})
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def rich_to_markdown(content: Json) -> str:
    """Return the Markdown that PostHog makes of a stored document of any shape.

    Raises:
        UnconvertibleDocument: PostHog's conversion fails for it.
    """
    document = decoded(content)
    if isinstance(document, str):
        return document
    text = markdown_of(document)
    if text is not None:
        return text
    if isinstance(document, list):
        document = {"type": "doc", "content": document}
    if not isinstance(document, dict):
        return ""
    try:
        return "\n\n".join(_document_blocks(document))
    except RecursionError as error:
        raise UnconvertibleDocument("nesting") from error


def _document_blocks(document: dict[str, Json]) -> list[str]:
    """Return the blocks of a document; discussions stand above the block where they begin."""
    blocks: list[str] = []
    seen: set[str] = set()
    for node in children_of(document):
        for comment_id in comment_ids(node):
            if comment_id not in seen:
                seen.add(comment_id)
                blocks.append(write_tag("Comment", {"ref": comment_id, "replies": []}))
        blocks += _blocks(node)
    return blocks


def _blocks(node: dict[str, Json]) -> list[str]:
    """Return a node as blocks; what comes out blank is dropped."""
    return [block for block in _written(node) if block.strip()]


def _written(node: dict[str, Json]) -> list[str]:
    kind = node.get("type") if isinstance(node.get("type"), str) else ""
    if kind in LISTS:
        return list_blocks(node, _blocks)
    if kind == "blockquote":
        return _quote(node)
    block = _simple_block(str(kind), node)
    return [block] if block is not None else _other(str(kind), node)


def _simple_block(kind: str, node: dict[str, Json]) -> str | None:
    """Return the block of a node that becomes exactly one, None for every other."""
    attrs = attrs_of(node)
    if kind == "heading":
        return f"{'#' * _level(attrs.get('level'))} {inline_text(node)}"
    if kind == "paragraph":
        return escaped_lines(inline_text(node))
    if kind in _INLINE:
        return escaped_lines(inline_text({"content": [node]}))
    if kind in {"codeBlock", "code_block"}:
        return _fence(node)
    if kind == "table":
        return _table(node)
    if kind in {"horizontalRule", "horizontal_rule"}:
        return "---"
    if kind == "callout":
        return _callout(node)
    return _legacy_block(kind, node)


def _legacy_block(kind: str, node: dict[str, Json]) -> str | None:
    attrs = attrs_of(node)
    if kind == "ph-image":
        return _image(attrs)
    if kind == "ph-text":
        return str(attrs.get("body") or "")
    if kind == "ph-insight":
        short_id = attrs.get("id") or attrs.get("short_id")
        return write_tag("Query", {"query": {"kind": "SavedInsightNode", "shortId": short_id}})
    if kind == "query":
        return write_tag("Query", attrs | {"query": _shown_query(decoded(attrs.get("query")))})
    if kind == "ph-dashboard":
        return escaped_lines(f"Dashboard {attrs.get('id')}")
    if kind == "ph-link":
        label = inline_text(node)
        return escaped_lines(link(label or str(attrs.get("href") or ""), attrs.get("href")))
    return None


def _other(kind: str, node: dict[str, Json]) -> list[str]:
    """A widget's tag; else the children alone, or a tag that keeps the whole leaf."""
    tag = mapped_tag(kind, attrs_of(node))
    if tag is not None:
        return [tag]
    if children_of(node):
        return [block for child in children_of(node) for block in _blocks(child)]
    return [unknown_tag(kind, attrs_of(node))]


def _level(value: Json) -> int:
    return min(max(value, 1), 6) if isinstance(value, int) else 1


def _quote(node: dict[str, Json]) -> list[str]:
    """Return a quote: paragraphs and simple lists line by line, everything else breaks out of it."""
    blocks: list[str] = []
    lines: list[str] = []
    for child in children_of(node):
        quotable = _quotable(child)
        if quotable is not None:
            lines += [f"> {line}" for line in quotable.split("\n")]
            continue
        blocks += ["\n".join(lines)] if lines else []
        lines = []
        blocks += _blocks(child)
    return [*blocks, "\n".join(lines)] if lines else blocks


def _quotable(node: dict[str, Json]) -> str | None:
    if node.get("type") == "paragraph":
        return escaped_lines(inline_text(node))
    if node.get("type") not in LISTS:
        return None
    blocks = list_blocks(node, _blocks)
    return blocks[0] if len(blocks) == 1 else None


def _callout(node: dict[str, Json]) -> str:
    emoji = attrs_of(node).get("emoji")
    text = "\n\n".join(block for child in children_of(node) for block in _blocks(child))
    shown = f"{emoji} {text}" if isinstance(emoji, str) and emoji else text
    return "\n".join(f"> {line}" for line in shown.split("\n"))


def _fence(node: dict[str, Json]) -> str:
    code = "".join(
        "\n" if child.get("type") == "hardBreak" else str(child.get("text") or "") for child in children_of(node)
    )
    runs = re.findall(r"`+", code)
    fence = "`" * max(3, max(map(len, runs), default=0) + 1)
    language = attrs_of(node).get("language")
    return f"{fence}{language if isinstance(language, str) else ''}\n{code}\n{fence}"


def _table(node: dict[str, Json]) -> str:
    """Return a table; its first row is the header, whatever it was."""
    rows = [[_cell(cell) for cell in children_of(row)] for row in children_of(node)]
    if not rows:
        return ""
    header, *others = rows
    return "\n".join(_row(row) for row in [header, ["---"] * len(header), *others])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(node: dict[str, Json]) -> str:
    text = " ".join(block for child in children_of(node) for block in _blocks(child))
    return _UNESCAPED_PIPE.sub(r"\\|", re.sub(r"\s*\n\s*", " ", text))


def _image(attrs: dict[str, Json]) -> str:
    source, text = attrs.get("src"), attrs.get("alt")
    if not isinstance(source, str) or not source:
        return ""
    shown = re.sub(r"[\\\]]", r"\\\g<0>", text) if isinstance(text, str) else ""
    address = re.sub(r"[\\)]", r"\\\g<0>", source)
    return f"![{shown}]({address})"


def _shown_query(query: Json) -> Json:
    is_plain = isinstance(query, dict) and query.get("kind") == "HogQLQuery"
    return {"kind": "DataVisualizationNode", "source": query} if is_plain else query
