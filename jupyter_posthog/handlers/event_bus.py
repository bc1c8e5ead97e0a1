"""Jupyter Server's event bus: what happens in PostHog reaches the page on its one WebSocket (design.md §3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.live_events import EVENTS, LiveEvent

if TYPE_CHECKING:
    from jupyter_events import EventLogger

_SCHEMAS = Path(__file__).parent.parent / "event_schemas"


def schema_id(name: str) -> str:
    """Return the id of one of our schemas."""
    return f"https://schema.jupyter.org/jupyter_posthog/{name}/v1"


class EventBus:
    """Puts our events on the bus of one server."""

    def __init__(self, event_logger: EventLogger) -> None:
        self._logger = event_logger

    def register(self) -> None:
        """Make our schemas known; a page hears only what was known when it subscribed."""
        for event in EVENTS:
            if schema_id(event.schema) not in self._logger.schemas:
                self._logger.register_event_schema(_SCHEMAS / f"{event.schema}.yaml")

    def tell(self, event: LiveEvent) -> None:
        """Tell every page that has subscribed."""
        self._logger.emit(schema_id=schema_id(event.schema), data=event.to_json())
