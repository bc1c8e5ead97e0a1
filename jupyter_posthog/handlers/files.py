"""``posthog/files/…``: a notebook of the drive as a file to keep."""

from __future__ import annotations

from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address


class FilesHandler(AnsweringHandler):
    """Downloads and exports."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer one notebook as a file; ``format`` is ipynb, markdown, html or python."""
        address = notebook_address(path)
        file = await self.services.exports.export(address, format=self.get_query_argument("format", "ipynb"))
        plain_name = f"{address.short_id}.{file.name.rpartition('.')[2]}"
        name = f"filename=\"{plain_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        self.set_header("Content-Disposition", f"attachment; {name}")
        self.finish(file.body, set_content_type=file.media_type)
