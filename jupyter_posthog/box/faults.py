"""Faults on demand, and the list of what was asked; only with ``--faults``."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_posthog.box.handling import BoxHandler

REMEMBERED = 5_000


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next ``times`` requests that match."""

    number: int
    method: str
    path: re.Pattern[str]
    times: int
    status: int | None
    body: str
    is_held: bool
    released: asyncio.Event = field(default_factory=asyncio.Event)
    met: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """The faults that were arranged and the requests that came."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self.requests: list[dict[str, Any]] = []

    def arrange(self, wanted: dict[str, Any]) -> int:
        """Add a fault and return its number."""
        body = wanted.get("body", "")
        fault = Fault(
            number=next(self._numbers),
            method=str(wanted.get("method", "")).upper(),
            path=re.compile(str(wanted.get("path", ""))),
            times=int(wanted.get("times", 1)),
            status=wanted.get("status"),
            body=body if isinstance(body, str) else json.dumps(body),
            is_held=bool(wanted.get("hold")),
        )
        self._faults.append(fault)
        return fault.number

    async def wait_until_met(self, number: int) -> None:
        """Wait until a request has run into the fault."""
        await self._fault(number).met.wait()

    def release(self, number: int) -> None:
        """Let the requests go on that a fault holds."""
        self._fault(number).released.set()

    def clear(self) -> None:
        """Remove every fault and let go what is held."""
        for fault in self._faults:
            fault.released.set()
        self._faults.clear()

    async def meet(self, handler: BoxHandler) -> None:
        """Let one request run into the first fault that matches it."""
        fault = next((fault for fault in self._faults if self._matches(fault, handler)), None)
        if fault is None:
            return
        fault.times -= 1
        fault.met.set()
        if fault.is_held:
            await fault.released.wait()
        if fault.status is not None:
            handler.set_status(fault.status)
            is_json = fault.body[:1] in {"{", "["}
            handler.set_header("Content-Type", "application/json" if is_json else "text/html")
            handler.finish(fault.body)

    def remember(self, handler: BoxHandler) -> None:
        """Keep one request, without headers or body."""
        caller = getattr(handler, "caller", None)
        credential = "session" if caller is not None and caller.is_session else getattr(caller, "key", None)
        self.requests.append(
            {
                "method": handler.request.method,
                "path": handler.request.path,
                "status": handler.get_status(),
                "credential": credential if isinstance(credential, str) else getattr(credential, "name", None),
            }
        )
        del self.requests[:-REMEMBERED]

    def _matches(self, fault: Fault, handler: BoxHandler) -> bool:
        if fault.times <= 0 or fault.method not in {"", handler.request.method}:
            return False
        return fault.path.search(handler.request.path) is not None

    def _fault(self, number: int) -> Fault:
        return next(fault for fault in self._faults if fault.number == number)
