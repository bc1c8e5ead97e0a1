"""Remembers for a while what one connection may do: what was asked, and what every other answer showed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio

from jupyter_posthog.connection.capabilities import Capability, CapabilityState
from jupyter_posthog.connection.families import Family, sighting_of
from jupyter_posthog.errors import InvalidRequestError, KeyNotSupportedError, MissingScopeError, PosthogError

VALID_S = 300.0
#: What PostHog did not answer is asked again soon.
UNKNOWN_VALID_S = 10.0
Answers = dict[Family, Capability]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    capability: Capability
    at: float


class CapabilityBook:
    """The answers for one connection, by project and, where one was named, by notebook."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._learned: dict[tuple[int, str | None], dict[Family, _Entry]] = {}
        self._seen: dict[tuple[str, Family], _Entry] = {}
        self._asking = anyio.Lock()

    async def answers(self, project_id: int, short_id: str | None, ask: Callable[[], Awaitable[Answers]]) -> Answers:
        """Return what is known, asking where nothing is or where it is too old."""
        async with self._asking:
            known = self._learned.get((project_id, short_id))
            if known is None or not all(self._holds(entry) for entry in known.values()):
                asked_at = self._clock()
                known = {
                    family: _Entry(capability=capability, at=asked_at) for family, capability in (await ask()).items()
                }
                self._learned[project_id, short_id] = known
        return {family: self._newest(project_id, family, entry) for family, entry in known.items()}

    def note(self, method: str, path: str, refusal: PosthogError | None) -> None:
        """Take note of what one answer shows."""
        sighting = sighting_of(method, path)
        if sighting is None:
            return
        capability = _shown_by(refusal)
        if capability is None or (capability.is_yes and not sighting.proves):
            return
        self._seen[sighting.project, sighting.family] = _Entry(
            capability=capability.of(sighting.family), at=self._clock()
        )

    def forget(self) -> None:
        """Ask anew the next time."""
        self._learned.clear()
        self._seen.clear()

    def _newest(self, project_id: int, family: Family, entry: _Entry) -> Capability:
        seen = self._seen.get((str(project_id), family))
        is_newer = seen is not None and self._holds(seen) and seen.at > entry.at
        return seen.capability if seen is not None and is_newer else entry.capability

    def _holds(self, entry: _Entry) -> bool:
        is_unknown = entry.capability.state is CapabilityState.UNKNOWN and entry.capability.reason is not None
        return self._clock() - entry.at < (UNKNOWN_VALID_S if is_unknown else VALID_S)


def _shown_by(refusal: PosthogError | None) -> Capability | None:
    """Return what an answer shows about a whole project; 404 and most refusals are about one notebook or moment."""
    if refusal is None or isinstance(refusal, InvalidRequestError):
        return Capability.yes()
    if isinstance(refusal, MissingScopeError | KeyNotSupportedError):
        return Capability.no(refusal)
    return None
