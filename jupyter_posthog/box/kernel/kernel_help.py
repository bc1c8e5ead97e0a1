"""Completion and inspection by a kernel that runs; none is started for it (posthog-api.md 11.7)."""

from __future__ import annotations

import re

from jupyter_posthog.box.handling import Json
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.refusals import invalid, required

LONGEST_CODE = 100_000
_KERNEL = "__import__('IPython').get_ipython().kernel"
_TYPES = "_jupyter_types_experimental"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class CompleteHandler(KernelHandler):
    """``kernel/complete/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Answer what can stand at the cursor; nothing where no kernel runs or it is busy."""
        code, place = _position(self.body())
        reply = await ask_idle_kernel(self, short_id, f"do_complete({code!r}, {place})")
        if reply is None:
            self.answer({"matches": [], "cursor_start": place, "cursor_end": place})
            return
        kinds = {found["text"]: found.get("type", "") for found in reply.get("metadata", {}).get(_TYPES, [])}
        matches = [{"text": text, "type": kinds.get(text, "")} for text in reply["matches"]]
        self.answer({"matches": matches, "cursor_start": reply["cursor_start"], "cursor_end": reply["cursor_end"]})


class InspectHandler(KernelHandler):
    """``kernel/inspect/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Answer what is known of the name at the cursor."""
        body = self.body()
        code, place = _position(body)
        level = body.get("detail_level", 0)
        if level not in (0, 1):
            raise invalid(f'"{level}" is not a valid choice.', attr="detail_level", code="invalid_choice")
        reply = await ask_idle_kernel(self, short_id, f"do_inspect({code!r}, {place}, {int(level)})")
        text = reply.get("data", {}).get("text/plain", "") if reply else ""
        self.answer({"found": bool(reply and reply["found"]), "text": _COLOURS.sub("", text)})


async def ask_idle_kernel(handler: KernelHandler, short_id: str, call: str) -> Json:
    """Return what a kernel's own method gives, None where no kernel is there to be asked at once."""
    kernel = await handler.box.kernels.find(handler.person, handler.notebook(short_id))
    if kernel is None or kernel.is_busy:
        return None
    return await kernel.ask(f"__import__('json').dumps({_KERNEL}.{call}, default=str)")


def _position(body: dict[str, Json]) -> tuple[str, int]:
    """Return code and cursor; the cursor counts characters.

    Raises:
        Refusal: 400.
    """
    for name in ("code", "cursor_pos"):
        if name not in body:
            raise required(name)
    code, place = body["code"], body["cursor_pos"]
    if not isinstance(code, str):
        raise invalid("Not a valid string.", attr="code")
    if len(code) > LONGEST_CODE:
        detail = f"Ensure this field has no more than {LONGEST_CODE} characters."
        raise invalid(detail, attr="code", code="max_length")
    if not isinstance(place, int) or isinstance(place, bool):
        raise invalid("A valid integer is required.", attr="cursor_pos")
    if place < 0:
        raise invalid("Ensure this value is greater than or equal to 0.", attr="cursor_pos", code="min_value")
    return code, min(place, len(code))
