"""What a test may ask to go wrong, and for which requests."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from jupyter_posthog.box.trouble.effects import Effect

HTML_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr></body></html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """How an answer is damaged on its way out.

    Attributes:
        cut_after: The connection breaks after so many bytes of the body.
        truncate_to: The body ends after so many bytes, as if that were all.
        slow_bytes: So many bytes go out at a time, wherever that cuts.
        gap_s: The pause between two such pieces.
        duplicates_event: Each event of a stream is sent twice.
    """

    cut_after: int | None = None
    truncate_to: int | None = None
    slow_bytes: int | None = None
    gap_s: float = 0.02
    duplicates_event: bool = False


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next ``times`` requests that match."""

    number: int
    method: str
    path: re.Pattern[str]
    times: int
    status: int | None
    body: str
    delay_s: float
    is_held: bool
    effect: Effect | None
    bend: Bend | None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    met: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request runs into it."""
        return self.times > 0 and self.method in {"", method} and self.path.search(path) is not None


FIELDS = {
    "method": "only requests of this method",
    "path": "only requests whose path this regular expression finds",
    "times": "how many requests (1)",
    "delay_s": "wait so long first",
    "hold": "wait until released: POST /_box/faults/:id/release",
    "status": "answer with this status",
    "body": "and this body, a text or JSON",
    "html": "answer with a proxy's error page (502)",
    "throttled_s": "answer with PostHog's 429, which names so many seconds",
    "cut_after": "break the connection after so many bytes of the body",
    "truncate_to": "end the body after so many bytes, as if that were all",
    "slow_bytes": "send so many bytes at a time, through characters too",
    "gap_s": "pause between them (0.02)",
    "duplicate_event": "send every event of a stream twice",
    "effect": "one of " + ", ".join(effect.value for effect in Effect),
}


def requested_fault(number: int, wanted: dict[str, Any]) -> Fault:
    """Return the fault that a test asks for.

    Raises:
        ValueError: A field is unknown or of a wrong form.
    """
    unknown = set(wanted) - set(FIELDS)
    if unknown:
        raise ValueError(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(FIELDS)}.")
    status, body = _answer(wanted)
    effect = wanted.get("effect")
    try:
        return Fault(
            number=number,
            method=str(wanted.get("method", "")).upper(),
            path=re.compile(str(wanted.get("path", ""))),
            times=int(wanted.get("times", 1)),
            status=status,
            body=body,
            delay_s=float(wanted.get("delay_s", 0)),
            is_held=bool(wanted.get("hold")),
            effect=Effect(effect) if effect is not None else None,
            bend=_bend(wanted),
        )
    except (TypeError, re.error) as error:
        raise ValueError(str(error)) from error


def _answer(wanted: dict[str, Any]) -> tuple[int | None, str]:
    if wanted.get("html"):
        return int(wanted.get("status", 502)), HTML_PAGE
    if wanted.get("throttled_s") is not None:
        seconds = int(wanted["throttled_s"])
        unit = "second" if seconds == 1 else "seconds"
        detail = f"Request was throttled. Expected available in {seconds} {unit}."
        return 429, json.dumps({"type": "throttled_error", "code": "throttled", "detail": detail, "attr": None})
    status, body = wanted.get("status"), wanted.get("body", "")
    return (int(status) if status is not None else None), body if isinstance(body, str) else json.dumps(body)


def _bend(wanted: dict[str, Any]) -> Bend | None:
    names = ("cut_after", "truncate_to", "slow_bytes")
    numbers = {name: int(wanted[name]) for name in names if wanted.get(name) is not None}
    if not numbers and not wanted.get("duplicate_event"):
        return None
    if numbers.get("slow_bytes", 1) < 1 or min(numbers.values(), default=0) < 0:
        raise ValueError("Numbers of bytes are not negative, pieces hold at least one.")
    gap_s, duplicates_event = float(wanted.get("gap_s", 0.02)), bool(wanted.get("duplicate_event"))
    return Bend(**numbers, gap_s=gap_s, duplicates_event=duplicates_event)
