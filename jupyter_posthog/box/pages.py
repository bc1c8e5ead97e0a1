"""What a browser sees of the box: a notebook's text, enough for “Open in PostHog”."""

from __future__ import annotations

import html
import json

from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.notebooks import markdown_of

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 50rem; margin: 2rem auto"><h1>{title}</h1>
<pre style="white-space: pre-wrap">{text}</pre></body></html>"""


class NotebookPage(BoxHandler):
    """``/project/:id/notebooks/:short_id``."""

    async def prepare(self) -> None:
        """Let anybody on this machine read."""
        await self.box.faults.meet(self)

    def get(self, project_id: str, short_id: str) -> None:
        """Show one notebook's text."""
        record = self.box.store.find(short_id)
        text = markdown_of(record.content)
        if text is None:
            text = json.dumps(record.content, indent=2, ensure_ascii=False)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_PAGE.format(title=html.escape(record.title or "Untitled"), text=html.escape(text)))
