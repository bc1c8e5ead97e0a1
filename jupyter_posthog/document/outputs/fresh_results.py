"""Results of runs that PostHog's document does not hold yet, in the forms it stores them (2.7, 3.6, 4.5).

They come from run records, never from reading rendered outputs back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_posthog.document.outputs.results import envelope_to_outputs
from jupyter_posthog.document.values import JsonObject, JsonValue

DONE, FAILED, INTERRUPTED, RUNNING = "done", "failed", "interrupted", "running"
# The browser writes exactly these, in this order, with these defaults (3.6).
_STORED: JsonObject = {
    "columns": [],
    "types": [],
    "row_count": 0,
    "first_page": [],
    "has_more": False,
    "stdout": "",
    "stderr": "",
    "media": [],
}
_LONGEST_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshResult:
    """The outcome of the newest run of one cell.

    Attributes:
        status: ``done``, ``failed``, ``interrupted`` or ``running``.
        envelope: The run's ``result`` (posthog-api.md 12.3); None where it made none.
        error: PostHog's words about a failed run.
    """

    run_id: str | None
    status: str
    envelope: Mapping[str, JsonValue] | None = None
    error: str = ""
    execution_count: int | None = None

    @property
    def is_kept(self) -> bool:
        """Whether PostHog keeps a result of it: a failed run leaves none in the document (3.6)."""
        return self.status in {DONE, INTERRUPTED} and self.envelope is not None


NOTHING_FRESH: Mapping[str, FreshResult] = {}
#: What becomes of a cell whose output a person cleared (4.5).
CLEARED = FreshResult(run_id=None, status="")


def run_props(fresh: FreshResult) -> JsonObject:
    """Return the run properties of a cell tag; None means that the property goes away."""
    if fresh.is_kept and fresh.envelope is not None:
        return {"runId": fresh.run_id, "runStatus": fresh.status, "result": stored_envelope(fresh.envelope)}
    return {"runId": fresh.run_id, "result": None}


def stored_envelope(envelope: Mapping[str, JsonValue]) -> JsonObject:
    """Return the part of a run's result that the document keeps."""
    kept: JsonObject = {}
    for name, default in _STORED.items():
        value = envelope.get(name)
        kept[name] = default if value is None else value
    text = envelope.get("result_text")
    if isinstance(text, str) and text:
        kept["result_text"] = text  # newer servers answer with it; kept when met (3.6)
    page = kept["first_page"]
    if isinstance(page, list) and len(page) > _LONGEST_PAGE:
        kept["first_page"], kept["has_more"] = page[:_LONGEST_PAGE], True
    return kept


def execution_of(fresh: FreshResult) -> JsonObject | None:
    """Return the execution object of a legacy code node (2.7); None where there is nothing to keep."""
    if fresh.status not in {DONE, FAILED, INTERRUPTED}:
        return None
    envelope = fresh.envelope or {}
    text, media = envelope.get("result_text") or _frame_text(envelope), envelope.get("media")
    is_ok = fresh.status == DONE
    execution: JsonObject = {
        "status": "ok" if is_ok else "error",
        "stdout": envelope.get("stdout") or "",
        "stderr": envelope.get("stderr") or "",
        "media": [
            {"mimeType": item.get("mime_type"), "data": item.get("data")}
            for item in (media if isinstance(media, list) else [])
            if isinstance(item, Mapping)
        ],
        "executionCount": fresh.execution_count,
        "errorName": None if is_ok else fresh.error.partition(": ")[0] or "Interrupted",
        "traceback": [*([] if is_ok else fresh.error.split("\n"))],
        "variables": [],
    }
    return {**execution, "result": text} if isinstance(text, str) and text else execution


def _frame_text(envelope: Mapping[str, JsonValue]) -> JsonValue:
    """Return a frame's first page as text, which is all that these cells can hold of it (2.7)."""
    bundles = [output.get("data") for output in envelope_to_outputs(envelope, run_id=None)]
    return next(
        (bundle.get("text/plain") for bundle in bundles if isinstance(bundle, dict) and "text/plain" in bundle), None
    )
