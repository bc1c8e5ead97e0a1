"""What a credential may do on a server, learned by harmless questions (posthog-api.md 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum

from jupyter_posthog.connection.families import REMEDIES, Family
from jupyter_posthog.errors import ApiError, PosthogError
from jupyter_posthog.messages import sentence

# PostHog's pseudo-notebook that takes kernel and run requests (posthog-api.md 6.6).
SCRATCHPAD = "scratchpad"


class CapabilityState(Enum):
    """Whether something can be used."""

    YES = "yes"
    NO = "no"
    #: PostHog could not be asked, or answered something else.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One answer, with a constant reason and a remedy in words where it is not yes."""

    state: CapabilityState
    reason: str | None = None
    remedy: str | None = None

    @classmethod
    def yes(cls) -> Capability:
        """Return the answer yes."""
        return cls(state=CapabilityState.YES)

    @classmethod
    def no(cls, error: PosthogError) -> Capability:
        """Return the answer no, for the reason that an error names."""
        return cls(state=CapabilityState.NO, reason=error.reason, remedy=sentence(error))

    @classmethod
    def unknown(cls, error: PosthogError | None = None, remedy: str | None = None) -> Capability:
        """Return that it is not known, and why."""
        reason = error.reason if error is not None else None
        return cls(state=CapabilityState.UNKNOWN, reason=reason, remedy=sentence(error) if error else remedy)

    def of(self, family: Family) -> Capability:
        """Return the same answer with the family's own remedy, where it has one."""
        remedy = REMEDIES.get((family, self.reason or ""))
        return self if remedy is None else replace(self, remedy=remedy)

    def to_json(self) -> dict[str, object]:
        """Return what the page and ``--json`` give."""
        return {"state": self.state.value, "reason": self.reason, "remedy": self.remedy}

    @property
    def is_yes(self) -> bool:
        """Whether it can be used for sure."""
        return self.state is CapabilityState.YES


async def ask_firmly(question: Callable[[], Awaitable[object]]) -> Capability:
    """Ask one question before going on: a refusal is an answer, everything else is raised.

    Raises:
        PosthogError: PostHog does not answer, does not know the credential, asks for a pause, or failed.
    """
    try:
        await question()
    except ApiError as error:
        if error.status in {401, 429} or error.status >= 500:
            raise
        return Capability.no(error)
    return Capability.yes()


async def ask_softly(question: Callable[[], Awaitable[object]]) -> Capability:
    """Ask one question for a status page: every failure is an answer."""
    try:
        return await ask_firmly(question)
    except PosthogError as error:
        return Capability.unknown(error)
