"""What a rich block means, and what PostHog's browser reads: both in one form, for tests that compare them."""

from __future__ import annotations

import json
from typing import Any

from jupyter_posthog.document.code_cells import NODE_LANGUAGES
from jupyter_posthog.document.white_space import with_lf
from tests.document.readers.browser_inline import read_inline
from tests.document.readers.browser_lines import SPACES
from tests.document.readers.browser_model import BrowserBlock

_BLANK = SPACES + "\x1c\x1d\x1e\x1f\x85"
_LISTS = {"bulletList": "bullet", "bullet_list": "bullet", "orderedList": "ordered", "taskList": "bullet"}
_TAGS = {
    "ph-query": "Query",
    "ph-recording": "Recording",
    "ph-latex": "Latex",
    "ph-image": "Image",
    "ph-action": "Action",
}


def has_structure(node: Any) -> bool:
    """Whether the node means itself: not code cells, and not old blocks that become other ones."""
    kind = node["type"]
    return not isinstance(kind, str) or kind not in {*NODE_LANGUAGES, "ph-text", "ph-link", "ph-insight"}


def structure_read(block: BrowserBlock) -> list[Any]:
    match block.kind:
        case "component":
            return ["tag", block.tag_name, block.props]
        case "heading":
            return ["heading", block.level, _shown(block.text)]
        case "code":
            return ["code", block.language, block.text]
        case "list":
            items = [[item.depth, item.number, item.is_done, _shown(item.text)] for item in block.items]
            return ["list", items]
        case "table":
            return ["table", [[_shown(cell) for cell in row] for row in block.rows]]
        case "empty":
            return ["paragraph", ""]
    return [block.kind, _shown(block.text)]


def structure_meant(node: Any) -> list[list[Any]]:
    """Return the blocks that a node means; only for nodes of which nothing is lost."""
    kind, attributes, content = node["type"], node.get("attrs") or {}, node.get("content") or []
    if kind in _LISTS:
        return [["list", _items(node, 0)]] if content else []
    match kind:
        case "paragraph":
            return [["paragraph", _plain(content)]] if _plain(content) else []
        case "heading":
            return [["heading", attributes["level"], _plain(content)]]
        case "codeBlock":
            return [["code", attributes["language"], "".join(with_lf(child["text"]) for child in content)]]
        case "horizontalRule":
            return [["tag", "Divider", {}]]
        case "blockquote":
            return [["blockquote", _plain([inline for child in content for inline in child.get("content") or []])]]
        case "table":
            return [["table", [[_plain(cell["content"]) for cell in row["content"]] for row in content]]]
    return [_tag_meant(kind, attributes)]


def _tag_meant(kind: Any, attributes: dict[str, Any]) -> list[Any]:
    held = {
        name: _revived(value) if name == "query" else value for name, value in attributes.items() if value is not None
    }
    if kind in _TAGS:
        return ["tag", _TAGS[kind], held]
    return ["tag", "UnknownNode", {"nodeType": kind, **held}]


def _revived(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value
    except ValueError:
        return value


def _items(node: Any, depth: int) -> list[Any]:
    items: list[Any] = []
    start = (node.get("attrs") or {}).get("start") or 1
    for number, item in enumerate(node["content"], start=start):
        first = item["content"][:1]
        is_text = bool(first) and first[0]["type"] == "paragraph"
        shown = _plain(first[0].get("content") or []) if is_text else ""
        is_task = item["type"] == "taskItem"
        is_ordered = _LISTS[node["type"]] == "ordered" and not is_task
        done = item["attrs"]["checked"] if is_task else None
        items.append([depth, number if is_ordered else None, done, shown])
        for nested in item["content"][1 if is_text else 0 :]:
            items += _items(nested, depth + 1)
    return items


def _plain(content: Any) -> str:
    """Return the letters of inline content, without white space."""
    letters = ""
    for node in content:
        if "content" in node:
            letters += _plain(node["content"])
        letters += "@member" if node["type"] == "ph-mention" else node.get("text", "")
    return "".join(letter for letter in letters if letter not in _BLANK)


def _shown(source: str) -> str:
    return "".join(letter for run in read_inline(source) for letter in run.text if letter not in _BLANK)
