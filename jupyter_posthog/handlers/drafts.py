"""``posthog/drafts``: edits that a page holds and PostHog does not have yet."""

from __future__ import annotations

import nbformat
from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import InvalidPathError, WrongNotebookError
from jupyter_posthog.handlers.answering import AnsweringHandler


class DraftsHandler(AnsweringHandler):
    """All drafts of this machine's user."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the drafts, without their cells."""
        self.finish({"drafts": self.services.drafts.list_drafts()})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Keep one draft: ``{path, base_version, content}``."""
        # Loaded at the first draft, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.storage.paths import NotebookAddress, parse_path

        body = self.get_json_body() or {}
        address = parse_path(str(body.get("path", "")))
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=str(body.get("path", "")))
        content, base_version = body.get("content"), body.get("base_version")
        if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
            raise WrongNotebookError(problem="it is not a notebook of nbformat 4")
        draft_id = self.services.drafts.keep(
            address, nbformat.from_dict(content), base_version=base_version if isinstance(base_version, int) else None
        )
        self.set_status(201)
        self.finish({"id": draft_id})


class DraftHandler(AnsweringHandler):
    """One draft."""

    @web.authenticated
    @authorized
    async def delete(self, draft_id: str) -> None:
        """Drop one draft; 404 where there is none."""
        if not self.services.drafts.drop(draft_id):
            raise web.HTTPError(404, "There is no such draft.")
        self.set_status(204)
        self.finish()
