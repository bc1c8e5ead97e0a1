"""What a credential may do on a server, learned by harmless questions (posthog-api.md 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from jupyter_posthog.connection.families import REMEDIES, Family
from jupyter_posthog.errors import ApiError, PosthogError
from jupyter_posthog.messages import sentence

# PostHog's pseudo-notebook that takes kernel and run requests (posthog-api.md 6.6).
SCRATCHPAD = "scratchpad"

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCapabilities:
    """The three ways in which PostHog may run Python (design.md §5)."""

    stream: Capability
    runs: Capability
    execute: Capability

    @property
    def preferred(self) -> str | None:
        """``stream``, else ``runs``, else ``execute``, else None when nothing runs Python here."""
        for name, capability in (("stream", self.stream), ("runs", self.runs), ("execute", self.execute)):
            if capability.is_yes:
                return name
        return None

    @property
    def cause(self) -> str:
        """Why nothing runs Python here: the reason of the way that works with keys."""
        return self.runs.reason or self.execute.reason or "unknown"


async def learn_execution(api: PosthogApi, project_id: int, short_id: str) -> ExecutionCapabilities:
    """Ask in which ways this credential can run Python; nothing is started.

    Raises:
        HostAwayError: PostHog does not answer at all.
        KeyRefusedError: PostHog does not know the credential.
        NotebookNotFoundError: There is no such notebook.
    """
    stream = await _ask(lambda: api.kernels.can_stream(project_id, short_id))
    if stream.is_yes:
        unasked = Capability(state=CapabilityState.UNKNOWN)
        return ExecutionCapabilities(stream=stream, runs=unasked, execute=unasked)
    runs = await _ask(lambda: api.runs.can_run(project_id, short_id))
    if runs.is_yes:
        return ExecutionCapabilities(stream=stream, runs=runs, execute=Capability(state=CapabilityState.UNKNOWN))
    execute = await _ask(lambda: api.kernels.can_execute(project_id, short_id))
    return ExecutionCapabilities(stream=stream, runs=runs, execute=execute)


async def _ask(question: Callable[[], Awaitable[object]]) -> Capability:
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
        return await _ask(question)
    except PosthogError as error:
        return Capability.unknown(error)
