"""Faults on demand, and the list of what was asked; only with ``--faults``."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from jupyter_posthog.box.trouble.bent_answers import bend
from jupyter_posthog.box.trouble.effects import Effect, Effects
from jupyter_posthog.box.trouble.fault_requests import Fault, requested_fault

if TYPE_CHECKING:
    from jupyter_posthog.box.handling import BoxHandler

REMEMBERED = 50_000


class Faults:
    """The faults that were arranged and the requests that came.

    Args:
        effects: Where engines look for what is to go wrong.
        end_lifetimes: Ends every kernel as if its lifetime were over.
    """

    def __init__(self, effects: Effects, end_lifetimes: Callable[[], Awaitable[None]]) -> None:
        self._effects = effects
        self._end_lifetimes = end_lifetimes
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self.requests: list[dict[str, Any]] = []

    def arrange(self, wanted: dict[str, Any]) -> int:
        """Add a fault and return its number.

        Raises:
            ValueError: It is no fault that the box knows.
        """
        fault = requested_fault(next(self._numbers), wanted)
        self._faults.append(fault)
        return fault.number

    async def wait_until_met(self, number: int) -> None:
        """Wait until a request has run into the fault.

        Raises:
            KeyError: There is no such fault.
        """
        await self._fault(number).met.wait()

    def release(self, number: int) -> None:
        """Let the requests go on that a fault holds.

        Raises:
            KeyError: There is no such fault.
        """
        self._fault(number).released.set()

    def clear(self) -> None:
        """Remove every fault and let go what is held."""
        for fault in self._faults:
            fault.released.set()
        self._faults.clear()

    async def meet(self, handler: BoxHandler) -> None:
        """Let one request run into the first fault that matches it."""
        request = handler.request
        fault = next((fault for fault in self._faults if fault.matches(request.method or "", request.path)), None)
        if fault is None:
            return
        fault.times -= 1
        fault.met.set()
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.is_held:
            await fault.released.wait()
        await self._affect(fault)
        if fault.bend is not None:
            bend(handler, fault.bend)
        if fault.status is not None:
            handler.set_status(fault.status)
            is_json = fault.body[:1] in {"{", "["}
            handler.set_header("Content-Type", "application/json" if is_json else "text/html")
            handler.finish(fault.body)

    async def _affect(self, fault: Fault) -> None:
        if fault.effect is Effect.LIFETIME_OVER:
            await self._end_lifetimes()
        elif fault.effect is not None:
            self._effects.meet(fault.effect)

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

    def _fault(self, number: int) -> Fault:
        found = next((fault for fault in self._faults if fault.number == number), None)
        if found is None:
            raise KeyError(number)
        return found
