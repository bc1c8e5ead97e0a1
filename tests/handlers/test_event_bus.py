"""Our events and their schemas say the same."""

from __future__ import annotations

from dataclasses import fields

import pytest
from jupyter_events import EventLogger

from jupyter_posthog.handlers.event_bus import EventBus, schema_id
from jupyter_posthog.live_events import (
    EVENTS,
    EditsReverted,
    FollowMode,
    KernelClock,
    LimitPause,
    LiveEvent,
    NotebookChanged,
    NotebookFollowing,
    NotebookPresence,
    SaveOutcome,
    SaveState,
)

NAMES = {"connection": "us", "project_id": 1, "short_id": "aB3dE5gH"}
EXAMPLES: list[LiveEvent] = [
    NotebookChanged(**NAMES, version=None, by="", is_own=False),
    NotebookChanged(**NAMES, version=4, by="Grace Hopper", is_own=True),
    *(NotebookFollowing(**NAMES, mode=mode, reason=reason) for mode in FollowMode for reason in (None, "host_away")),
    NotebookPresence(**NAMES, people=("Ada Lovelace", "Grace Hopper")),
    *(SaveState(**NAMES, state=state) for state in SaveOutcome),
    SaveState(
        **NAMES, state=SaveOutcome.CONFLICT, version=5, reason="save_conflict", merged=3, conflicts=1, by="Grace"
    ),
    EditsReverted(**NAMES, version=6, by="Grace Hopper", blocks=2),
    KernelClock(
        **NAMES,
        status="running",
        ends_at="2026-11-25T14:05:00+00:00",
        price_usd_per_hour=0.25,
        lifetime_s=7200,
        frames=4,
    ),
    KernelClock(**NAMES, status="stopped", ends_at=None, price_usd_per_hour=None, lifetime_s=7200, frames=0),
    LimitPause(host="https://us.posthog.com", project_id=None, ends_at="2026-11-25T14:05:00+00:00", wait_s=24.0),
]


@pytest.fixture
def heard() -> tuple[EventBus, list[str], EventLogger]:
    logger = EventLogger()
    bus = EventBus(logger)
    bus.register()
    ids: list[str] = []

    async def listen(logger: EventLogger, schema_id: str, data: dict[str, object]) -> None:
        ids.append(schema_id)

    logger.add_listener(listener=listen)
    return bus, ids, logger


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
async def test_an_event_passes_its_own_schema(event: LiveEvent, heard: tuple[EventBus, list[str], EventLogger]) -> None:
    bus, ids, logger = heard

    bus.tell(event)
    await logger.gather_listeners()

    assert ids == [schema_id(event.schema)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_schema_lists_exactly_the_fields(
    event: type[LiveEvent], heard: tuple[EventBus, list[str], EventLogger]
) -> None:
    schema = heard[2].schemas.get(schema_id(event.schema))

    assert set(schema.properties) == set(schema._schema["required"]) == {field.name for field in fields(event)}


def test_registering_twice_is_fine(heard: tuple[EventBus, list[str], EventLogger]) -> None:
    heard[0].register()

    assert len([one for one in heard[2].schemas.schema_ids if "jupyter_posthog" in one]) == len(EVENTS)
