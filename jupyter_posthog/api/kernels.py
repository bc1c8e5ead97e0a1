"""PostHog's kernels: start, stop, restart, status, execute, stream (posthog-api.md 11)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping

import httpx
import httpx_sse

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.kernel_models import (
    CompletionAnswer,
    ComputeOptions,
    ExecutionAnswer,
    InspectionAnswer,
    KernelConfigured,
    KernelStarted,
    KernelStatus,
)
from jupyter_posthog.api.models import ProjectId, decode
from jupyter_posthog.api.refusals import endpoint_missing
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import HostAwayError, InvalidRequestError, KernelUnavailableError

MAXIMUM_EXECUTE_TIMEOUT_S = 120.0  # posthog-api.md 11.6
START_ALLOWANCE_S = 90.0  # execute starts the kernel by itself; a sandbox takes tens of seconds
HELP_TIMEOUT_S = 3.0  # a person waits for completions while typing
_ANSWER_TIMEOUT_S = MAXIMUM_EXECUTE_TIMEOUT_S + START_ALLOWANCE_S


class KernelsApi:
    """One method per kernel endpoint of one PostHog."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def start(self, project_id: int, short_id: str) -> KernelStarted:
        """Start the remote kernel; blocks until it is up. Browser sessions only (posthog-api.md 11.1)."""
        return await self._control(project_id, short_id, "start")

    async def restart(self, project_id: int, short_id: str) -> KernelStarted:
        """Restart the remote kernel; its variables are lost. Browser sessions only (posthog-api.md 11.1)."""
        return await self._control(project_id, short_id, "restart")

    async def stop(self, project_id: int, short_id: str) -> None:
        """Stop the remote kernel. Browser sessions only (posthog-api.md 11.2)."""
        path = _kernel_path(project_id, short_id, "stop")
        await self._transport.send("POST", path, answer_timeout_s=START_ALLOWANCE_S)

    async def status(self, project_id: ProjectId, short_id: str) -> KernelStatus:
        """Return the state of the caller's remote kernel of this notebook (posthog-api.md 11.3)."""
        answer = await self._transport.fetch(_kernel_path(project_id, short_id, "status"))
        return decode(answer, KernelStatus, host=self._transport.host)

    async def configure(
        self, project_id: ProjectId, short_id: str, changes: Mapping[str, float | int]
    ) -> KernelConfigured:
        """Change size or lifetime; another size restarts a live kernel, and its variables are lost.

        Source: POST …/kernel/config/, posthog-api.md 11.4.
        """
        path, body = _kernel_path(project_id, short_id, "config"), dict[str, JsonValue](changes)
        answer = await self._transport.send("POST", path, body=body, answer_timeout_s=START_ALLOWANCE_S)
        return decode(answer, KernelConfigured, host=self._transport.host)

    async def options(self, project_id: ProjectId) -> ComputeOptions:
        """Return the sizes that PostHog allows and what they cost (posthog-api.md 11.5)."""
        answer = await self._transport.fetch(f"/api/projects/{project_id}/notebooks/kernel/compute_options/")
        return decode(answer, ComputeOptions, host=self._transport.host)

    async def complete(self, project_id: ProjectId, short_id: str, code: str, cursor: int) -> CompletionAnswer:
        """Return what can stand at the cursor, in characters; never starts a kernel (posthog-api.md 11.7)."""
        answer = await self._help(project_id, short_id, "complete", {"code": code, "cursor_pos": cursor})
        return decode(answer, CompletionAnswer, host=self._transport.host)

    async def inspect(
        self, project_id: ProjectId, short_id: str, code: str, cursor: int, detail: int
    ) -> InspectionAnswer:
        """Return what the kernel knows of the name at the cursor; never starts a kernel (posthog-api.md 11.7)."""
        body: dict[str, JsonValue] = {"code": code, "cursor_pos": cursor, "detail_level": detail}
        answer = await self._help(project_id, short_id, "inspect", body)
        return decode(answer, InspectionAnswer, host=self._transport.host)

    async def execute(
        self, project_id: int, short_id: str, code: str, *, timeout_s: float = MAXIMUM_EXECUTE_TIMEOUT_S
    ) -> ExecutionAnswer:
        """Run code and return everything at the end. Never sent twice (posthog-api.md 11.6)."""
        answer = await self._transport.send(
            "POST",
            _kernel_path(project_id, short_id, "execute"),
            body={**_execute_body(code), "timeout": timeout_s},
            answer_timeout_s=_ANSWER_TIMEOUT_S,
        )
        return decode(answer, ExecutionAnswer, host=self._transport.host)

    async def execute_as_asked(self, project_id: ProjectId, short_id: str, body: JsonValue) -> JsonValue:
        """As ``execute``, with the body and the answer as PostHog's API has them."""
        path = _kernel_path(project_id, short_id, "execute")
        return await self._transport.send("POST", path, body=body, answer_timeout_s=_ANSWER_TIMEOUT_S)

    async def execute_stream(
        self, project_id: int, short_id: str, code: str
    ) -> AsyncIterator[tuple[str, str] | ExecutionAnswer]:
        """Run code and yield ``(stream name, text)`` as it is printed, then the whole answer. Never sent twice.

        The iterator may end without the answer: then the connection ended first.

        Raises:
            EndpointMissingError: Servers since September 2026 have no stream (posthog-api.md 11.9).
            KernelUnavailableError: PostHog's stream ended in its own error event.
        """
        path = _kernel_path(project_id, short_id, "execute/stream")
        async with self._transport.stream(
            "POST", path, body=_execute_body(code), read_timeout_s=_ANSWER_TIMEOUT_S
        ) as response:
            try:
                async for event in httpx_sse.EventSource(response).aiter_sse():
                    decoded = self._event(event)
                    if decoded is not None:
                        yield decoded
                    if isinstance(decoded, ExecutionAnswer):
                        return
            except httpx.HTTPError as error:
                host = self._transport.host
                raise HostAwayError(host=host, cause="the connection was cut", may_have_arrived=True) from error

    async def can_stream(self, project_id: int, short_id: str) -> None:
        """Ask for a stream without code, which PostHog refuses before anything starts.

        Raises:
            ApiError: The stream cannot be used; returns where only the missing code was refused.
        """
        await self._refuses_only_the_code(_kernel_path(project_id, short_id, "execute/stream"))

    async def can_execute(self, project_id: int, short_id: str) -> None:
        """As ``can_stream``, for the plain execute endpoint."""
        await self._refuses_only_the_code(_kernel_path(project_id, short_id, "execute"))

    async def _refuses_only_the_code(self, path: str) -> None:
        try:
            await self._transport.send("POST", path, body={}, not_found=endpoint_missing)
        except InvalidRequestError:
            return

    async def _help(self, project_id: ProjectId, short_id: str, action: str, body: dict[str, JsonValue]) -> JsonValue:
        path = _kernel_path(project_id, short_id, action)
        return await self._transport.send("POST", path, body=body, answer_timeout_s=HELP_TIMEOUT_S)

    async def _control(self, project_id: int, short_id: str, action: str) -> KernelStarted:
        path = _kernel_path(project_id, short_id, action)
        answer = await self._transport.send("POST", path, answer_timeout_s=START_ALLOWANCE_S)
        return decode(answer, KernelStarted, host=self._transport.host)

    def _event(self, event: httpx_sse.ServerSentEvent) -> tuple[str, str] | ExecutionAnswer | None:
        if event.event not in {"stdout", "stderr", "result", "error"}:
            return None
        value: JsonValue = json.loads(event.data)
        if event.event == "result":
            return decode(value, ExecutionAnswer, host=self._transport.host)
        fields = value if isinstance(value, dict) else {}
        if event.event == "error":
            raise KernelUnavailableError(status=503, detail=self._transport.redact(str(fields.get("error", ""))))
        return event.event, str(fields.get("text", ""))


def _execute_body(code: str) -> dict[str, JsonValue]:
    return {"code": code, "return_variables": False, "timeout": MAXIMUM_EXECUTE_TIMEOUT_S}


def _kernel_path(project_id: ProjectId, short_id: str, action: str) -> str:
    return f"/api/projects/{project_id}/notebooks/{short_id}/kernel/{action}/"
