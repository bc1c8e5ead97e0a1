"""Turns PostHog's refusals into this package's errors (posthog-api.md 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from jupyter_posthog.api.pauses import DEFAULT_WAIT_S, named_wait_s
from jupyter_posthog.errors import (
    AccessDeniedError,
    ApiError,
    EndpointMissingError,
    InvalidRequestError,
    KernelUnavailableError,
    KeyNotSupportedError,
    KeyRefusedError,
    MethodRefusedError,
    MissingScopeError,
    NotebookNotFoundError,
    NotPosthogError,
    PosthogError,
    RateLimitedError,
    SaveConflictError,
    ServerFailedError,
    TooLargeError,
)

_MAXIMUM_DETAIL = 500
_SCOPE = re.compile(r"required scope '([a-z_]+:[a-z]+)'")

NotFound = Callable[[str], ApiError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer with a status of 300 or more.

    Attributes:
        detail: PostHog's own words, already redacted; empty where the body held none.
        code: PostHog's error code, such as ``not_found``; empty where the body held none.
    """

    host: str
    status: int
    content_type: str
    detail: str
    code: str
    attr: str
    retry_after: str | None


def read_refusal(
    *,
    host: str,
    status: int,
    content_type: str,
    body: bytes,
    retry_after: str | None,
    redact: Callable[[str], str],
) -> Refusal:
    """Read the body of a refusal in each form PostHog uses: standard, bare, collab, HTML, none."""
    value = _json_object(body)
    status_of_query = value.get("query_status")  # a query that was asked for later and failed (posthog-api.md 17)
    later = status_of_query.get("error_message") if isinstance(status_of_query, dict) else None
    detail = value.get("detail") or value.get("error") or later or ""
    return Refusal(
        host=host,
        status=status,
        content_type=content_type,
        detail=redact(str(detail))[:_MAXIMUM_DETAIL],
        code=str(value.get("code") or ""),
        attr=str(value.get("attr") or ""),
        retry_after=retry_after,
    )


def error_for(refusal: Refusal, not_found: NotFound) -> PosthogError:
    """Return the error that says what this refusal means.

    Args:
        not_found: Makes the error of a 404, since only the caller knows which of its three meanings fits.
    """
    status, detail = refusal.status, refusal.detail
    is_web_page = "html" in refusal.content_type
    if 300 <= status < 400 or (is_web_page and status not in {404, 413} and status < 500):
        return _not_posthog(refusal)
    match status:
        case 400:
            return InvalidRequestError(status=status, detail=detail, attr=refusal.attr)
        case 401:
            return KeyRefusedError(status=status, detail=detail)
        case 403:
            return _forbidden(refusal)
        case 404:
            return _missing(refusal, not_found(detail), is_web_page=is_web_page)
        case 405:
            return MethodRefusedError(status=status, detail=detail)
        case 409 | 410:
            return SaveConflictError(status=status, detail=detail)
        case 413:
            return TooLargeError(status=status, detail=detail)
        case 429:
            return RateLimitedError(status=status, detail=detail, wait_s=_wait_s(refusal))
        case 503 if refusal.code == "" and "notebook" in detail:
            return KernelUnavailableError(status=status, detail=detail)
        case _ if status >= 500:
            return ServerFailedError(status=status, detail=detail)
    return ApiError(status=status, detail=detail)


def notebook_not_found(short_id: str) -> NotFound:
    """Return the maker of "no such notebook" for calls on one notebook."""
    return lambda detail: NotebookNotFoundError(status=404, detail=detail, short_id=short_id)


def endpoint_missing(detail: str) -> ApiError:
    """Make the error of a 404 on an endpoint that not every server has."""
    return EndpointMissingError(status=404, detail=detail)


def _missing(refusal: Refusal, error: ApiError, *, is_web_page: bool) -> PosthogError:
    # A removed route answers with PostHog's web page; a notebook that is gone never does.
    if is_web_page and not isinstance(error, EndpointMissingError):
        return _not_posthog(refusal)
    return error


def _not_posthog(refusal: Refusal) -> NotPosthogError:
    return NotPosthogError(host=refusal.host, status=refusal.status, content_type=refusal.content_type)


def _forbidden(refusal: Refusal) -> ApiError:
    # Only the text tells the kinds of 403 apart (posthog-api.md 2.4).
    scope = _SCOPE.search(refusal.detail)
    if scope:
        return MissingScopeError(status=403, detail=refusal.detail, scope=scope.group(1))
    if "does not support" in refusal.detail:
        return KeyNotSupportedError(status=403, detail=refusal.detail)
    return AccessDeniedError(status=403, detail=refusal.detail)


def _wait_s(refusal: Refusal) -> float:
    named = named_wait_s(refusal.detail, refusal.retry_after)
    return DEFAULT_WAIT_S if named is None else named


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
