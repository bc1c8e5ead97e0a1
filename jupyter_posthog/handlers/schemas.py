"""``posthog/schemas/CONNECTION/PROJECT``: the tables and columns that SQL of a project can read."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler


class SchemaHandler(AnsweringHandler):
    """The schema of one project."""

    @web.authenticated
    @authorized
    async def get(self, connection: str, project_id: str) -> None:
        """Answer ``{tables: {name: [[column, type]]}}``."""
        self.finish({"tables": await self.services.schemas.of(connection, int(project_id))})
