"""Hands requests of the page on to PostHog, and its answers back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.api.checking import FORM, check_request, form_as_json, is_json
from jupyter_posthog.api.refusals import NotFound, endpoint_missing, notebook_not_found
from jupyter_posthog.api.wire import RawAnswer
from jupyter_posthog.errors import NotPosthogError, PosthogError
from jupyter_posthog.messages import sentence

if TYPE_CHECKING:
    from jupyter_posthog.api.bodies import JsonValue
    from jupyter_posthog.api.routes import Route
    from jupyter_posthog.api.transport import Transport
    from jupyter_posthog.connection.connections import Connections

FORWARD_TIMEOUT_S = 240.0  # execute may take 120 s after a kernel's start
# Endpoints that every PostHog with notebooks has: there a 404 is about the notebook (posthog-api.md 11.10).
_EVERYWHERE = frozenset(
    {
        "notebook.retrieve",
        "notebook.update",
        "activity.one",
        "kernel.start",
        "kernel.stop",
        "kernel.restart",
        "kernel.status",
        "kernel.config",
        "kernel.execute",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One request of the page, with what of it may go to PostHog and nothing else.

    Attributes:
        path: Below ``/api/``.
    """

    route: Route
    path: str
    query: Mapping[str, str]
    content: bytes | None
    if_none_match: str | None = None
    last_event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedAnswer:
    """PostHog's answer: always JSON, or empty.

    Attributes:
        error: What a refusal means.
    """

    status: int
    body: bytes
    error: PosthogError | None = None


def checked_request(request: PageRequest, *, content_type: str) -> PageRequest:
    """Return the request as it may be sent; a form becomes JSON, as PostHog's documentation sends both.

    Raises:
        RequestNotValidError: It breaks the contract.
    """
    content = request.content
    # Clients such as curl name a form where they send JSON.
    is_form = content_type.partition(";")[0].strip().lower() == FORM
    if content and is_form and content.lstrip()[:1] not in {b"{", b"["}:
        content = form_as_json(content)
    check_request(request.route, request.path, request.query, content)
    return PageRequest(
        route=request.route,
        path=request.path,
        query=request.query,
        content=content,
        if_none_match=request.if_none_match,
        last_event_id=request.last_event_id,
    )


async def forward_request(connections: Connections, name: str | None, request: PageRequest) -> ForwardedAnswer:
    """Send one allowed request and return its answer; a refusal tells its reason and a sentence besides.

    Raises:
        HostAwayError: No answer came.
        PosthogError: The answer is no JSON, so it is not handed on.
    """
    transport = connections.api(name).transport
    answer = await transport.forward(
        request.route.method,
        f"/api/{request.path}",
        content=request.content,
        query=request.query,
        headers={"If-None-Match": request.if_none_match} if request.if_none_match else {},
        answer_timeout_s=FORWARD_TIMEOUT_S,
    )
    if answer.status >= 300 and answer.status != 304:
        return _refused(transport, request, answer)
    if answer.body.strip() and not is_json(answer.body):
        raise NotPosthogError(host=transport.host, status=answer.status, content_type=answer.content_type)
    return ForwardedAnswer(status=answer.status, body=answer.body)


@asynccontextmanager
async def forward_stream(
    connections: Connections, name: str | None, request: PageRequest
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Open one event stream and give its bytes as they come; leaving it closes PostHog's."""
    async with connections.api(name).transport.events(
        request.route.method,
        f"/api/{request.path}",
        content=request.content,
        headers={"Last-Event-ID": request.last_event_id} if request.last_event_id else {},
        read_timeout_s=FORWARD_TIMEOUT_S,
    ) as parts:
        yield parts


def _refused(transport: Transport, request: PageRequest, answer: RawAnswer) -> ForwardedAnswer:
    error = transport.error_of(answer, _not_found(request))
    body = _json_object(answer.body)
    if body is None or isinstance(error, NotPosthogError):
        raise error
    facts = {name: fact for name, fact in error.facts.items() if name != "detail"}
    told = {**_redacted(body, transport), "message": sentence(error), "reason": error.reason, "facts": facts}
    return ForwardedAnswer(status=answer.status, body=json.dumps(told).encode("ascii"), error=error)


def _not_found(request: PageRequest) -> NotFound:
    if request.route.name not in _EVERYWHERE:
        return endpoint_missing
    return notebook_not_found(request.route.parts(request.path)["short_id"])


def _json_object(body: bytes) -> dict[str, JsonValue] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _redacted(value: dict[str, JsonValue], transport: Transport) -> dict[str, JsonValue]:
    def redact(item: JsonValue) -> JsonValue:
        match item:
            case str():
                return transport.redact(item)
            case list():
                return [redact(entry) for entry in item]
            case dict():
                return {name: redact(entry) for name, entry in item.items()}
        return item

    return {name: redact(item) for name, item in value.items()}
