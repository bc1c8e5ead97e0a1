"""PostHog's live channel of one notebook: who saves, who is there (posthog-api.md 15.4)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import httpx_sse
import msgspec

from jupyter_posthog.api.models import NotebookTouch
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import HostAwayError, NotPosthogError, ServerFailedError

#: PostHog sends a comment every 15 s; three of them missed mean that nobody is there any more.
SILENCE_S = 45.0


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """PostHog has begun to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessage:
    """One thing that happened to a notebook.

    Attributes:
        name: ``step``, ``update`` or ``presence``; another one is something nobody here knows.
        event_id: Where to resume; opaque, and None for what cannot be asked for again.
    """

    name: str
    event_id: str | None
    touch: NotebookTouch


class CollabApi:
    """The stream of one PostHog's notebooks."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def follow(
        self, project_id: int, short_id: str, *, last_event_id: str | None, silence_s: float = SILENCE_S
    ) -> AsyncGenerator[StreamOpened | LiveMessage, None]:
        """Yield what happens to a notebook, first that the stream is open; ends when PostHog ends it.

        PostHog ends each stream after five minutes; that is no failure.

        Args:
            last_event_id: Where an earlier stream got to; what happened since then comes first.
            silence_s: After so many seconds without a byte, keepalives included, the stream counts as cut.

        Raises:
            NotPosthogError: The answer is no event stream.
            HostAwayError: No answer came, or the stream was cut or silent.
            ServerFailedError: PostHog's own error event.
            ApiError: PostHog refused.

        Source: GET …/:short_id/collab/stream/, posthog-api.md 15.4.
        """
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        path = f"/api/projects/{project_id}/notebooks/{short_id}/collab/stream/"
        async with self._transport.stream("GET", path, headers=headers, read_timeout_s=silence_s) as response:
            content_type = response.headers.get("content-type", "")
            if not content_type.startswith("text/event-stream"):
                host = self._transport.host
                raise NotPosthogError(host=host, status=response.status_code, content_type=content_type)
            yield StreamOpened()
            try:
                async for event in httpx_sse.EventSource(response).aiter_sse():
                    message = _message(event)
                    if message is not None:
                        yield message
            except httpx.HTTPError as error:
                raise HostAwayError(host=self._transport.host, cause="the connection was cut") from error


def _message(event: httpx_sse.ServerSentEvent) -> LiveMessage | None:
    if event.event == "error":
        raise ServerFailedError(status=503)
    try:
        touch = msgspec.convert(json.loads(event.data), NotebookTouch, strict=False)
    except (ValueError, RecursionError):
        return None  # an event of another form: the next check of the version sees what it meant
    return LiveMessage(name=event.event, event_id=event.id or None, touch=touch)
