"""``posthog/variables/…``: the variables of a notebook, which its cells read by name."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.notebook_places import PlaceHandler


class VariablesHandler(PlaceHandler):
    """The variables of one notebook."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer ``{variables: [{name, type, value}], is_served}``."""
        from jupyter_posthog.execution.variable_desk import stored_variables

        self.finish(await stored_variables(self.place(path)))

    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        """Store the whole list, ``{variables}``, and answer what PostHog keeps."""
        from jupyter_posthog.execution.variable_desk import store_variables

        body = self.get_json_body()
        wanted = body.get("variables") if isinstance(body, dict) else None
        self.finish(await store_variables(self.place(path), wanted))
