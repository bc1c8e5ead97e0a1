"""``posthog/files/…``: a notebook of the drive as a file to keep."""

from __future__ import annotations

import json
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler


class FilesHandler(AnsweringHandler):
    """Downloads."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer one notebook as an .ipynb file."""
        model = await self.services.contents.get(path, content=True)
        name = quote(model["name"])
        self.set_header("Content-Type", "application/x-ipynb+json")
        self.set_header("Content-Disposition", f"attachment; filename*=utf-8''{name}")
        self.finish(json.dumps(model["content"], indent=1))
