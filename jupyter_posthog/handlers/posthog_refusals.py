"""Refusals of ours in the form of PostHog's (posthog-api.md 3.1), for clients that know only that one."""

from __future__ import annotations

from jupyter_posthog.errors import PosthogError, RequestNotValidError
from jupyter_posthog.messages import sentence

# By status: PostHog's word for the kind of refusal, and for its cause where we have none of our own.
_WORDS = {
    400: ("validation_error", "invalid_input"),
    401: ("authentication_error", "authentication_failed"),
    403: ("authentication_error", "permission_denied"),
    404: ("invalid_request", "not_found"),
    405: ("invalid_request", "method_not_allowed"),
    413: ("invalid_request", "request_too_large"),
    429: ("throttled_error", "throttled"),
}


def refusal_body(error: PosthogError, status: int) -> dict[str, object]:
    """Return the body of a refusal: PostHog's four fields, and what the page makes its sentence of."""
    facts = dict(error.facts)
    detail, attr = facts.pop("detail", ""), facts.get("attr")
    kind, code = _WORDS.get(status, ("server_error", "error"))
    if isinstance(error, RequestNotValidError):
        code = error.code
        kind = "invalid_request" if code == "parse_error" else kind
    return {
        "type": kind,
        "code": code,
        "detail": detail or sentence(error),
        "attr": attr or None,
        "message": sentence(error),
        "reason": error.reason,
        "facts": facts,
    }
