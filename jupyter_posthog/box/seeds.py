"""The notebooks an empty box begins with: such as a product team writes, of both shapes."""

from __future__ import annotations

from typing import Any

from jupyter_posthog.box.notebooks import wrap_markdown
from jupyter_posthog.box.people import ADA, GRACE
from jupyter_posthog.box.store import Store

Json = Any

WEEKLY_FUNNEL = (
    "\n\n".join(
        [
            "# Weekly funnel",
            'Numbers for *this* week, for <mention id="8">@Grace</mention>.\nWe look at the whole path, not only at sign-ups.',
            "## Who gets how far",
            '<SQLV2 nodeId="wf-orders" title="Events by kind" code="SELECT event, count() AS n, uniq(person_id) AS people\\n'
            "FROM events\\nWHERE timestamp > toDateTime('2026-11-16 00:00:00')\\nGROUP BY event\\nORDER BY n DESC\" "
            'returnVariable="orders" />',
            "<PythonV2 nodeId=\"wf-share\" code=\"total = orders['n'].sum()\\nprint(f'{len(orders)} kinds of events, "
            "{total} in all')\\norders.assign(share=orders['n'] / total).head(5)\" returnVariable=\"share\" />",
        ]
    )
    + "\n\n\n"
    + "\n\n".join(
        [
            "## What we saw",
            "- Sign-ups hold at about **6 %** of events.\n- Purchases come a day later than last month.",
            '<Recording id="0191c3e0-0000-7000-8000-00000000f001" timestampMs={84000} />',
            '<RoadmapCard nodeId="wf-card" team="growth" items={["onboarding",{"size":2}]} />',
        ]
    )
)

PRICING_PLOT = """# Amounts per purchase

How much people pay at once.

<SQLV2 nodeId="pp-amounts" code="SELECT properties.amount AS amount, person.properties.plan AS plan\\nFROM events\\nWHERE event = 'purchase'\\nLIMIT 500" returnVariable="amounts" />

<PythonV2 nodeId="pp-plot" code="import matplotlib.pyplot as plt\\namounts['amount'].plot.hist(bins=20, title='Amount per purchase')\\nplt.show()" returnVariable="df" />


That is all for now."""


def _text(text: str, *marks: Json) -> Json:
    return {"type": "text", "text": text} | ({"marks": list(marks)} if marks else {})


def _paragraph(*content: Json) -> Json:
    return {"type": "paragraph", "content": list(content)}


def _heading(text: str, level: int = 1) -> Json:
    return {"type": "heading", "attrs": {"level": level}, "content": [_text(text)]}


def _item(text: str) -> Json:
    return {"type": "listItem", "content": [_paragraph(_text(text))]}


_BOLD, _LINK = {"type": "bold"}, {"type": "link", "attrs": {"href": "https://posthog.com/docs", "target": None}}

ACTIVATION: Json = {
    "type": "doc",
    "content": [
        _heading("Activation deep dive"),
        _paragraph(
            _text("We call a team "),
            _text("activated", _BOLD),
            _text(" when it has "),
            _text("read the docs", _LINK),
            _text("."),
        ),
        _paragraph(_text("Ask "), {"type": "ph-mention", "attrs": {"id": 8}}, _text(" before you change the numbers.")),
        _heading("Counting", 2),
        {"type": "bulletList", "content": [_item("an insight was created"), _item("a colleague was invited")]},
        {
            "type": "ph-python",
            "attrs": {
                "nodeId": "ad-python",
                "title": None,
                "code": "steps = ['signed_up', 'insight_created', 'invited_teammate']\nprint(len(steps), 'steps')",
                "pythonExecution": None,
            },
        },
        {
            "type": "ph-hogql-sql",
            "attrs": {
                "nodeId": "ad-sql",
                "code": "SELECT event, count() AS n FROM events\nWHERE event IN ('signed_up', 'insight_created', "
                "'invited_teammate')\nGROUP BY event ORDER BY n DESC",
                "returnVariable": "activation",
            },
        },
        {"type": "ph-not-seen-yet", "attrs": {"nodeId": "ad-odd", "weights": [1.0, 2, {"deep": None}]}},
        {
            "type": "ph-query",
            "attrs": {
                "nodeId": "ad-query",
                "title": "Weekly active teams",
                "query": '{"kind":"SavedInsightNode","shortId":"wAt12345"}',
            },
        },
        _paragraph(_text("More next week.")),
        {"type": "paragraph"},
    ],
}

LEGACY_RUNS: Json = {
    "type": "doc",
    "content": [
        _heading("Churn, spring review"),
        _paragraph(_text("Executed in the old kernel; kept for the numbers.")),
        {
            "type": "ph-python",
            "attrs": {
                "nodeId": "lr-python",
                "code": "print('rows', 3)\n5",
                "pythonExecution": {
                    "status": "ok",
                    "stdout": "rows 3\n",
                    "stderr": "",
                    "result": "5",
                    "media": [],
                    "executionCount": 4,
                    "errorName": None,
                    "traceback": [],
                    "variables": [],
                    "startedAt": "2026-05-02T10:00:00Z",
                    "completedAt": "2026-05-02T10:00:01Z",
                },
                "pythonExecutionCodeHash": 1,
            },
        },
    ],
}

# short_id, title, document, whose it is; the last one is the newest.
NOTEBOOKS: tuple[tuple[str, str | None, Json, Json], ...] = (
    ("noText0007", None, None, ADA),
    ("emptyMd006", "Scratch", wrap_markdown(""), GRACE),
    ("abPlan0005", "Pricing A/B test: plan", wrap_markdown("# Pricing A/B test: plan\n\nTo be written."), GRACE),
    ("legacyR004", "Churn, spring review", LEGACY_RUNS, ADA),
    ("priceP0003", "Amounts per purchase", wrap_markdown(PRICING_PLOT), ADA),
    ("actDeep002", "Activation deep dive", ACTIVATION, GRACE),
    ("wFunnel001", "Weekly funnel", wrap_markdown(WEEKLY_FUNNEL), ADA),
)


def seed(store: Store) -> None:
    """Fill an empty box."""
    for short_id, title, document, person in NOTEBOOKS:
        store.create(title=title, content=document, text_content=title or "", short_id=short_id, person=person)
