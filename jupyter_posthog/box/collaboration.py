"""Open pages of notebooks: the log of live saves, and everybody who listens (posthog-api.md 15)."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jupyter_posthog.box.text.differences import checksum, difference

Json = Any
KEPT_EVENTS, KEPT_S = 5_000, 86_400.0
LARGEST_DIFF = 64 * 1024
WAITING_EVENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that open pages are told; without an id nobody can resume at it."""

    name: str
    data: Json
    version: int = 0
    event_id: str | None = None
    at_s: float = 0.0

    def to_wire(self) -> str:
        """Return the event as server-sent text."""
        number = f"id: {self.event_id}\n" if self.event_id else ""
        return f"event: {self.name}\n{number}data: {json.dumps(self.data, ensure_ascii=False)}\n\n"


# None is the end of the stream.
Listener = asyncio.Queue[Event | None]


@dataclass(slots=True)
class Room:
    """The open pages of one notebook."""

    log: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    listeners: set[Listener] = field(default_factory=set)


class Collaboration:
    """The rooms of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rooms: dict[str, Room] = {}

    def join(self, short_id: str, last_event_id: str | None) -> tuple[Listener, list[Event]]:
        """Listen to a notebook; return where events come, and what was missed since the last one known."""
        room = self._room(short_id)
        queue: Listener = asyncio.Queue(WAITING_EVENTS)
        room.listeners.add(queue)
        known = [event.event_id for event in room.log]
        missed = list(room.log)[known.index(last_event_id) + 1 :] if last_event_id in known else []
        return queue, missed

    def leave(self, short_id: str, queue: Listener) -> None:
        """Listen no more."""
        self._room(short_id).listeners.discard(queue)

    def end(self, queue: Listener) -> None:
        """Tell one listener that its stream is over; a full one has been left behind already."""
        if not queue.full():
            queue.put_nowait(None)

    def close(self) -> None:
        """End every stream."""
        for room in self._rooms.values():
            for queue in room.listeners:
                self.end(queue)

    def listeners(self, short_id: str) -> int:
        """Return how many pages listen to a notebook."""
        return len(self._room(short_id).listeners)

    def open_streams(self) -> dict[str, int]:
        """Return how many pages listen, by notebook; those that nobody listens to are left out."""
        return {short_id: len(room.listeners) for short_id, room in self._rooms.items() if room.listeners}

    def markdown_saved(self, short_id: str, version: int, texts: tuple[str, str], by: dict[str, Json]) -> None:
        """Tell open pages how a save changed the text; a large change is told without its difference."""
        before, after = texts
        changes = difference(before, after)
        is_small = len(json.dumps(changes, ensure_ascii=False).encode("utf-8", "replace")) <= LARGEST_DIFF
        data = {"type": "update", "version": version, "base_crc": checksum(before), **by}
        self._tell(short_id, "update", data | ({"diff": changes} if is_small else {}), version, f"{version}-1")

    def steps_saved(self, short_id: str, version: int, steps: list[Json], by: dict[str, Json]) -> None:
        """Tell open pages the steps of a save of a rich notebook, one version each."""
        for number, step in enumerate(steps, version - len(steps) + 1):
            self._tell(short_id, "step", {"step": step, **by}, number, f"{number}-0")

    def seen(self, short_id: str, data: Json) -> None:
        """Tell open pages where somebody is; nobody can ask for it later."""
        self._send(self._room(short_id), Event(name="presence", data=data))

    def since(self, short_id: str, name: str, version: int, newest: int) -> list[Event] | None:
        """Return the saves after a version, None where one of them is not known any more."""
        oldest = self._clock() - KEPT_S
        log = [event for event in self._room(short_id).log if event.at_s >= oldest and event.version > version]
        is_whole = version <= newest and [event.version for event in log] == list(range(version + 1, newest + 1))
        return log if is_whole and all(event.name == name for event in log) else None

    def _tell(self, short_id: str, name: str, data: Json, version: int, event_id: str) -> None:
        event = Event(name=name, data=data, version=version, event_id=event_id, at_s=self._clock())
        room = self._room(short_id)
        room.log.append(event)
        self._send(room, event)

    def _send(self, room: Room, event: Event) -> None:
        for queue in list(room.listeners):
            # A page that does not read is left behind; it loads the notebook again when it comes back.
            if queue.qsize() >= WAITING_EVENTS - 1:
                room.listeners.discard(queue)
                self.end(queue)
            else:
                queue.put_nowait(event)

    def _room(self, short_id: str) -> Room:
        return self._rooms.setdefault(short_id, Room())
