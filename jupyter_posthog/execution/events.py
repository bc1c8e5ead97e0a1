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


Event = StreamText | DisplayData | ExecuteResult | CellFailed | Progress

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
