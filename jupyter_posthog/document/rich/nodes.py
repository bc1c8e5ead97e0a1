"""Widget nodes of a rich document in the form of tags, and back (posthog-document.md 2.5, 3.8)."""

from __future__ import annotations

import re

from jupyter_posthog.document.markdown.tags import parse_tag, written_tag
from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.values import JsonObject, JsonValue, canonical

UNKNOWN, INSIGHT = "UnknownNode", "Insight"
CONTENT = "nodeContent"  # what stands inside of a block that PostHog's Markdown cannot say
_PROP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# The four last ones are newer than PostHog's own conversion, which does not know them (7.1 D3).
_SPECIAL_NAMES = {
    "ph-llm-trace": "LLMTrace",
    "ph-early-access-feature": "EarlyAccessFeature",
    "ph-dashboard-widget": "Dashboard",
    "ph-action": "Action",
    "ph-workflow": "Workflow",
    "ph-error-tracking-issue": "ErrorTrackingIssue",
}
_KNOWN = (
    "query recording recording-playlist feature-flag feature-flag-code-example experiment survey person person-feed "
    "person-properties group group-properties related-groups cohort image embed latex map task-create issues "
    "usage-metrics customer-journey zendesk-tickets support-tickets backlink replay-timestamp"
)
TAG_OF_NODE = {f"ph-{name}": "".join(word.capitalize() for word in name.split("-")) for name in _KNOWN.split()}
TAG_OF_NODE |= _SPECIAL_NAMES
NODE_OF_TAG = {tag: node for node, tag in TAG_OF_NODE.items()}


def node_tag(node: JsonValue) -> str:
    """Return a node as a tag with all its attributes; what is no widget we know is an ``UnknownNode``.

    Values stay in their stored encoding: a string that holds JSON is shown as that string (2.4).
    """
    attributes = {name: value for name, value in attributes_of(node).items() if _PROP_NAME.fullmatch(name)}
    node_type = node.get("type") if isinstance(node, dict) else None
    name = TAG_OF_NODE.get(node_type) if isinstance(node_type, str) else None
    if name is not None:
        return written_tag(name, attributes)
    content = node.get("content") if isinstance(node, dict) else None
    inside = {} if content is None else {CONTENT: content}
    return written_tag(UNKNOWN, {"nodeType": node_type, **attributes, **inside})


def node_of_tag(text: str) -> JsonObject | None:
    """Return the node that a tag's text stands for; None where a rich notebook has no such component."""
    tag = parse_tag(text)
    if tag is None or not tag.is_clean:
        return None
    attributes: JsonObject = {prop.name: prop.value for prop in tag.props}
    if tag.name == UNKNOWN:
        return _unknown_node(attributes) if tag.has("nodeType") else None
    if tag.name == INSIGHT:
        # Rich notebooks know a saved insight as a query (2.5; 2.8 turns the older ph-insight into one).
        query: JsonObject = {"kind": "SavedInsightNode", "shortId": attributes.pop("id", None)}
        return {"type": "ph-query", "attrs": {**attributes, "query": query}}
    node_type = NODE_OF_TAG.get(tag.name)
    return None if node_type is None else {"type": node_type, "attrs": attributes}


def _unknown_node(attributes: JsonObject) -> JsonObject:
    node_type, content = attributes.pop("nodeType", None), attributes.pop(CONTENT, None)
    node: JsonObject = {"type": node_type}
    if attributes or content is None:
        node["attrs"] = attributes
    return node if content is None else {**node, "content": content}


def is_said_by_its_tag(node: JsonValue) -> bool:
    """Whether the node comes back whole from its tag; if not, it is kept but cannot be edited here."""
    return canonical(node_of_tag(node_tag(node))) == canonical(node)
