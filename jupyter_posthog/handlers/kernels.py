"""``posthog/kernels/…``: the remote kernel of a notebook. Whatever changes it can cost money: it asks ``execute``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.notebook_places import PlaceHandler

if TYPE_CHECKING:
    from jupyter_posthog.execution.places import NotebookPlace


class KernelHandler(PlaceHandler):
    """The state of one kernel."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer its clock: state, end, price, the frames that would be lost."""
        self.finish(await self.services.kernels.describe(self.place(path)))


class KernelOptionsHandler(PlaceHandler):
    """The sizes that PostHog offers."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer sizes, lifetimes and prices."""
        self.finish(await self.services.kernels.options(self.place(path)))


class KernelActionHandler(PlaceHandler):
    """Start, stop, restart and another size."""

    @web.authenticated
    @authorized(action="execute")
    async def post(self, path: str, action: str) -> None:
        """Do one of them, and answer the kernel's state then."""
        place = self.place(path)
        if action == "config":
            self.finish(await self.services.kernels.configure(place, self._changes()))
            return
        desk = self.services.kernels
        actions: dict[str, Callable[[NotebookPlace], Awaitable[dict[str, object]]]] = {
            "start": desk.start,
            "stop": desk.stop,
            "restart": desk.restart,
        }
        self.finish(await actions[action](place))

    def _changes(self) -> dict[str, object]:
        body = self.get_json_body()
        if not isinstance(body, dict):
            raise RequestNotValidError(attr="", code="invalid", problem="the body is no JSON object")
        return body
