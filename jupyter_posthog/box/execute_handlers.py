"""Running code on a kernel, whole or as a stream, and reading its frames (posthog-api.md 11.6, 11.9)."""

from __future__ import annotations

import json

from jupyter_posthog.box.handling import Json, unavailable
from jupyter_posthog.box.kernel_handlers import KernelHandler
from jupyter_posthog.box.kernels import BoxKernel, Execution
from jupyter_posthog.box.refusals import bare, invalid

DEFAULT_TIMEOUT_S, LONGEST_TIMEOUT_S = 30.0, 120.0


class ExecuteHandler(KernelHandler):
    """``kernel/execute/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and answer everything at the end."""
        code, timeout_s, with_variables = _execute_request(self.body())
        kernel = await self.kernel(short_id, "Failed to execute notebook code.")
        execution = await kernel.execute(code, timeout_s=timeout_s)
        self.answer(execution_answer(execution, kernel, with_variables=with_variables))


class ExecuteStreamHandler(KernelHandler):
    """``kernel/execute/stream/``."""

    scopes = {"POST": None}  # noqa: RUF012

    async def post(self, project_id: str, short_id: str) -> None:
        """Run code and send what it prints as it comes."""
        code, timeout_s, with_variables = _execute_request(self.body())
        kernel = await self.kernel(short_id, "Failed to execute notebook code.")
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")

        async def send(name: str, text: str) -> None:
            await self._event(name, {"text": text})

        execution = await kernel.execute(code, timeout_s=timeout_s, on_text=send)
        await self._event("result", execution_answer(execution, kernel, with_variables=with_variables))
        self.finish()

    async def _event(self, name: str, data: Json) -> None:
        if not self.request.connection or self.request.connection.stream.closed():  # type: ignore[attr-defined]
            return
        self.write(f"event: {name}\ndata: {json.dumps(data)}\n\n")
        await self.flush()


class DataframeHandler(KernelHandler):
    """``kernel/dataframe/``."""

    scopes = {"GET": None}  # noqa: RUF012

    async def get(self, project_id: str, short_id: str) -> None:
        """Answer rows of a frame as objects."""
        name = self.get_query_argument("variable_name", "")
        if not name.isidentifier():
            raise bare(400, "Invalid dataframe request.")
        kernel = await self.kernel(short_id, "Failed to fetch dataframe data.")
        offset, limit = self.integer("offset", 0), self.integer("limit", 10, least=1, most=500)
        page = await kernel.ask(f"_ph.page({name!r}, {offset}, {limit})")
        if page is None:
            raise unavailable("Failed to fetch dataframe data.")
        rows = [dict(zip(page["columns"], row, strict=True)) for row in page["first_page"]]
        self.answer({"columns": page["columns"], "rows": rows, "row_count": page["row_count"]})


def _execute_request(body: dict[str, Json]) -> tuple[str, float, bool]:
    code, timeout_s = body.get("code"), body.get("timeout", DEFAULT_TIMEOUT_S)
    if "code" not in body:
        raise invalid("This field is required.", attr="code", code="required")
    if not isinstance(code, str):
        raise invalid("Not a valid string.", attr="code")
    if not isinstance(timeout_s, int | float) or not 0.1 <= timeout_s <= LONGEST_TIMEOUT_S:
        raise invalid("Ensure this value is between 0.1 and 120.", attr="timeout")
    return code, float(timeout_s), body.get("return_variables", True) is not False


def execution_answer(execution: Execution, kernel: BoxKernel, *, with_variables: bool) -> Json:
    """Return the answer of execute (11.6)."""
    return {
        "status": execution.status,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
        "result": execution.result,
        "media": execution.media,
        "execution_count": execution.execution_count,
        "error_name": execution.error_name,
        "traceback": execution.traceback,
        "variables": {} if with_variables else None,
        "started_at": execution.started_at,
        "completed_at": execution.completed_at,
        "kernel_runtime": {
            "id": kernel.runtime_id,
            "status": "running",
            "last_used_at": kernel.last_used_at.isoformat(),
            "sandbox_id": kernel.folder.name,
        },
    }
