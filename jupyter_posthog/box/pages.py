"""What a browser sees of the box: a notebook to read, its Markdown to edit, live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.template import Loader
from tornado.web import StaticFileHandler

from jupyter_posthog.box.credentials import GRACES_SESSION, SESSIONS
from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.page_rendering import render
from jupyter_posthog.box.stored import Record
from jupyter_posthog.box.text.documents import markdown_of
from jupyter_posthog.box.text.rich_conversion import rich_to_markdown
from jupyter_posthog.box.text.rich_inlines import UnconvertibleDocument

FOLDER = Path(__file__).parent / "page"
_TEMPLATES = Loader(str(FOLDER))
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'"


class NotebookPage(BoxHandler):
    """``/project/:id/notebooks/:short_id``."""

    async def prepare(self) -> None:
        """Let anybody on this machine in, as the colleague Grace where the browser has no session of its own."""
        await self.box.faults.meet(self)
        if not self._finished:
            self.person = self._person()

    def get(self, project_id: str, short_id: str) -> None:
        """Show one notebook, or the part of the page that changes with it."""
        record = self.box.store.find(short_id)
        notebook = _readable(record)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        if self.get_query_argument("part", "") == "notebook":
            self.finish(notebook)
            return
        page = _TEMPLATES.load("notebook.html").generate(
            title=record.title or "Untitled",
            api=f"/api/projects/{project_id}/notebooks/{short_id}/",
            person=self.person["first_name"],
            is_markdown=markdown_of(record.content) is not None and self.box.profile.has_markdown,
            notebook=notebook,
        )
        self.finish(page)

    def _person(self) -> dict[str, Any]:
        session = next((one for one in SESSIONS if one.cookie == self.get_cookie("sessionid")), None)
        if session is None:
            session = GRACES_SESSION
            for name, value in (("sessionid", session.cookie), ("posthog_csrftoken", session.csrf)):
                self.set_cookie(name, value, path="/", samesite="Strict")
        return session.person


class PageFiles(StaticFileHandler):
    """``/static/box/…``: script and style of the page."""

    def set_extra_headers(self, path: str) -> None:
        """Let no browser keep an older version."""
        self.set_header("Cache-Control", "no-store")


def _readable(record: Record) -> str:
    """Return a notebook as HTML; a rich one as its conversion would read."""
    text = markdown_of(record.content)
    if text is not None:
        return render(text)
    try:
        return render(rich_to_markdown(record.content))
    except UnconvertibleDocument:
        return "<p>This document cannot be shown.</p>"
