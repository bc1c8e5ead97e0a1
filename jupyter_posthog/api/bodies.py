"""Bodies of requests and answers: JSON, as PostHog takes and gives it."""

from __future__ import annotations

import json

from jupyter_posthog.api.credentials import SAFE_METHODS
from jupyter_posthog.api.wire import RawAnswer
from jupyter_posthog.errors import NotPosthogError

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
MAXIMUM_BODY_BYTES = 20_971_520  # posthog-api.md 1.5


def encode_body(method: str, body: JsonValue) -> bytes | None:
    """Return the bytes of a body; unsafe methods always have one."""
    if body is None and method in SAFE_METHODS:
        return None
    # ASCII escapes carry every string, lone surrogates included, and let PostHog answer about them.
    return json.dumps(body if body is not None else {}, separators=(",", ":")).encode("ascii")


def decode_answer(raw: RawAnswer, *, host: str) -> JsonValue:
    """Return what an answer holds; None where it is empty.

    Raises:
        NotPosthogError: It is no JSON.
    """
    if not raw.body.strip():
        return None
    try:
        value: JsonValue = json.loads(raw.body)
    except (ValueError, RecursionError) as error:
        raise NotPosthogError(host=host, status=raw.status, content_type=raw.content_type) from error
    return value
