"""What takes the place of documented endpoints that today's PostHog has no more (posthog-api.md 11.9)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from jupyter_posthog.errors import EndpointMissingError, KeyNotSupportedError, PosthogError
from jupyter_posthog.execution.code_answers import answer_code
from jupyter_posthog.execution.code_events import code_events
from jupyter_posthog.execution.frame_rows import WantedRows, read_rows
from jupyter_posthog.execution.hogql import answer_hogql

if TYPE_CHECKING:
    from jupyter_posthog.connection.forwarding import PageRequest

StandIn = Callable[[Any, "PageRequest"], Awaitable[object]]


def find(request: PageRequest, error: PosthogError | None) -> StandIn | None:
    """Return what can answer in the place of an endpoint that is missing; of HogQL also where it is closed to keys."""
    is_closed = isinstance(error, KeyNotSupportedError) and request.route.name == "hogql.execute"
    if not isinstance(error, EndpointMissingError) and not is_closed:
        return None
    return _STAND_INS.get(request.route.name)


def streamed_code(api: Any, request: PageRequest) -> AsyncGenerator[bytes, None]:
    """Run code and give the events of ``kernel/execute/stream``."""
    project_id, short_id = _place(request)
    return code_events(answer_code(api, project_id, short_id, _body(request)))


async def _rows(api: Any, request: PageRequest) -> object:
    project_id, short_id = _place(request)
    query = request.query
    wanted = WantedRows(
        name=query["variable_name"],
        offset=int(query.get("offset", 0)),
        limit=int(query.get("limit", 10)),
        timeout_s=float(query.get("timeout", 30)),
    )
    return await read_rows(api, project_id, short_id, wanted)


async def _hogql(api: Any, request: PageRequest) -> object:
    project_id, _ = _place(request)
    return await answer_hogql(api, project_id, str(_body(request)["query"]))


def _place(request: PageRequest) -> tuple[Any, str]:
    parts = request.route.parts(request.path)
    project_id = parts["project_id"]
    return (int(project_id) if project_id.isdigit() else project_id), parts["short_id"]


def _body(request: PageRequest) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.content or b"{}")
    return body


_STAND_INS: dict[str, StandIn] = {"kernel.dataframe": _rows, "hogql.execute": _hogql}
