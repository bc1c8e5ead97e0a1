"""``posthog/connections[/NAME]``: list, add, test, remove; a key goes in, its last four characters come out."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import InsecureRequestError, InvalidConnectionError
from jupyter_posthog.handlers.answering import AnsweringHandler

_MOST_BYTES = 16_384
# What tornado gives for a Unix socket, which only this machine reaches.
_UNIX_SOCKET = {"", "0.0.0.0"}  # nothing is bound here


class _AddingHandler(AnsweringHandler):
    async def add(self, name: str | None) -> None:
        """Add one connection from the request's body."""
        # Loaded at the first question, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.connection.desk import read_new_connection

        check_way(self.request.protocol, self.request.remote_ip or "", self.request.headers)
        wanted = read_new_connection(self._body(), name=name)
        answer = await self.services.desk.add(wanted)
        self.services.live.restart(str(answer["name"]))
        self.set_status(201)
        self.finish(answer)

    def _body(self) -> object:
        # Jupyter's own reader logs a body that is no JSON, and the key with it.
        if len(self.request.body) > _MOST_BYTES:
            raise InvalidConnectionError(problem="the request is too long for a connection")
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            problem = "the request is no JSON"
        raise InvalidConnectionError(problem=problem)


class ConnectionsHandler(_AddingHandler):
    """All connections."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer every connection as its settings say; nothing is sent to PostHog."""
        self.finish(self.services.desk.list_connections())

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Add one connection, named by the body or by its host."""
        await self.add(None)


class ConnectionHandler(_AddingHandler):
    """One connection by its name."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Test one connection: who, which projects, what it can do."""
        self.finish((await self.services.desk.test(name)).to_json())

    @web.authenticated
    @authorized
    async def put(self, name: str) -> None:
        """Add one connection under this name, or give it another key."""
        await self.add(name)

    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        """Forget one stored connection and its key."""
        await self.services.desk.remove(name)
        self.set_status(204)
        self.finish()


def check_way(protocol: str, remote_ip: str, headers: Mapping[str, str]) -> None:
    """Check that a key came over https, or from this machine.

    A proxy in front says in its headers how it was reached; who lies in them harms only their own key.

    Raises:
        InsecureRequestError: It came over plain http from another machine.
    """
    protocol = headers.get("X-Forwarded-Proto", protocol).split(",")[0].strip().lower()
    senders = [remote_ip, *headers.get("X-Forwarded-For", "").split(",")]
    if protocol != "https" and not all(_is_here(sender.strip()) for sender in senders):
        raise InsecureRequestError()


def _is_here(address: str) -> bool:
    if address in _UNIX_SOCKET:
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
