"""Finds the way in which one credential can run the cells of one notebook (design.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.connection.capabilities import SCRATCHPAD, Capability, ask_firmly, ask_softly
from jupyter_posthog.connection.discovery import fetch_scopes, holds_scope
from jupyter_posthog.connection.families import NEEDED_SCOPES, Family
from jupyter_posthog.errors import EndpointMissingError, FlagOffError, MissingScopeError, ServerTooOldError
from jupyter_posthog.settings import ExecutorChoice

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi

_FORCED = {
    ExecutorChoice.STREAM: Family.STREAM,
    ExecutorChoice.RUNS: Family.RUNS,
    ExecutorChoice.EXECUTE: Family.EXECUTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToRun:
    """The way that was found.

    Attributes:
        family: ``STREAM``, ``RUNS`` or ``EXECUTE``; None where only HogQL runs.
        cause: Why nothing runs Python here: a reason of ``errors.py``; empty where something does.
    """

    family: Family | None
    cause: str = ""


async def find_way(
    api: PosthogApi, project_id: int, short_id: str, *, choice: ExecutorChoice = ExecutorChoice.AUTO
) -> WayToRun:
    """Ask for the ways in their order until one works; nothing is started.

    Args:
        choice: A person's own choice, which is taken without asking.

    Raises:
        NotebookNotFoundError: PostHog has no such notebook.
        HostAwayError: PostHog does not answer.
        KeyRefusedError: PostHog does not know the credential.
    """
    if choice is ExecutorChoice.QUERY:
        return WayToRun(family=None, cause="switched_off")
    if choice in _FORCED:
        return WayToRun(family=_FORCED[choice])
    stream = await ask_firmly(lambda: api.kernels.can_stream(project_id, short_id))
    if stream.is_yes:
        return WayToRun(family=Family.STREAM)
    runs = await _runs(api, project_id, short_id)
    if runs.is_yes:
        return WayToRun(family=Family.RUNS)
    execute = await ask_firmly(lambda: api.kernels.can_execute(project_id, short_id))
    if execute.is_yes:
        return WayToRun(family=Family.EXECUTE)
    return WayToRun(family=None, cause=runs.reason or execute.reason or "unknown")


async def _runs(api: PosthogApi, project_id: int, short_id: str) -> Capability:
    asked = await ask_firmly(lambda: api.runs.can_run(project_id, short_id))
    if asked.is_yes:
        return await _with_scopes(api, asked)
    if asked.reason != EndpointMissingError.reason:
        return asked
    # 404 has three meanings (posthog-api.md 12.1, 18): no such notebook, too old a server, a flag that is off.
    if short_id != SCRATCHPAD:
        await api.notebooks.fetch(project_id, short_id)
    sizes = await ask_softly(lambda: api.probes.compute_options(project_id))
    if sizes.is_yes:
        return Capability.no(FlagOffError(status=404))
    is_old = sizes.reason == EndpointMissingError.reason
    return Capability.no(ServerTooOldError(status=404)) if is_old else asked


async def _with_scopes(api: PosthogApi, asked: Capability) -> Capability:
    """Check the key's own scopes: reading the state needs fewer than a run."""
    scopes = None if api.transport.is_session else await fetch_scopes(api)
    for scope in NEEDED_SCOPES[Family.RUNS] if scopes is not None else ():
        if not holds_scope(scopes or (), scope):
            return Capability.no(MissingScopeError(status=403, scope=scope))
    return asked
