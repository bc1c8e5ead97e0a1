"""Tags that the server's conversion writes for widgets (posthog-document.md 2.5, 3.5, 3.9, D3, D16, D17)."""

from __future__ import annotations

import json
import re
from typing import Any

Json = Any
# The six newest widgets have no entry: they become unknown nodes (D3).
_TAGS = {
    "ph-query": "Query",
    "ph-recording": "Recording",
    "ph-recording-playlist": "RecordingPlaylist",
    "ph-feature-flag": "FeatureFlag",
    "ph-feature-flag-code-example": "FeatureFlagCodeExample",
    "ph-experiment": "Experiment",
    "ph-early-access-feature": "EarlyAccessFeature",
    "ph-survey": "Survey",
    "ph-person": "Person",
    "ph-person-feed": "PersonFeed",
    "ph-person-properties": "PersonProperties",
    "ph-properties": "PersonProperties",
    "ph-group": "Group",
    "ph-group-properties": "GroupProperties",
    "ph-related-groups": "RelatedGroups",
    "ph-cohort": "Cohort",
    "ph-embed": "Embed",
    "ph-latex": "Latex",
    "ph-map": "Map",
    "ph-task-create": "TaskCreate",
    "ph-llm-trace": "LLMTrace",
    "ph-issues": "Issues",
    "ph-usage-metrics": "UsageMetrics",
    "ph-customer-journey": "CustomerJourney",
    "ph-zendesk-tickets": "ZendeskTickets",
    "ph-support-tickets": "SupportTickets",
    "ph-backlink": "Backlink",
    "ph-replay-timestamp": "ReplayTimestamp",
}
_PROP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SHELL = frozenset({"showFilters", "hideResults", "showResults"})


def mapped_tag(kind: str, attrs: dict[str, Json]) -> str | None:
    """Return the tag of a widget that Markdown notebooks know, None for every other node."""
    name = _TAGS.get(kind)
    return write_tag(name, attrs) if name else None


def unknown_tag(kind: str, attrs: dict[str, Json]) -> str:
    """Return the tag that keeps a node whole that Markdown notebooks do not know."""
    return write_tag("UnknownNode", {"nodeType": kind, **attrs} if kind else attrs)


def write_tag(name: str, attrs: dict[str, Json]) -> str:
    """Write one tag on one line: the shell's properties first, all others in their order."""
    props = _shell(attrs)
    props += [
        _prop(key, _revived(value))
        for key, value in attrs.items()
        if _PROP_NAME.fullmatch(key) and not _is_shell(attrs, key)
    ]
    return " ".join([f"<{name}", *props, "/>"])


def _is_shell(attrs: dict[str, Json], key: str) -> bool:
    # A text ``view`` is an ordinary property; a boolean one is an old way to hide results (3.5).
    return key in _SHELL or (key in {"view", "edit"} and isinstance(attrs[key], bool))


def _shell(attrs: dict[str, Json]) -> list[str]:
    shows_filters = attrs.get("showFilters") is True or attrs.get("edit") is True
    is_hidden = attrs.get("showResults") is False or attrs.get("view") is False
    hides_results = attrs.get("hideResults") is True or is_hidden
    return ["showFilters"] * shows_filters + ["hideResults"] * hides_results


def _revived(value: Json) -> Json:
    """Return the object or list that a text holds as JSON, whatever the attribute (D17)."""
    if not isinstance(value, str) or value.strip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _prop(name: str, value: Json) -> str:
    if value is True:
        return name
    if isinstance(value, str):
        return f"{name}={to_json(value)}"
    return f"{name}={{{to_json(value)}}}"


def to_json(value: Json) -> str:
    """Write JSON as the server does: no white space, letters of every script as they are, whole floats as integers."""
    return json.dumps(_whole(value), ensure_ascii=False, separators=(",", ":"))


def _whole(value: Json) -> Json:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value
