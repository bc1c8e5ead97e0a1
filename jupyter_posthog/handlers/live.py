"""``posthog/live/…``: a page tells which notebooks it has open, and hears what is known of them.

What happens to them comes on Jupyter Server's event bus; the page never holds a stream of PostHog's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import InvalidPathError, RequestNotValidError
from jupyter_posthog.handlers.answering import AnsweringHandler

if TYPE_CHECKING:
    from jupyter_posthog.storage.paths import NotebookAddress

#: More than any page shows; a mistake in a page would else open streams without end.
MOST_NOTEBOOKS = 100


class LivePageHandler(AnsweringHandler):
    """What one page has open."""

    @web.authenticated
    @authorized(action="read")
    async def put(self, page_id: str) -> None:
        """Take everything that a page has open: ``{notebooks: [{path, version}]}``; holds for one lease."""
        live = self.services.live
        shown = read_shown(self.get_json_body())
        live.pages.renew(page_id, shown)
        tracks = [live.track(address) for address in shown]
        self.finish(
            {"lease_s": live.pages.lease_s, "notebooks": [track.to_json() for track in tracks if track is not None]}
        )

    @web.authenticated
    @authorized(action="read")
    async def delete(self, page_id: str) -> None:
        """Forget a page that is closed."""
        self.services.live.pages.leave(page_id)
        self.set_status(204)
        self.finish()


def read_shown(body: object) -> dict[NotebookAddress, int | None]:
    """Read what a page shows.

    Raises:
        RequestNotValidError: The body has another form.
        InvalidPathError: A path is none of a notebook.
    """
    # Loaded at the first page, not at the start of every server (docs/decisions/0003).
    from jupyter_posthog.storage.paths import NotebookAddress, parse_path

    notebooks = body.get("notebooks") if isinstance(body, dict) else None
    if not isinstance(notebooks, list) or not all(isinstance(one, dict) for one in notebooks):
        raise RequestNotValidError(attr="notebooks", code="invalid_input", problem="notebooks is a list of objects")
    if len(notebooks) > MOST_NOTEBOOKS:
        problem = f"a page may follow {MOST_NOTEBOOKS} notebooks, not {len(notebooks)}"
        raise RequestNotValidError(attr="notebooks", code="invalid_input", problem=problem)
    shown: dict[NotebookAddress, int | None] = {}
    for one in notebooks:
        path, version = str(one.get("path", "")), one.get("version")
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        shown[address] = version if isinstance(version, int) and not isinstance(version, bool) else None
    return shown
