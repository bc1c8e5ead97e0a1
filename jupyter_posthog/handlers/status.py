"""``posthog/status``: per connection who, which projects, what works and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler

if TYPE_CHECKING:
    from jupyter_posthog.connection.status import ConnectionStatus

STATUS_TIMEOUT_S = 60.0


class StatusHandler(AnsweringHandler):
    """The state of every connection."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer ``{default, connections: […]}``; connections are asked side by side."""
        # Loaded at the first question, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.status import describe_connection

        connections = self.services.connections
        found: dict[str, ConnectionStatus] = {}

        async def describe(name: str) -> None:
            found[name] = await describe_connection(connections, name)

        with anyio.fail_after(STATUS_TIMEOUT_S):
            async with anyio.create_task_group() as tasks:
                for name in connections.names:
                    tasks.start_soon(describe, name)
        self.finish(
            {
                "default": connections.settings.default_name,
                "connections": [found[name].to_json() for name in connections.names],
            }
        )
