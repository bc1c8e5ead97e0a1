"""``/_box/…``: arranging faults and playing the colleague, for tests and demonstrations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tornado.web import RequestHandler

from jupyter_posthog.box.people import GRACE

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box


class _ControlHandler(RequestHandler):
    def initialize(self, box: Box) -> None:
        self.box = box


class FaultsHandler(_ControlHandler):
    """``/_box/faults``."""

    def post(self) -> None:
        """Arrange one fault; answer its id."""
        self.set_status(201)
        self.finish({"id": self.box.faults.arrange(json.loads(self.request.body))})

    def delete(self) -> None:
        """Remove every fault."""
        self.box.faults.clear()
        self.set_status(204)
        self.finish()


class FaultHandler(_ControlHandler):
    """``/_box/faults/:id/{release,met}``."""

    async def post(self, number: str, action: str) -> None:
        """Let held requests go on, or answer once a request has met the fault."""
        if action == "release":
            self.box.faults.release(int(number))
        else:
            await self.box.faults.wait_until_met(int(number))
        self.finish({"id": int(number)})


class RequestsHandler(_ControlHandler):
    """``/_box/requests``."""

    def get(self) -> None:
        """List what was asked so far."""
        self.finish({"requests": self.box.faults.requests})


class EditHandler(_ControlHandler):
    """``/_box/edit``."""

    def post(self) -> None:
        """Save a notebook as Grace, at whatever version it is."""
        wanted = json.loads(self.request.body)
        short_id = str(wanted.pop("short_id"))
        if "content" in wanted:
            wanted["version"] = self.box.store.find(short_id, with_deleted=True).version
        record = self.box.store.update(short_id, wanted, GRACE)
        self.finish({"version": record.version})
