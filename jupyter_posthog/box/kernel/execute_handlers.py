"""Running code on a kernel, whole or as a stream, and reading its frames (posthog-api.md 11.6, 11.9)."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from tornado.iostream import StreamClosedError

from jupyter_posthog.box.handling import Json, to_json, unavailable
from jupyter_posthog.box.kernel.executions import Execution, OnText
from jupyter_posthog.box.kernel.kernel_handlers import KernelHandler
from jupyter_posthog.box.kernel.kernels import BoxKernel, KernelDied
from jupyter_posthog.box.refusals import bare, invalid
from jupyter_posthog.box.trouble.effects import Effect

DEFAULT_TIMEOUT_S, LEAST_TIMEOUT_S, LONGEST_TIMEOUT_S = 30.0, 0.1, 120.0
_FAILED = "Failed to execute notebook code."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a caller wants to be executed."""

    code: str
    timeout_s: float
    has_variables: bool


class ExecuteHandler(KernelHandler):
    """``kernel/execute/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and answer everything at the end."""
        wanted = _wanted(self.body())
        kernel = await self.kernel(short_id, _FAILED)
        try:
            self.answer(await self.executed(wanted, kernel, None))
        except KernelDied as error:
            raise unavailable(_FAILED) from error

    async def executed(self, wanted: Wanted, kernel: BoxKernel, on_text: OnText | None) -> Json:
        """Run code and return the answer of execute.

        Raises:
            KernelDied: The kernel ended first.
        """
        dies = self.box.effects.is_on(Effect.KERNEL_DIES)
        execution = await kernel.execute(wanted.code, timeout_s=wanted.timeout_s, on_text=on_text, dies=dies)
        variables = await kernel.ask(f"_ph.variables({wanted.code!r})") if wanted.has_variables else None
        return _answer(execution, kernel, variables)


class ExecuteStreamHandler(ExecuteHandler):
    """``kernel/execute/stream/``."""

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and send what it prints as it comes."""
        wanted = _wanted(self.body())
        kernel = await self.kernel(short_id, _FAILED)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")

        async def send(name: str, text: str) -> None:
            await self._event(name, {"text": text})

        try:
            await self._event("result", await self.executed(wanted, kernel, send))
        except KernelDied:
            await self._event("error", {"error": _FAILED})
        self.finish()

    async def _event(self, name: str, data: Json) -> None:
        # A caller who has gone does not end the code: the kernel is somebody's, not the request's.
        try:
            # As characters, not escapes: a client must be able to read a character that comes in two pieces.
            text = json.dumps(json.loads(to_json(data)), ensure_ascii=False)
            self.write(f"event: {name}\ndata: {text}\n\n".encode("utf-8", "replace"))
            await self.flush()
        except StreamClosedError:
            return


class DataframeHandler(KernelHandler):
    """``kernel/dataframe/``."""

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer rows of a frame as objects."""
        name = self.get_query_argument("variable_name", "")
        if not name.isidentifier():
            raise bare(400, "Invalid dataframe request.")
        kernel = await self.kernel(short_id, "Failed to fetch dataframe data.")
        offset, limit = self.integer("offset", 0), self.integer("limit", 10, least=1, most=500)
        try:
            page = await kernel.ask(f"_ph.page({name!r}, {offset}, {limit})")
        except (KernelDied, RuntimeError, TimeoutError):
            page = None
        if page is None:
            raise unavailable("Failed to fetch dataframe data.")
        rows = [dict(zip(page["columns"], row, strict=True)) for row in page["first_page"]]
        self.answer({"columns": page["columns"], "rows": rows, "row_count": page["row_count"]})


def _wanted(body: dict[str, Json]) -> Wanted:
    code, timeout_s = body.get("code"), body.get("timeout", DEFAULT_TIMEOUT_S)
    if "code" not in body:
        raise invalid("This field is required.", attr="code", code="required")
    if not isinstance(code, str):
        raise invalid("Not a valid string.", attr="code")
    number = _number(timeout_s)
    if number is None:
        raise invalid("A valid number is required.", attr="timeout")
    if number < LEAST_TIMEOUT_S:
        detail = f"Ensure this value is greater than or equal to {LEAST_TIMEOUT_S}."
        raise invalid(detail, attr="timeout", code="min_value")
    if number > LONGEST_TIMEOUT_S:
        detail = f"Ensure this value is less than or equal to {LONGEST_TIMEOUT_S:.0f}."
        raise invalid(detail, attr="timeout", code="max_value")
    wants_variables = str(body.get("return_variables", True)).lower() not in {"false", "0", "no"}
    return Wanted(code=code, timeout_s=number, has_variables=wants_variables)


def _number(value: Json) -> float | None:
    """Return a number, also one that a form gave as text."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _answer(execution: Execution, kernel: BoxKernel, variables: Json) -> Json:
    return {
        "status": execution.status,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
        "result": execution.result,
        "media": execution.media,
        "execution_count": execution.execution_count,
        "error_name": execution.error_name,
        "traceback": execution.traceback,
        "variables": variables,
        "started_at": execution.started_at,
        "completed_at": execution.completed_at,
        "kernel_runtime": {
            "id": kernel.runtime_id,
            "status": "running",
            "last_used_at": kernel.last_used_at.isoformat(),
            "sandbox_id": kernel.folder.name,
        },
    }
