"""Several notebooks in one file: ``POST posthog/files`` answers a zip archive."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import anyio
from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import PosthogError, RequestNotValidError
from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address
from jupyter_posthog.messages import sentence

if TYPE_CHECKING:
    from jupyter_posthog.storage.exporting import ExportedFile
    from jupyter_posthog.storage.paths import NotebookAddress

#: Each one is a request to PostHog, whose limit all of a team share (posthog-api.md 4).
MOST_NOTEBOOKS = 100
NAME = "PostHog notebooks.zip"
_NOT_EXPORTED = "NOT EXPORTED.txt"


class ArchiveHandler(AnsweringHandler):
    """Exports of several notebooks."""

    @web.authenticated
    @authorized(action="read")
    async def post(self) -> None:
        """Answer ``{paths, format}`` as one archive; what cannot be exported is named in it, with the reason."""
        addresses, format = _wanted(self.get_json_body())
        files: list[ExportedFile] = []
        refusals: list[str] = []
        for address in addresses:
            try:
                files.append(await self.services.exports.export(address, format=format))
            except PosthogError as error:
                if not files and len(addresses) == len(refusals) + 1:
                    raise  # nothing at all: the refusal itself says more than an archive of refusals
                refusals.append(f"{address.short_id}: {sentence(error)}\n")
        body = await anyio.to_thread.run_sync(_archive, files, refusals)
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{NAME.replace(' ', '%20')}")
        self.finish(body, set_content_type="application/zip")


def _wanted(body: Any) -> tuple[list[NotebookAddress], str]:
    """Read a request.

    Raises:
        RequestNotValidError: It names no notebooks, or too many.
        InvalidPathError: A path names no notebook.
    """
    paths, format = (body.get("paths"), body.get("format")) if isinstance(body, dict) else (None, None)
    if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
        raise RequestNotValidError(attr="paths", code="invalid", problem="paths is a list of paths")
    if len(paths) > MOST_NOTEBOOKS:
        problem = f"an archive holds at most {MOST_NOTEBOOKS} notebooks, and these are {len(paths)}"
        raise RequestNotValidError(attr="paths", code="invalid", problem=problem)
    if not isinstance(format, str):
        raise RequestNotValidError(attr="format", code="invalid", problem="format is a text")
    return [notebook_address(path) for path in dict.fromkeys(paths)], format


def _archive(files: list[ExportedFile], refusals: list[str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.body)
        if refusals:
            archive.writestr(_NOT_EXPORTED, "".join(refusals))
    return whole.getvalue()
