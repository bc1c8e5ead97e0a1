"""What a server tells its pages, as values: who edited, save states, kernel clocks, limits.

Each has a schema of its name in ``event_schemas/``; ``handlers/event_bus.py`` puts them on Jupyter Server's bus.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar


class FollowMode(StrEnum):
    """How changes of an open notebook become known."""

    #: PostHog tells them as they happen.
    STREAM = "stream"
    #: The version is asked for now and then.
    CHECKS = "checks"
    #: Not at all.
    OFF = "off"


class SaveOutcome(StrEnum):
    """Where the edits of a page are."""

    SAVING = "saving"
    SAVED = "saved"
    #: On this machine only, with a reason.
    KEPT_HERE = "kept_here"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """Something that pages are told."""

    schema: ClassVar[str]

    def to_json(self) -> dict[str, object]:
        """Return the event as its schema has it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEvent(LiveEvent):
    """Something about one remote notebook."""

    connection: str
    project_id: int
    short_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookChanged(NotebookEvent):
    """PostHog holds another version than before.

    Attributes:
        version: None where PostHog did not say.
        by: The name of who saved; empty where it is not known.
        is_own: Whether this server saved it, for one of its pages.
    """

    schema = "notebook_changed"
    version: int | None
    by: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookFollowing(NotebookEvent):
    """How changes of a notebook become known from now on; ``reason`` as of an error, None where all is well."""

    schema = "notebook_following"
    mode: FollowMode
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPresence(NotebookEvent):
    """Who else has the notebook open in PostHog, by name."""

    schema = "notebook_presence"
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveState(NotebookEvent):
    """How far a save got.

    Attributes:
        version: That PostHog holds now, where that is known.
        reason: Of the error that kept the edits here.
        merged: How many blocks of others were merged by themselves.
        conflicts: How many blocks need a person.
        by: Whose edits they meet.
    """

    schema = "save_state"
    state: SaveOutcome
    version: int | None = None
    reason: str | None = None
    merged: int = 0
    conflicts: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditsReverted(NotebookEvent):
    """Another client stored ``blocks`` blocks as they were before a save of this server, with a newer version."""

    schema = "edits_reverted"
    version: int
    by: str
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelClock(NotebookEvent):
    """How a remote kernel is and how long it will live; moments are ISO 8601, in UTC.

    Attributes:
        lifetime_s: From its start to its end, whatever runs.
        frames: How many would be lost with it.
    """

    schema = "kernel_clock"
    status: str
    ends_at: str | None
    price_usd_per_hour: float | None
    lifetime_s: int
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPause(LiveEvent):
    """PostHog's request limit is used up.

    Attributes:
        project_id: Whose limit; None where it is of everything else at this host.
        wait_s: From now, in seconds; pages need not trust their own clock.
    """

    schema = "limit_pause"
    host: str
    project_id: int | None
    ends_at: str
    wait_s: float


EVENTS: tuple[type[LiveEvent], ...] = (
    NotebookChanged,
    NotebookFollowing,
    NotebookPresence,
    SaveState,
    EditsReverted,
    KernelClock,
    LimitPause,
)
#: Tells every page of this server.
Tell = Callable[[LiveEvent], None]
