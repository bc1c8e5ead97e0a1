"""What an embedded component of PostHog is, in words: for pages that cannot draw it.

Addresses are those of PostHog's front end (frontend/src/scenes/urls.ts of PostHog/posthog), as in
``src/cells/pageAddress.ts``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from jupyter_posthog.document.markdown.tags import Tag, parse_tag
from jupyter_posthog.document.values import JsonValue

#: The format of raw cells that hold one component.
COMPONENT_FORMAT = "text/x-posthog-component"

# By tag: where the object is in PostHog, and which property names it there.
_PLACES = {
    "Recording": ("replay", "id"),
    "FeatureFlag": ("feature_flags", "id"),
    "FeatureFlagCodeExample": ("feature_flags", "id"),
    "Experiment": ("experiments", "id"),
    "EarlyAccessFeature": ("early_access_features", "id"),
    "Survey": ("surveys", "id"),
    "Cohort": ("cohorts", "id"),
    "Dashboard": ("dashboard", "id"),
    "Insight": ("insights", "id"),
    "Action": ("data-management/actions", "id"),
    "ErrorTrackingIssue": ("error_tracking", "id"),
    "Person": ("persons", "id"),
    "PersonFeed": ("persons", "id"),
    "PersonProperties": ("persons", "id"),
    "RecordingPlaylist": ("replay/playlists", "id"),
    "ReplayTimestamp": ("replay", "sessionRecordingId"),
}
_OF_GROUPS = {"Group", "GroupProperties", "RelatedGroups"}
_NUMBERED = {"FeatureFlag", "FeatureFlagCodeExample", "Experiment", "Cohort", "Dashboard", "Action"}
_NAMES = {"LLMTrace": "LLM trace"}
_SHOWN = ("id", "key", "distinctId", "groupTypeIndex", "view", "src", "content", "question", "description", "nodeType")
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedCard:
    """One component.

    Attributes:
        kind: What it is, for people: ``Feature flag``.
        title: Empty where it has none.
        facts: Names and values that tell it from others of its kind.
        place: Where it is in PostHog, below the project; empty where that is not known.
        source: The address of a foreign page that it shows, as somebody wrote it.
    """

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    place: str
    source: str


def embed_card(text: str) -> EmbedCard | None:
    """Return what a component's tag says; None where the text is no tag."""
    tag = parse_tag(text.strip())
    if tag is None:
        return None
    facts = ((name, _shown(tag.value(name))) for name in _SHOWN if tag.has(name))
    return EmbedCard(
        kind=_kind(tag),
        title=tag.text("title") or "",
        facts=tuple((name, value) for name, value in facts if value),
        place=_place(tag),
        source=tag.text("src") or "",
    )


def _kind(tag: Tag) -> str:
    query = tag.value("query")
    if tag.name == "Query":
        kind = query.get("kind") if isinstance(query, dict) else None
        inner = query.get("source") if isinstance(query, dict) else None
        if isinstance(inner, dict):
            kind = inner.get("kind")
        return _words(kind.removesuffix("Node")) if isinstance(kind, str) else "Query"
    return _NAMES.get(tag.name) or _words(tag.name)


def _words(name: str) -> str:
    """Return ``FeatureFlag`` as people write it."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return words[:1].upper() + re.sub(r"\b([A-Z])(?=[a-z])", lambda found: found[1].lower(), words[1:])


def _place(tag: Tag) -> str:
    query = tag.value("query")
    if tag.name == "Query" and isinstance(query, dict) and isinstance(query.get("shortId"), str):
        return f"insights/{quote(str(query['shortId']), safe='')}"
    if tag.name in _OF_GROUPS:
        parts = [_shown(tag.value(name)) for name in ("groupTypeIndex", "id")]
        return "/".join(["groups", *(quote(part, safe="") for part in parts)]) if all(parts) else ""
    folder, name = _PLACES.get(tag.name, ("", ""))
    value = _shown(tag.value(name)) if folder else ""
    if not value or (tag.name in _NUMBERED and not (value.isascii() and value.isdigit())):
        return ""
    return f"{folder}/{quote(value, safe='')}"


def _shown(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)
    return text if len(text) <= _LONGEST_FACT else f"{text[:_LONGEST_FACT]}…"
