"""``posthog/runs/…``: the runs of a notebook that are noted on this machine."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.notebook_places import PlaceHandler


class RunsHandler(PlaceHandler):
    """The run records of one notebook."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """List them, without asking PostHog."""
        self.finish(self.services.runs.list_runs(self.place(path)))


class AttachHandler(PlaceHandler):
    """What became of runs that go on; nothing runs for it, but polls drive queries on."""

    @web.authenticated
    @authorized(action="execute")
    async def post(self, path: str) -> None:
        """Ask PostHog once for each run without an end, and answer all with their outputs."""
        self.finish(await self.services.runs.attach(self.place(path)))
