"""Learns what a credential may do in one project by asking; nothing is started or written (posthog-api.md 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from jupyter_posthog.connection.capabilities import SCRATCHPAD, Capability, CapabilityState, ask_softly
from jupyter_posthog.connection.discovery import holds_scope
from jupyter_posthog.connection.families import NEEDED_SCOPES, Family
from jupyter_posthog.errors import (
    ApiError,
    EndpointMissingError,
    FlagOffError,
    MissingScopeError,
    PosthogError,
    ServerTooOldError,
)

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi

Question = Callable[[], Awaitable[object]]
_NOT_SAID = "PostHog does not say this beforehand; the first save will tell."
_NO_NOTEBOOK = "There is no notebook to ask about yet."


class Probing:
    """Asks one PostHog about one project, and one notebook where one is named."""

    def __init__(
        self,
        api: PosthogApi,
        project_id: int,
        short_id: str | None,
        *,
        scopes: tuple[str, ...] | None,
        is_session: bool,
    ) -> None:
        """Prepare.

        Args:
            scopes: The key's own scopes, None where they are not known.
        """
        self._api = api
        self._project_id = project_id
        self._short_id = short_id
        self._scopes = scopes
        self._is_session = is_session

    async def learn(self) -> dict[Family, Capability]:
        """Return an answer for every family.

        Raises:
            NotebookNotFoundError: A notebook is named, and PostHog has none of this name.
            KeyRefusedError: PostHog does not know the credential.
            HostAwayError: It does not answer.
        """
        if self._short_id is not None and self._short_id != SCRATCHPAD:
            await self._api.notebooks.fetch(self._project_id, self._short_id)
        listing, sample = await self._listing()
        is_recent = await self._is_recent()
        found = {Family.LIST: listing, Family.WRITE: self._writing(listing)}
        found |= await self._kernels()
        found[Family.RUNS] = self._without_flag(await self._runs(), is_recent)
        found[Family.QUERY] = await self._query()
        found |= await self._about(sample)
        probes = self._api.probes
        found[Family.ALL_ACTIVITY] = await ask_softly(lambda: probes.project_activity(self._project_id))
        found[Family.RECORDING_COMMENTS] = await ask_softly(lambda: probes.recording_comments(self._project_id))
        return {family: capability.of(family) for family, capability in found.items()}

    async def _listing(self) -> tuple[Capability, str | None]:
        missing = self._missing(Family.LIST)
        if missing is not None:
            return missing, self._short_id
        try:
            page = await self._api.notebooks.list_notebooks(self._project_id, limit=1)
        except ApiError as error:
            if error.status == 401:
                raise
            return _answer(error), self._short_id
        return Capability.yes(), self._short_id or next((row.short_id for row in page.results), None)

    async def _is_recent(self) -> bool | None:
        """Whether the server is of September 2026 or later; None where it does not say."""
        asked = await ask_softly(lambda: self._api.probes.compute_options(self._project_id))
        if asked.is_yes:
            return True
        return False if asked.reason == EndpointMissingError.reason else None

    def _writing(self, listing: Capability) -> Capability:
        missing = self._missing(Family.WRITE)
        if missing is not None:
            return missing
        if self._scopes is not None or (self._is_session and listing.is_yes):
            return Capability.yes()
        return Capability.unknown(remedy=_NOT_SAID)

    async def _kernels(self) -> dict[Family, Capability]:
        api, project_id, short_id = self._api, self._project_id, self._short_id or SCRATCHPAD
        execute = await ask_softly(lambda: api.kernels.can_execute(project_id, short_id))
        complete = await ask_softly(lambda: api.probes.complete(project_id, short_id))
        return {
            Family.EXECUTE: execute,
            # Starting one to find out would start one; PostHog has one rule for both (posthog-api.md 2.6).
            Family.KERNEL_CONTROL: execute,
            Family.STREAM: await ask_softly(lambda: api.kernels.can_stream(project_id, short_id)),
            Family.DATAFRAME: await ask_softly(lambda: api.probes.dataframe(project_id, short_id)),
            Family.COMPLETE_INSPECT: _too_old(complete),
        }

    async def _runs(self) -> Capability:
        question: Question = lambda: self._api.runs.can_run(self._project_id, self._short_id or SCRATCHPAD)  # noqa: E731
        asked = await ask_softly(question)
        return (self._missing(Family.RUNS) or asked) if asked.is_yes else asked

    async def _query(self) -> Capability:
        missing = self._missing(Family.QUERY)
        if missing is not None or self._scopes is not None:
            return missing or Capability.yes()
        return await ask_softly(lambda: self._api.probes.query(self._project_id))

    async def _about(self, sample: str | None) -> dict[Family, Capability]:
        """Ask what only an existing notebook answers."""
        activity, collab = self._missing(Family.ACTIVITY), self._missing(Family.COLLAB)
        if sample is None:
            nothing = Capability.unknown(remedy=_NO_NOTEBOOK)
            return {Family.ACTIVITY: activity or nothing, Family.COLLAB: collab or nothing}
        probes, project_id = self._api.probes, self._project_id
        return {
            Family.ACTIVITY: activity or await ask_softly(lambda: probes.activity(project_id, sample)),
            Family.COLLAB: collab or _too_old(await ask_softly(lambda: probes.markdown(project_id, sample))),
        }

    def _missing(self, family: Family) -> Capability | None:
        """Return the answer no where the key's own scopes do not hold what a family needs."""
        if self._scopes is None:
            return None
        for scope in NEEDED_SCOPES[family]:
            if not holds_scope(self._scopes, scope):
                return Capability.no(MissingScopeError(status=403, scope=scope))
        return None

    @staticmethod
    def _without_flag(capability: Capability, is_recent: bool | None) -> Capability:
        """Tell a flag that is off from a server that is too old: PostHog answers 404 to both (posthog-api.md 12.1)."""
        if capability.reason != EndpointMissingError.reason or is_recent is None:
            return capability
        return Capability.no(FlagOffError(status=404) if is_recent else ServerTooOldError(status=404))


def _too_old(capability: Capability) -> Capability:
    is_missing = capability.reason == EndpointMissingError.reason
    return Capability.no(ServerTooOldError(status=404)) if is_missing else capability


def _answer(error: PosthogError) -> Capability:
    is_no = isinstance(error, ApiError) and error.status in {403, 404, 405}
    return Capability.no(error) if is_no else Capability.unknown(error)


def ways_to_run_python(found: Mapping[Family, Capability]) -> Capability:
    """Return whether anything runs Python here, and why not where nothing does."""
    ways = [found[family] for family in (Family.STREAM, Family.RUNS, Family.EXECUTE)]
    yes = next((way for way in ways if way.is_yes), None)
    if yes is not None:
        return yes
    unknown = next((way for way in ways if way.state is CapabilityState.UNKNOWN), None)
    return unknown or found[Family.RUNS]
