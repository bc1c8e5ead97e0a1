"""``/_box/…``: arranging faults, playing the colleague and moving the clock, for tests and demonstrations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from jupyter_posthog.box.people import GRACE
from jupyter_posthog.box.refusals import Refusal
from jupyter_posthog.box.trouble.fault_requests import FIELDS

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box

Json = Any
_LOOPBACK = ("127.", "::1")


class ControlHandler(RequestHandler):
    """The base of the box's own routes: only for this machine."""

    def initialize(self, box: Box) -> None:
        """Take the running box."""
        self.box = box

    def prepare(self) -> None:
        """Refuse other machines."""
        if not str(self.request.remote_ip).startswith(_LOOPBACK):
            self.refuse(403, "Only for this machine.")

    def wanted(self) -> dict[str, Json]:
        """Return the JSON object of the request, an empty one where there is none."""
        try:
            value = json.loads(self.request.body or b"{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self.refuse(400, "A JSON object is wanted.")
            return {}
        return value

    def refuse(self, status: int, detail: str) -> None:
        """Answer with a reason."""
        self.set_status(status)
        self.finish({"detail": detail})


class FaultsHandler(ControlHandler):
    """``/_box/faults``."""

    def get(self) -> None:
        """Tell what may be asked for."""
        self.finish({"fields": FIELDS})

    def post(self) -> None:
        """Arrange one fault; answer its id."""
        wanted = self.wanted()
        if self._finished:
            return
        try:
            number = self.box.faults.arrange(wanted)
        except ValueError as error:
            self.refuse(400, str(error))
            return
        self.set_status(201)
        self.finish({"id": number})

    def delete(self) -> None:
        """Remove every fault."""
        self.box.faults.clear()
        self.set_status(204)
        self.finish()


class FaultHandler(ControlHandler):
    """``/_box/faults/:id/{release,met}``."""

    async def post(self, number: str, action: str) -> None:
        """Let held requests go on, or answer once a request has met the fault."""
        try:
            if action == "release":
                self.box.faults.release(int(number))
            else:
                await self.box.faults.wait_until_met(int(number))
        except KeyError:
            self.refuse(404, "There is no such fault.")
            return
        self.finish({"id": int(number)})


class RequestsHandler(ControlHandler):
    """``/_box/requests``."""

    def get(self) -> None:
        """List what was asked so far."""
        self.finish({"requests": self.box.faults.requests})


class EditHandler(ControlHandler):
    """``/_box/edit``."""

    def post(self) -> None:
        """Save a notebook as Grace, at whatever version it is."""
        wanted = self.wanted()
        short_id = str(wanted.pop("short_id", ""))
        try:
            if "content" in wanted:
                wanted["version"] = self.box.store.find(short_id, with_deleted=True).version
            record = self.box.store.update(short_id, wanted, GRACE)
        except Refusal as refusal:
            self.set_status(refusal.status)
            self.finish(refusal.body or {})
            return
        self.finish({"version": record.version})


class ClockHandler(ControlHandler):
    """``/_box/clock``."""

    def post(self) -> None:
        """Move the clock of kernels and their lifetimes forward."""
        seconds = self.wanted().get("advance_s")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            self.refuse(400, "advance_s: a number of seconds that is not negative.")
            return
        self.box.clock.advance(seconds)
        self.finish({"now": self.box.clock.now().isoformat()})


class StreamsHandler(ControlHandler):
    """``/_box/streams``."""

    def get(self) -> None:
        """Tell how many live streams are open, by notebook."""
        self.finish({"streams": self.box.collaboration.open_streams()})

    def delete(self) -> None:
        """End every stream as PostHog does after five minutes."""
        self.box.collaboration.close()
        self.set_status(204)
        self.finish()


def rules(box: Box) -> list[tuple[str, Any, dict[str, Any]]]:
    """Return the box's own routes."""
    shared = {"box": box}
    return [
        (r"/_box/faults/?", FaultsHandler, shared),
        (r"/_box/faults/(?P<number>\d+)/(?P<action>release|met)/?", FaultHandler, shared),
        (r"/_box/requests/?", RequestsHandler, shared),
        (r"/_box/edit/?", EditHandler, shared),
        (r"/_box/clock/?", ClockHandler, shared),
        (r"/_box/streams/?", StreamsHandler, shared),
    ]
