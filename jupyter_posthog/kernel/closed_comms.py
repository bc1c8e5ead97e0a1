"""Comms, which widgets speak over: every one is closed at once, since there are no widgets over PostHog."""

from __future__ import annotations

from typing import Any

COMM_MESSAGES = ("comm_open", "comm_msg", "comm_close")


class ClosedComms:
    """The part of a kernel that answers comms."""

    session: Any
    iopub_socket: Any
    _topic: Any

    async def comm_open(self, stream: Any, ident: Any, parent: Any) -> None:
        """Close every comm that a client opens: there are no widgets over PostHog."""
        comm_id = parent["content"].get("comm_id", "")
        self.session.send(
            self.iopub_socket, "comm_close", {"comm_id": comm_id, "data": {}}, parent, ident=self._topic("comm")
        )

    async def comm_msg(self, stream: Any, ident: Any, parent: Any) -> None:
        """Ignore what comes over a comm that was closed."""

    async def comm_close(self, stream: Any, ident: Any, parent: Any) -> None:
        """Nothing is open."""
