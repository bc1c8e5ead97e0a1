"""``posthog/api/…`` and ``posthog/@NAME/api/…``: PostHog's documented API, path for path."""

from __future__ import annotations

import asyncio

from jupyter_core.utils import ensure_async
from tornado import web
from tornado.iostream import StreamClosedError

from jupyter_posthog.api.routes import Action, Route, find_route
from jupyter_posthog.errors import EndpointMissingError
from jupyter_posthog.handlers.answering import RESOURCE, AnsweringHandler


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
        """Hand one DELETE on."""
        await self._hand_on(name, path)

    def on_connection_close(self) -> None:
        """Close PostHog's stream with the page's."""
        if self._streaming is not None:
            self._streaming.cancel()

    async def _hand_on(self, name: str | None, path: str) -> None:
        route = find_route(self.request.method, path)
        await self._authorize(route)
        if route is None:
            raise EndpointMissingError(status=404, detail="This path is not on the list of PostHog endpoints.")
        # Loaded at the first request, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.forwarding import forward_request

        content = self.request.body or None
        if route.is_streaming:
            await self._stream(name, path, content)
            return
        answer = await forward_request(
            self.services.connections,
            name,
            self.request.method,
            path,
            query=self._query(),
            content=content,
            if_none_match=self.request.headers.get("If-None-Match"),
        )
        self.set_status(answer.status)
        if answer.body:
            self.set_header("Content-Type", "application/json")
            self.write(answer.body)
        await self.finish()

    def _query(self) -> dict[str, str]:
        # Jupyter's own token, and the bare number that Lab adds against caches, are not PostHog's.
        names = [name for name in self.request.query_arguments if name != "token" and not name.isdigit()]
        return {name: self.get_query_argument(name) for name in names}

    async def _authorize(self, route: Route | None) -> None:
        # What a request does is known by its endpoint, not by its verb, so no decorator can ask.
        action = route.action if route else Action.READ
        is_authorized = self.authorizer.is_authorized(self, self.current_user, action.value, RESOURCE)
        if not await ensure_async(is_authorized):
            raise web.HTTPError(403, f"User is not authorized to {action.value} on resource: {RESOURCE}.")

    async def _stream(self, name: str | None, path: str, content: bytes | None) -> None:
        from jupyter_posthog.connection.forwarding import forward_stream

        self._streaming = asyncio.current_task()
        try:
            async with forward_stream(
                self.services.connections, name, self.request.method, path, content=content
            ) as chunks:
                self.set_header("Content-Type", "text/event-stream")
                async for chunk in chunks:
                    self.write(chunk)
                    await self.flush()
            await self.finish()
        except (StreamClosedError, asyncio.CancelledError):
            self.log.debug("stream_closed_by_page path=%s", path)
