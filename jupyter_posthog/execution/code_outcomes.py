"""What an answer of PostHog's execute endpoints shows in a cell, and keeps for the document (posthog-api.md 11.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_posthog.api.kernel_models import ExecutionAnswer
from jupyter_posthog.execution.events import CellFailed, DisplayData, Event, ExecuteResult, StreamText


def answer_events(answer: ExecutionAnswer, *, printed: Mapping[str, str]) -> list[Event]:
    """Return what the final answer adds to what was streamed already."""
    events: list[Event] = []
    for name, whole in (("stdout", answer.stdout), ("stderr", answer.stderr)):
        seen = printed.get(name, "")
        # Text that was streamed stands in the answer again; only what the stream did not bring is new.
        rest = whole[len(seen) :] if whole.startswith(seen) else ""
        if rest:
            events.append(StreamText(name=name, text=rest))
    events += [DisplayData(data={item["mime_type"]: item["data"]}) for item in answer.media]
    if answer.result:
        events.append(ExecuteResult(data=answer.result))
    if answer.status != "ok":
        events.append(_failure(answer))
    return events


def answer_envelope(answer: ExecutionAnswer) -> dict[str, Any]:
    """Return the answer in the form of a run's result, which documents keep (posthog-document.md 3.6)."""
    text = (answer.result or {}).get("text/plain")
    envelope: dict[str, Any] = {"stdout": answer.stdout, "stderr": answer.stderr, "media": answer.media}
    return envelope | ({"result_text": text} if isinstance(text, str) else {})


def _failure(answer: ExecutionAnswer) -> CellFailed:
    if answer.status == "timeout":
        text = "PostHog ended this cell after its time limit."
        return CellFailed(error_name="TimeoutError", error_text=text, traceback=(f"TimeoutError: {text}",))
    name = answer.error_name or "Error"
    last_line = answer.traceback[-1].splitlines()[-1] if answer.traceback and answer.traceback[-1] else ""
    return CellFailed(
        error_name=name,
        error_text=last_line.removeprefix(f"{name}:").strip(),
        traceback=tuple(answer.traceback) or (f"{name}: {last_line}",),
    )
