"""Help while a person types: what can stand at the cursor, what a name is, what an expression gives."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.stopping import unless_stopped
from jupyter_posthog.kernel.printed_text import showable
from jupyter_posthog.kernel.session_door import SessionDoor

#: ``name?`` and ``name??``: IPython shows help in the client's pager, which PostHog does not carry.
_QUESTION = re.compile(r"\s*(?P<name>[^\W\d][\w.]*)(?P<marks>\?\??)\s*")
_NO_VALUE = {
    "status": "error",
    "ename": "NotAvailable",
    "evalue": "PostHog gives no value of this expression.",
    "traceback": [],
}


class KernelHelp:
    """Answers in Jupyter's terms; a person who types is not told why there is no help."""

    def __init__(self, door: SessionDoor) -> None:
        self._door = door

    async def complete(self, code: str, cursor: int) -> dict[str, Any]:
        """Return the content of a ``complete_reply``."""
        reply = {"status": "ok", "matches": [], "cursor_start": cursor, "cursor_end": cursor, "metadata": {}}
        session = await self._door.session_for_help()
        if session is None:
            return reply
        try:
            found = await session.complete(code, cursor)
        except PosthogError:
            return reply
        kinds = [
            {"start": found.start, "end": found.end, "text": text, "type": kind}
            for text, kind in zip(found.matches, found.types, strict=False)
        ]
        return reply | {
            "matches": list(found.matches),
            "cursor_start": found.start,
            "cursor_end": found.end,
            "metadata": {"_jupyter_types_experimental": kinds} if kinds else {},
        }

    async def inspect(self, code: str, cursor: int, detail: int) -> str:
        """Return what is known of the name at the cursor; empty where that is nothing."""
        session = await self._door.session_for_help()
        if session is None:
            return ""
        try:
            return showable(await session.inspect(code, cursor, detail))
        except PosthogError:
            return ""

    async def answer_question(self, code: str) -> str:
        """Return the help that a cell such as ``name?`` asks for; empty where it asks for none."""
        asked = _QUESTION.fullmatch(code)
        if asked is None:
            return ""
        return await self.inspect(asked["name"], len(asked["name"]), len(asked["marks"]) - 1)

    async def evaluate(self, expressions: dict[str, Any], stop: asyncio.Event) -> dict[str, Any]:
        """Return the ``user_expressions`` of an ``execute_reply``."""
        found = dict[str, Any]()
        for name, expression in expressions.items():
            session = await self._door.session_for_help()
            value = await unless_stopped(stop, session.evaluate(str(expression))) if session is not None else None
            found[name] = {"status": "ok", "data": value, "metadata": {}} if value is not None else _NO_VALUE
        return found
