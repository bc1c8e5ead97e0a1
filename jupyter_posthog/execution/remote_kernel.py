"""PostHog's kernel of one notebook, apart from running cells: what every executor does alike."""

from __future__ import annotations

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.kernel_models import KernelStatus
from jupyter_posthog.errors import ApiError, EndpointMissingError, KeyNotSupportedError, PosthogError
from jupyter_posthog.execution.executor import Completion, FrameFacts, JsonObject
from jupyter_posthog.execution.frame_rows import WantedRows, read_rows


class RemoteKernel:
    """The person's own kernel of one notebook in PostHog."""

    def __init__(self, api: PosthogApi, project_id: int, short_id: str) -> None:
        self._api = api
        self._project_id = project_id
        self._short_id = short_id
        self._serves_help = True

    async def status(self) -> KernelStatus:
        """Return its state."""
        return await self._api.kernels.status(self._project_id, self._short_id)

    async def start(self) -> bool:
        """Start it and wait; False where this credential cannot."""
        try:
            await self._api.kernels.start(self._project_id, self._short_id)
        except (KeyNotSupportedError, EndpointMissingError):
            return False
        return True

    async def restart(self) -> bool:
        """Restart it, its variables are lost; False where this credential cannot."""
        try:
            await self._api.kernels.restart(self._project_id, self._short_id)
        except (KeyNotSupportedError, EndpointMissingError):
            return False
        return True

    async def shutdown(self) -> bool:
        """Stop it; False where this credential cannot."""
        try:
            await self._api.kernels.stop(self._project_id, self._short_id)
        except (KeyNotSupportedError, EndpointMissingError):
            return False
        return True

    async def interrupt(self) -> bool:
        """Nothing can be stopped by PostHog's kernel endpoints (posthog-api.md 11.6)."""
        return False

    async def complete(self, code: str, cursor: int) -> Completion:
        """Ask the kernel's own completer, where PostHog serves it (posthog-api.md 11.7)."""
        nothing = Completion(matches=(), start=cursor, end=cursor)
        if not self._serves_help:
            return nothing
        try:
            answer = await self._api.kernels.complete(self._project_id, self._short_id, code, cursor)
        except PosthogError as error:
            self._note_help(error)
            return nothing
        return Completion(
            matches=tuple(match.text for match in answer.matches),
            start=answer.cursor_start,
            end=answer.cursor_end,
            types=tuple(match.type for match in answer.matches),
        )

    async def inspect(self, code: str, cursor: int, detail: int) -> str:
        """Ask the kernel's own inspector, where PostHog serves it (posthog-api.md 11.7)."""
        if not self._serves_help:
            return ""
        try:
            answer = await self._api.kernels.inspect(self._project_id, self._short_id, code, cursor, detail)
        except PosthogError as error:
            self._note_help(error)
            return ""
        return answer.text if answer.found else ""

    async def frames(self) -> tuple[FrameFacts, ...]:
        """Return the frames it holds; none where it does not run or PostHog does not tell."""
        try:
            status = await self.status()
        except PosthogError:
            return ()
        return tuple(
            FrameFacts(
                name=frame.name,
                kind=frame.kind,
                columns=tuple((column[0], column[1]) for column in frame.columns if len(column) > 1),
                row_count=frame.row_count,
                is_estimate=frame.row_count_is_estimate,
            )
            for frame in status.frames
        )

    async def page(self, name: str, *, offset: int, limit: int) -> JsonObject:
        """Return rows of a frame.

        Raises:
            FrameNotReadError: It does not run, or holds no such frame.
        """
        wanted = WantedRows(name=name, offset=offset, limit=limit)
        return await read_rows(self._api, self._project_id, self._short_id, wanted)

    async def aclose(self) -> None:
        """Nothing waits."""

    def _note_help(self, error: PosthogError) -> None:
        # PostHog's own page shows nothing either; 403 and 404 mean that this server will never answer (11.7).
        if isinstance(error, ApiError) and error.status in {403, 404}:
            self._serves_help = False
