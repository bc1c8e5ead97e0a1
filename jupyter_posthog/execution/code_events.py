"""The event stream of ``kernel/execute/stream``, made of an answer that comes at the end (posthog-api.md 11.9)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.messages import sentence

KEEPALIVE_S = 15.0  # as often as PostHog's other stream (posthog-api.md 15.4)
_KEEPALIVE = b": keepalive\n\n"


async def code_events(
    answering: Coroutine[Any, Any, dict[str, JsonValue]], *, keepalive_s: float = KEEPALIVE_S
) -> AsyncGenerator[bytes, None]:
    """Give the events ``stdout``, ``stderr`` and ``result`` of an answer, and signs of life until it comes.

    Closing the iterator cancels the answering.

    Raises:
        PosthogError: There is no answer, and no event has gone out yet.
    """
    answer = asyncio.ensure_future(answering)
    has_begun = False
    try:
        while not (await asyncio.wait({answer}, timeout=keepalive_s))[0]:
            has_begun = True
            yield _KEEPALIVE
        if isinstance(error := answer.exception(), PosthogError) and has_begun:
            yield error_event(error, "Failed to execute notebook code.")
            return
        for event in _events(answer.result()):
            yield event
    finally:
        answer.cancel()
        await asyncio.wait({answer})


def error_event(error: PosthogError, words: str) -> bytes:
    """Return the last event of a stream that failed.

    Args:
        words: What PostHog itself says there.
    """
    return _event("error", {"error": words, "message": sentence(error), "reason": error.reason})


def _events(answer: dict[str, JsonValue]) -> list[bytes]:
    printed = [(name, answer.get(name)) for name in ("stdout", "stderr")]
    events = [_event(name, {"text": text}) for name, text in printed if isinstance(text, str) and text]
    return [*events, _event("result", answer)]


def _event(name: str, data: JsonValue) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode("ascii")
