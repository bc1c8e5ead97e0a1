"""``posthog/rescue/…``: legacy cells of a notebook made live again."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address


class RescueHandler(AnsweringHandler):
    """The legacy cells of one notebook."""

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Rewrite them in PostHog, and answer how many there were and the version that has them."""
        rescued = await self.services.rescuing.rescue(notebook_address(path))
        self.finish({"cells": rescued.count, "base_version": rescued.version})
