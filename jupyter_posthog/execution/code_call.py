"""One call of PostHog's execute endpoints, which goes on there when the person has stopped waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.kernel_models import ExecutionAnswer
from jupyter_posthog.errors import PosthogError, StreamCutError
from jupyter_posthog.execution.stopping import ended_first

Piece = tuple[str, str] | ExecutionAnswer


class CodeCall:
    """Code on its way through PostHog's kernel. PostHog cannot stop it, so neither can this."""

    def __init__(self, api: PosthogApi, project_id: int, short_id: str, code: str, *, is_streaming: bool) -> None:
        """Send the code."""
        self._api = api
        self._project_id = project_id
        self._short_id = short_id
        self._pieces: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._is_watched = True
        self._answer: ExecutionAnswer | None = None
        self._task = asyncio.ensure_future(self._stream(code) if is_streaming else self._whole(code))
        self._task.add_done_callback(lambda _: self._pieces.put_nowait(None))

    @property
    def has_ended(self) -> bool:
        """Whether PostHog has answered, or the connection has gone."""
        return self._task.done()

    async def pieces(self, stop: asyncio.Event) -> AsyncIterator[Piece]:
        """Yield ``(stream name, text)`` as it comes and last the answer; without it when the person said stop.

        Raises:
            PosthogError: There will be no answer.
        """
        while True:
            upcoming = asyncio.ensure_future(self._pieces.get())
            try:
                if not await ended_first(upcoming, stop):
                    self._is_watched = False
                    return
                piece = upcoming.result()
            finally:
                upcoming.cancel()
            if piece is None:
                self._task.result()
                return
            yield piece

    async def wait(self) -> None:
        """Wait for its end, however it ends."""
        await asyncio.wait({self._task})

    def fate(self) -> str:
        """Say how it ended, in a few words; only once it has."""
        if self._task.cancelled() or isinstance(self._task.exception(), PosthogError):
            return "PostHog did not say how it ended"
        if self._answer is None or self._answer.status == "ok":
            return "it ran to its end"
        return f"it ended with {self._answer.error_name or self._answer.status}"

    async def aclose(self) -> None:
        """Stop listening; PostHog goes on."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _stream(self, code: str) -> None:
        async for piece in self._api.kernels.execute_stream(self._project_id, self._short_id, code):
            self._put(piece)
        if self._answer is None:
            raise StreamCutError(host=self._api.transport.host)

    async def _whole(self, code: str) -> None:
        self._put(await self._api.kernels.execute(self._project_id, self._short_id, code))

    def _put(self, piece: Piece) -> None:
        if isinstance(piece, ExecutionAnswer):
            self._answer = piece
        # What comes after the person's stop belongs to no cell: it must not be printed under a later one.
        if self._is_watched:
            self._pieces.put_nowait(piece)
