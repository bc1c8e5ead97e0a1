"""What PostHog checks and rewrites in the queries of ``ph-query`` nodes at a save (posthog-api.md 6.5)."""

from __future__ import annotations

from typing import Any

from jupyter_posthog.box.refusals import invalid
from jupyter_posthog.box.text.documents import WRAPPER_TYPE

Json = Any
# The kinds that stand as the source of another node; the list grows with PostHog's products.
_SOURCES = frozenset(
    """
    HogQLQuery TrendsQuery FunnelsQuery RetentionQuery PathsQuery PathsV2Query StickinessQuery LifecycleQuery
    CalendarHeatmapQuery FunnelCorrelationQuery FunnelsActorsQuery InsightActorsQuery StickinessActorsQuery
    ActorsQuery EventsQuery EventsNode ActionsNode PersonsNode SessionsTimelineQuery SessionsQuery GroupsQuery
    SessionAttributionExplorerQuery RevenueExampleEventsQuery RevenueExampleDataWarehouseTablesQuery
    RevenueAnalyticsMetricsQuery MarketingAnalyticsTableQuery ErrorTrackingQuery ErrorTrackingIssueCorrelationQuery
    ExperimentExposureQuery ExperimentFunnelsQuery ExperimentQuery ExperimentTrendsQuery LogsQuery RecordingsQuery
    TracesQuery TraceQuery UsageMetricsQuery VectorSearchQuery WebExternalClicksTableQuery WebGoalsQuery
    WebOverviewQuery WebStatsTableQuery WebVitalsPathBreakdownQuery WebVitalsQuery
    """.split()  # noqa: SIM905  # readable as words
)


def normalised(content: Json) -> Json:
    """Return a document with its queries as PostHog stores them.

    Raises:
        Refusal: 400 for a query that PostHog does not take.
    """
    if isinstance(content, list):
        return [normalised(node) for node in content]
    if not isinstance(content, dict) or content.get("type") == WRAPPER_TYPE:
        return content
    changed = dict(content)
    if content.get("type") == "ph-query" and isinstance(content.get("attrs"), dict):
        changed["attrs"] = content["attrs"] | _own_query(content["attrs"])
    if isinstance(content.get("content"), list):
        changed["content"] = normalised(content["content"])
    return changed


def _own_query(attrs: dict[str, Json]) -> dict[str, Json]:
    query = attrs.get("query")
    return {"query": _query(query)} if isinstance(query, dict) else {}


def _query(query: dict[str, Json]) -> dict[str, Json]:
    kind, source = query.get("kind"), query.get("source")
    source_kind = source.get("kind") if isinstance(source, dict) else None
    if not isinstance(source, dict):
        return query
    if kind == "InsightVizNode" and source_kind == "DataVisualizationNode":
        return _query(source)
    if source_kind not in _SOURCES:
        raise invalid(f"Unknown query source kind: {source_kind}", attr="content")
    if kind == "InsightVizNode" and source_kind == "HogQLQuery":
        return {"kind": "DataVisualizationNode", "source": source}
    if kind == "DataVisualizationNode" and source_kind != "HogQLQuery":
        raise invalid("A DataVisualizationNode needs a HogQLQuery as its source.", attr="content")
    return query
