"""The notebooks an empty box begins with: such as a product team writes, of both shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_posthog.box.people import ADA, GRACE
from jupyter_posthog.box.store import Store
from jupyter_posthog.box.text.documents import markdown_of, wrap_markdown

Json = Any
FOLDER = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One notebook.

    Attributes:
        file: Its document in the folder ``demo``: Markdown as it is stored, or rich JSON; None for one never edited.
        editor: Who changed it last, where that is somebody else.
    """

    short_id: str
    title: str | None
    file: str | None
    person: Json
    editor: Json = None
    variables: tuple[Json, ...] = field(default=())


def _variable(name: str, kind: str, value: Json) -> Json:
    return {"name": name, "type": kind, "value": value}


# The last one is the newest.
DEMOS = (
    Demo(short_id="noText0007", title=None, file=None, person=ADA),
    Demo(short_id="emptyMd006", title="Scratch", file="scratch.md", person=GRACE),
    Demo(short_id="storag0014", title="Storage costs, moved from the old editor", file="storage_costs.md", person=ADA),
    Demo(short_id="oldEdit012", title="Widgets of the old editor", file="old_editor.json", person=GRACE),
    Demo(short_id="everyBl011", title="Every block on one page", file="every_block.md", person=ADA),
    Demo(short_id="metric0013", title="Metrics catalogue", file="metrics_catalogue.md", person=GRACE),
    Demo(
        short_id="countr0016",
        title="One country at a time",
        file="one_country.md",
        person=ADA,
        variables=(_variable("country", "string", "DE"), _variable("least_amount", "number", 50)),
    ),
    Demo(short_id="sessPat018", title="Paths through a session", file="session_paths.md", person=GRACE),
    Demo(short_id="sessRev010", title="Session review: checkout", file="session_review.json", person=ADA),
    Demo(short_id="abPlan0005", title="Pricing A/B test: plan", file="pricing_test_plan.md", person=GRACE),
    Demo(short_id="legacyR004", title="Churn, spring review", file="churn_review.json", person=ADA),
    Demo(short_id="retent0008", title="Retention by sign-up week", file="retention.md", person=GRACE),
    Demo(short_id="expNewOn09", title="Experiment: new onboarding", file="experiment.md", person=ADA),
    Demo(short_id="shared0015", title="Pricing council", file="pricing_council.md", person=ADA, editor=GRACE),
    Demo(short_id="scoreCd017", title="Company scorecard", file="scorecard.md", person=GRACE),
    Demo(short_id="priceP0003", title="Amounts per purchase", file="amounts_per_purchase.md", person=ADA),
    Demo(short_id="actDeep002", title="Activation deep dive", file="activation.json", person=GRACE),
    Demo(short_id="wFunnel001", title="Weekly funnel", file="weekly_funnel.md", person=ADA),
)


def seed(store: Store) -> None:
    """Fill an empty box."""
    for demo in DEMOS:
        document = _document(demo)
        store.create(
            title=demo.title,
            content=document,
            text_content=markdown_of(document) or demo.title or "",
            variables=demo.variables,
            short_id=demo.short_id,
            person=demo.person,
        )
        if demo.editor is not None:
            store.update(demo.short_id, {"content": document, "version": 0}, demo.editor)


def _document(demo: Demo) -> Json:
    if demo.file is None:
        return None
    text = (FOLDER / demo.file).read_text(encoding="utf-8")
    return json.loads(text) if demo.file.endswith(".json") else wrap_markdown(text)
