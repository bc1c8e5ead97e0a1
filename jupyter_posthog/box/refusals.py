"""PostHog's error bodies (posthog-api.md 3)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """One refused request: its status and body."""

    def __init__(self, status: int, body: dict[str, Any] | None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def standard(status: int, kind: str, code: str, detail: str, attr: str | None = None) -> Refusal:
    """Return a refusal with the standard body."""
    return Refusal(status, {"type": kind, "code": code, "detail": detail, "attr": attr})


def bare(status: int, detail: str) -> Refusal:
    """Return a refusal with a detail and nothing else (3.2)."""
    return Refusal(status, {"detail": detail})


def invalid(detail: str, *, attr: str | None = None, code: str = "invalid_input") -> Refusal:
    """Return a 400 of a serializer."""
    return standard(400, "validation_error", code, detail, attr)


def required(attr: str) -> Refusal:
    """Return the 400 for a field that is missing."""
    return invalid("This field is required.", attr=attr, code="required")


def unauthorized(code: str, detail: str) -> Refusal:
    """Return a 401."""
    return standard(401, "authentication_error", code, detail)


def forbidden(detail: str) -> Refusal:
    """Return a 403."""
    return standard(403, "authentication_error", "permission_denied", detail)


def not_found(detail: str = "Not found.") -> Refusal:
    """Return a 404."""
    return standard(404, "invalid_request", "not_found", detail)


def conflict(detail: str = "Someone else edited the Notebook") -> Refusal:
    """Return the 409 of a save on another version (6.8)."""
    return standard(409, "server_error", "conflict", detail)


def too_large(limit: int) -> Refusal:
    """Return the refusal of a body above the size limit; its words are not known (1.5)."""
    return standard(413, "invalid_request", "request_too_large", f"The request body is larger than {limit} bytes.")


def throttled(seconds: int) -> Refusal:
    """Return the 429 of a rate limit: the wait is only in the text (4)."""
    unit = "second" if seconds == 1 else "seconds"
    detail = f"Request was throttled. Expected available in {seconds} {unit}."
    return standard(429, "throttled_error", "throttled", detail)


def timed_out(detail: str) -> Refusal:
    """Return the 504 of a query that ran longer than it may (17)."""
    return standard(504, "server_error", "error", detail)


def server_error() -> Refusal:
    """Return PostHog's own 500."""
    return standard(500, "server_error", "error", "A server error occurred.")
