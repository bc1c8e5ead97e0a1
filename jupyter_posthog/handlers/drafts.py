"""``posthog/drafts``: edits that a page holds and PostHog does not have yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import CellNotWritableError, DraftGoneError, WrongNotebookError
from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address
from jupyter_posthog.messages import sentence
from jupyter_posthog.storage.save_requests import notebook_in

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.storage.paths import NotebookAddress


class DraftsHandler(AnsweringHandler):
    """All drafts of this machine's user, or those of one notebook."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the drafts, without their cells; with ``path``, only those that are offered for that notebook."""
        path = self.get_query_argument("path", "")
        drafts = self.services.drafts
        if not path:
            self.finish({"drafts": drafts.list_drafts()})
            return
        waiting = self.services.saver.waiting
        found = [
            {
                "id": draft.draft_id,
                "page_id": draft.page_id,
                "base_version": draft.base_version,
                "saved_at": draft.saved_at,
                "is_waiting": draft.draft_id in waiting,
            }
            for draft in drafts.of(notebook_address(path))
        ]
        self.finish({"drafts": found})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Keep one draft, ``{path, base_version, page_id, content}``, and answer what a save of it would change."""
        body = self.get_json_body() or {}
        address = notebook_address(str(body.get("path", "")))
        content, base_version = body.get("content"), body.get("base_version")
        if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
            raise WrongNotebookError(problem="it is not a notebook of nbformat 4")
        base_version = base_version if isinstance(base_version, int) else None
        notebook = notebook_in(content)
        draft, problem = self.services.drafts.keep(
            address, notebook, base_version, page_id=str(body.get("page_id") or "")
        )
        self.set_status(201)
        self.finish({"id": draft.draft_id, "problem": problem, **self._changes(address, notebook, base_version)})

    def _changes(self, address: NotebookAddress, notebook: NotebookNode, base_version: int | None) -> dict[str, object]:
        """Return the changed cells by the converter's own proof, and why the notebook cannot be saved, if so."""
        try:
            written = self.services.bases.local_changes(address, notebook, base_version=base_version)
        except CellNotWritableError as error:
            return {"changes": None, "refusal": {"reason": error.reason, "message": sentence(error)}}
        if written is None:
            return {"changes": None, "refusal": None}
        changes = [
            {"cell_id": change.cell_id, "cell_number": change.cell_number, "kind": change.kind}
            for change in (written.changes if written.is_changed else ())
        ]
        return {"changes": changes, "refusal": None}


class DraftHandler(AnsweringHandler):
    """One draft."""

    @web.authenticated
    @authorized
    async def get(self, draft_id: str) -> None:
        """Answer one draft with its cells."""
        draft = self.services.drafts.find(draft_id)
        if draft is None:
            raise DraftGoneError()
        self.finish(
            {
                "id": draft.draft_id,
                "base_version": draft.base_version,
                "saved_at": draft.saved_at,
                "content": draft.notebook,
            }
        )

    @web.authenticated
    @authorized
    async def delete(self, draft_id: str) -> None:
        """Drop one draft; 404 where there is none."""
        if not self.services.drafts.drop(draft_id):
            raise web.HTTPError(404, "There is no such draft.")
        self.set_status(204)
        self.finish()
