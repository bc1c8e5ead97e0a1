"""What a run that has ended shows in a cell."""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_posthog.api.models import RunStatus
from jupyter_posthog.document.outputs.results import envelope_to_outputs, error_to_output
from jupyter_posthog.execution.events import INTERRUPTED, CellFailed, Event, events_from_outputs


def outcome_events(status: RunStatus, *, run_id: str, name: str) -> Iterator[Event]:
    """Yield the output of a run, then its failure where it has one.

    Args:
        name: The frame it bound, or empty.
    """
    if status.result is not None:
        outputs = envelope_to_outputs(status.result, run_id=run_id, name=name or None)  # type: ignore[arg-type]
        shown = list(events_from_outputs(outputs))
        yield from shown
        if any(isinstance(event, CellFailed) for event in shown):
            return
    if status.status == "interrupted":
        yield INTERRUPTED
    elif status.status == "failed":
        yield from events_from_outputs([error_to_output(status.error or "Error: PostHog did not say why.")])
