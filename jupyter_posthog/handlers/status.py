"""``posthog/status``: per connection who, which projects, what works and why not."""

from __future__ import annotations

import os

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler


class StatusHandler(AnsweringHandler):
    """The state of every connection: what the doctor says."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer ``{default, connections: […], problems, installation}``; connections are asked side by side."""
        # Loaded at the first question, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.doctor import examine

        report = await examine(self.services.connections, os.environ, pauses=self.services.pauses)
        self.finish(report.to_json())
