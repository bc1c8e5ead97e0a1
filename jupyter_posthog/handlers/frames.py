"""``posthog/runs/…/frames/NAME``: rows of a frame, as many as a grid shows at a time."""

from __future__ import annotations

import re

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.notebook_places import PlaceHandler

MOST_ROWS, DEFAULT_ROWS = 500, 50
_RUN_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


class FramePageHandler(PlaceHandler):
    """Rows of one frame of a notebook."""

    @web.authenticated
    @authorized(action="execute")  # a query runs again for rows that PostHog keeps no more
    async def get(self, path: str, name: str) -> None:
        """Answer rows from ``offset``, at most ``limit``; ``run_id`` is the run whose frame the page shows."""
        from jupyter_posthog.connection.capabilities import SCRATCHPAD
        from jupyter_posthog.execution.stored_frames import WantedPage, stored_page

        place = self.place(path)
        run_id = self.get_query_argument("run_id", "")
        if run_id and not _RUN_ID.fullmatch(run_id):
            raise RequestNotValidError(attr="run_id", code="invalid", problem="run_id is not the id of a run")
        wanted = WantedPage(
            name=name,
            run_id=run_id or None,
            offset=self._number("offset", 0, least=0, most=2**31),
            limit=self._number("limit", DEFAULT_ROWS, least=1, most=MOST_ROWS),
        )
        self.finish(await stored_page(place, wanted, is_stored=place.short_id != SCRATCHPAD))

    def _number(self, name: str, default: int, *, least: int, most: int) -> int:
        text = self.get_query_argument(name, str(default))
        if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
            raise RequestNotValidError(attr=name, code="invalid", problem=f"{name} lies between {least} and {most}")
        return int(text)
