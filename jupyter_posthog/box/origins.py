"""Keeps web pages of other places away: the demo keys are known to everybody, and the box runs code."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler


class ForeignHandler(RequestHandler):
    """What a page of another place is told."""

    def prepare(self) -> None:
        """Refuse, whatever is asked."""
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("PostHog in a box answers only programs and pages of this machine.\n")


class LocalApplication(Application):
    """An application that answers only under this machine's own names, and no page of another origin."""

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        """Return the handler of a request that comes from here."""
        if is_own(request.headers.get("Host", ""), request.headers.get("Origin")):
            return super().find_handler(request, **kwargs)
        return self.get_handler_delegate(request, ForeignHandler)


def is_own(host: str, origin: str | None) -> bool:
    """Whether a request was sent to a loopback name, and by no page of another origin."""
    # A foreign name that leads here is how a web page gets past the browser's same-origin rule.
    return _is_loopback(host) and (origin is None or origin == f"http://{host}")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
