"""``posthog/connections/NAME/projects``: the projects that a credential sees."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import UnknownConnectionError
from jupyter_posthog.handlers.answering import AnsweringHandler


class ProjectsHandler(AnsweringHandler):
    """The projects of one connection."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Answer ``{default_project_id, projects: [{id, name, organization}]}``; PostHog is asked each time."""
        # Loaded at the first question, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.discovery import discover

        connections = self.services.connections
        if name not in connections.names:
            raise UnknownConnectionError(name=name)
        first = await connections.default_project_id(name)
        found = await discover(connections.api(name), project_id=first)
        projects = [{"id": one.id, "name": one.name, "organization": one.organization} for one in found.projects]
        self.finish({"default_project_id": first, "projects": projects})
