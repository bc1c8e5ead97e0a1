"""The stored shapes of a document (posthog-document.md 1)."""

from __future__ import annotations

import json
from typing import Any

Json = Any
WRAPPER_TYPE = "ph-markdown-notebook"


def markdown_of(content: Json) -> str | None:
    """Return the text of a Markdown notebook, None for every other document (posthog-document.md 1.1)."""
    nodes = content.get("content") if isinstance(content, dict) else None
    node = nodes[0] if isinstance(nodes, list) and len(nodes) == 1 else None
    if not isinstance(node, dict) or node.get("type") != WRAPPER_TYPE:
        return None
    text = (node.get("attrs") or {}).get("markdown") if isinstance(node.get("attrs"), dict) else None
    return text if isinstance(text, str) else None


def wrap_markdown(text: str) -> Json:
    """Return the wrapper of a Markdown notebook."""
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": text}
    return {"type": "doc", "content": [{"type": WRAPPER_TYPE, "attrs": attributes}]}


def nodes_of(content: Json) -> list[dict[str, Json]]:
    """Return the top-level nodes of a rich document in any of its stored shapes (posthog-document.md 1.2)."""
    nodes = content.get("content") if isinstance(content, dict) else content
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def decoded(content: Json) -> Json:
    """Return a document, read again as often as it is a JSON string of one (posthog-document.md 1.2)."""
    while isinstance(content, str) and content.strip()[:1] in {"{", "[", '"'}:
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return content
    return content
