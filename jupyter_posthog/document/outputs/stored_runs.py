"""Which run each cell of a Markdown notebook shows, or waits for (posthog-document.md 3.6)."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_posthog.document.markdown.blocks import each_block
from jupyter_posthog.document.markdown.reading import language_of, stored_tag
from jupyter_posthog.document.shapes import MARKDOWN, read_stored
from jupyter_posthog.document.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """The run that one cell's tag names."""

    run_id: str
    has_result: bool


def stored_runs(document: JsonValue) -> dict[str, StoredRun]:
    """Return the runs by node id. Rich notebooks store results without runs."""
    stored = read_stored(document)
    if stored.shape != MARKDOWN or "runId" not in stored.text:
        return {}
    found: dict[str, StoredRun] = {}
    for block in each_block(stored.text):
        tag = (block.tag or stored_tag(stored.text[block.body_start : block.end])) if block.kind == "tag" else None
        if tag is None or language_of(tag) is None:
            continue
        node_id, run_id = tag.text("nodeId"), tag.text("runId")
        if node_id and run_id:
            found[node_id] = StoredRun(run_id=run_id, has_result=isinstance(tag.value("result"), dict))
    return found
