"""Hands requests of the page on to PostHog, and its answers back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.errors import NotPosthogError

FORWARD_TIMEOUT_S = 240.0  # execute may take 120 s after a kernel's start

if TYPE_CHECKING:
    from jupyter_posthog.connection.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedAnswer:
    """PostHog's answer: always JSON, or empty."""

    status: int
    body: bytes


async def forward_request(
    connections: Connections,
    name: str | None,
    method: str,
    path: str,
    *,
    query: Mapping[str, str],
    content: bytes | None,
    if_none_match: str | None,
) -> ForwardedAnswer:
    """Send one allowed request and return its answer.

    Raises:
        HostAwayError: No answer came.
        NotPosthogError: The answer is neither JSON nor empty; it is not handed on.
    """
    transport = connections.api(name).transport
    headers = {"If-None-Match": if_none_match} if if_none_match else {}
    answer = await transport.forward(
        method, f"/api/{path}", content=content, query=query, headers=headers, answer_timeout_s=FORWARD_TIMEOUT_S
    )
    if answer.body.strip() and not _is_json(answer.body):
        raise NotPosthogError(host=transport.host, status=answer.status, content_type=answer.content_type)
    return ForwardedAnswer(status=answer.status, body=answer.body)


@asynccontextmanager
async def forward_stream(
    connections: Connections, name: str | None, method: str, path: str, *, content: bytes | None
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Open one event stream and give its bytes as they come; closing it closes PostHog's."""
    transport = connections.api(name).transport
    body = json.loads(content) if content else None
    async with transport.stream(method, f"/api/{path}", body=body, read_timeout_s=FORWARD_TIMEOUT_S) as response:
        yield response.aiter_raw()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
