"""What happens while a cell runs, in Jupyter's terms but without its messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamText:
    """Text that the cell printed; ``name`` is ``stdout`` or ``stderr``."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(StreamText):
    """What a person must read about the kernel, not printed by the cell; it stays while progress comes and goes."""

    name: str = "stderr"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayData:
    """Something to show, by MIME type."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteResult:
    """The value of the cell, by MIME type."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFailed:
    """The cell's own code failed, or it was stopped."""

    error_name: str
    error_text: str
    traceback: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What PostHog is doing now, in a few words, to be shown until the next event."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBegan:
    """PostHog has taken the cell; for the record, not for a client.

    Attributes:
        run_id: PostHog's id of the run; None where its way of running knows none.
        starts_sandbox: Whether a remote kernel is started for it: one that was there before is gone.
        hourly_price: What that kernel costs, where PostHog says it.
    """

    run_id: str | None
    starts_sandbox: bool = False
    hourly_price: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEnded:
    """PostHog has said how the cell ended; for the record, not for a client.

    Attributes:
        status: ``done``, ``failed`` or ``interrupted``.
        envelope: The run's result (posthog-api.md 12.3), or the same made of another answer.
        kernel_id: The remote kernel that ran it, where PostHog says it.
    """

    run_id: str | None
    status: str
    envelope: Mapping[str, Any] | None = None
    error: str = ""
    kernel_id: str | None = None


Event = StreamText | DisplayData | ExecuteResult | CellFailed | Progress | CellBegan | CellEnded

INTERRUPTED = CellFailed(error_name="KeyboardInterrupt", error_text="", traceback=("KeyboardInterrupt",))


def events_from_outputs(outputs: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    """Turn nbformat outputs, as ``document/`` makes them of a result, into events."""
    for output in outputs:
        match output["output_type"]:
            case "stream":
                yield StreamText(name=output["name"], text=output["text"])
            case "display_data":
                yield DisplayData(data=output["data"], metadata=output["metadata"])
            case "execute_result":
                yield ExecuteResult(data=output["data"], metadata=output["metadata"])
            case "error":
                yield CellFailed(
                    error_name=output["ename"], error_text=output["evalue"], traceback=tuple(output["traceback"])
                )
