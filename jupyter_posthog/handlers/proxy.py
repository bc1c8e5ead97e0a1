"""``posthog/api/…`` and ``posthog/@NAME/api/…``: PostHog's documented API, path for path."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from jupyter_core.utils import ensure_async
from tornado import web
from tornado.iostream import StreamClosedError

from jupyter_posthog.api.routes import Action, Route, find_route
from jupyter_posthog.errors import ApiError, EndpointMissingError, HostAwayError, InvalidRequestError, PosthogError
from jupyter_posthog.handlers.answering import RESOURCE, AnsweringHandler
from jupyter_posthog.handlers.posthog_refusals import refusal_body

if TYPE_CHECKING:
    from jupyter_posthog.connection.forwarding import ForwardedAnswer, PageRequest

# Jupyter's own parameters, which are none of PostHog's.
_JUPYTERS = frozenset({"token", "_xsrf"})
# What PostHog itself says in the last event of a stream that failed (posthog-api.md 11.9, 15.4).
_STREAM_FAILED = {"kernel.execute.stream": "Failed to execute notebook code.", "collab.stream": "stream error"}


class ProxyHandler(AnsweringHandler):
    """Hands allowed requests on with the connection's own credential; nothing of Jupyter's goes out."""

    _streaming: asyncio.Task[object] | None = None

    @web.authenticated
    async def get(self, name: str | None, path: str) -> None:
        """Hand one GET on."""
        await self._hand_on(name, path)

    @web.authenticated
    async def post(self, name: str | None, path: str) -> None:
        """Hand one POST on."""
        await self._hand_on(name, path)

    @web.authenticated
    async def put(self, name: str | None, path: str) -> None:
        """Hand one PUT on."""
        await self._hand_on(name, path)

    @web.authenticated
    async def patch(self, name: str | None, path: str) -> None:
        """Hand one PATCH on."""
        await self._hand_on(name, path)

    @web.authenticated
    async def delete(self, name: str | None, path: str) -> None:
        """Refuse one DELETE, as PostHog does."""
        await self._hand_on(name, path)

    def compute_etag(self) -> None:
        """Give no ETag: a version is PostHog's to compare (posthog-api.md 6.6), and nothing is stored here."""

    def on_connection_close(self) -> None:
        """Close PostHog's stream with the page's."""
        if self._streaming is not None:
            self._streaming.cancel()

    def write_refusal(self, error: PosthogError) -> None:
        """Write a refusal in PostHog's own form, which clients of its API know."""
        if isinstance(error, ApiError) and error.status >= 400:
            self.set_status(error.status)
        self.finish(json.dumps(refusal_body(error, self.get_status())))

    async def _hand_on(self, name: str | None, path: str) -> None:
        route = find_route(self.request.method, path)
        await self._authorize(route.action if route else Action.READ)
        if route is None:
            raise EndpointMissingError(status=404, detail="This path is not on the list of PostHog endpoints.")
        if not route.is_sent:
            self.set_status(405)
            self.set_header("Allow", "GET, PUT, PATCH")
            await self.finish()  # documented without a body
            return
        request = self._request(route, path)
        if route.is_streaming:
            await self._hand_on_stream(name, request)
            return
        # Loaded at the first request, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.forwarding import forward_request

        await self._answer(name, request, await forward_request(self.services.connections, name, request))

    def _request(self, route: Route, path: str) -> PageRequest:
        from jupyter_posthog.connection.forwarding import PageRequest, checked_request

        # Lab adds a bare number against caches.
        names = [name for name in self.request.query_arguments if name not in _JUPYTERS and not name.isdigit()]
        headers = self.request.headers
        request = PageRequest(
            route=route,
            path=path,
            query={name: self.get_query_argument(name, strip=False) for name in names},
            content=self.request.body or None,
            if_none_match=headers.get("If-None-Match"),
            last_event_id=headers.get("Last-Event-ID"),
        )
        return checked_request(request, content_type=headers.get("Content-Type", ""))

    async def _authorize(self, action: Action) -> None:
        # What a request does is known by its endpoint, not by its verb, so no decorator can ask.
        is_authorized = self.authorizer.is_authorized(self, self.current_user, action.value, RESOURCE)
        if not await ensure_async(is_authorized):
            raise web.HTTPError(403, f"User is not authorized to {action.value} on resource: {RESOURCE}.")

    async def _answer(self, name: str | None, request: PageRequest, answer: ForwardedAnswer) -> None:
        from jupyter_posthog.handlers import stand_ins

        stand_in = stand_ins.find(request, answer.error)
        if stand_in is not None:
            await self._authorize(Action.EXECUTE)
            try:
                value = await stand_in(self.services.connections.api(name), request)
            except InvalidRequestError as error:
                if request.route.name != "hogql.execute":
                    raise
                self.set_status(400)
                value = {"error": error.detail}  # this endpoint's own form (posthog-api.md 3.2)
            await self.finish(json.dumps(value))
            return
        self.set_status(answer.status)
        if answer.body:
            self.write(answer.body)
        await self.finish()

    async def _hand_on_stream(self, name: str | None, request: PageRequest) -> None:
        from jupyter_posthog.connection.forwarding import forward_stream
        from jupyter_posthog.handlers.stand_ins import streamed_code

        self._streaming = asyncio.current_task()
        try:
            try:
                async with forward_stream(self.services.connections, name, request) as parts:
                    await self._relay(request, parts)
            except EndpointMissingError:
                if request.route.name != "kernel.execute.stream":
                    raise
                async with aclosing(streamed_code(self.services.connections.api(name), request)) as events:
                    await self._relay(request, events)
        except (StreamClosedError, asyncio.CancelledError):
            self.log.debug("stream_closed_by_page path=%s", request.path)
        finally:
            self._streaming = None

    async def _relay(self, request: PageRequest, parts: AsyncIterator[bytes]) -> None:
        """Send the bytes of a stream as they come; one that is cut between events ends in an error event."""
        from jupyter_posthog.execution.code_events import error_event

        end = b"\n\n"
        try:
            async for part in parts:
                self._begin_stream()
                end = (end + part)[-4:]
                self.write(part)
                await self.flush()
        except HostAwayError as error:
            if not self._headers_written:
                raise
            if end.endswith((b"\n\n", b"\r\n\r\n")):
                self.write(error_event(error, _STREAM_FAILED[request.route.name]))
        self._begin_stream()
        await self.finish(set_content_type="text/event-stream")

    def _begin_stream(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("X-Accel-Buffering", "no")  # or a proxy before Jupyter keeps events back
