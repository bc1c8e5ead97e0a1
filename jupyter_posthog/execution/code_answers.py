"""Runs code in the way this server has, and answers as PostHog's ``kernel/execute`` does (posthog-api.md 11.6)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.kernels import START_ALLOWANCE_S
from jupyter_posthog.api.models import ProjectId, RunStatus
from jupyter_posthog.document.outputs.results import envelope_to_outputs, error_to_output
from jupyter_posthog.errors import EndpointMissingError, KeyNotSupportedError, NotPosthogError, PosthogError
from jupyter_posthog.execution.run_following import RunPlace, end_of
from jupyter_posthog.execution.stored_cells import fallback_node_id

DEFAULT_TIMEOUT_S = 30.0  # posthog-api.md 11.6
STOP_GRACE_S = 3.0

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRun:
    """A run that has ended, or was asked to when its time was over."""

    status: RunStatus
    run_id: str
    is_timed_out: bool = False


async def answer_code(api: PosthogApi, project_id: ProjectId, short_id: str, body: JsonObject) -> JsonObject:
    """Run code once and return the answer of ``kernel/execute``.

    A session executes, since only that tells variables and counts; a key, which PostHog never lets execute, runs.

    Args:
        body: As ``kernel/execute`` takes it.

    Raises:
        PosthogError: PostHog refused, or it is not known how the code ended.
    """
    ways = (_execute, answer_by_run) if api.transport.is_session else (answer_by_run, _execute)
    refusals: list[PosthogError] = []
    for way in ways:
        try:
            return await way(api, project_id, short_id, body)
        except (EndpointMissingError, KeyNotSupportedError) as error:
            # Refused before anything started, so the other way does not run it twice.
            refusals.append(error)
    raise refusals[0]


async def answer_by_run(api: PosthogApi, project_id: ProjectId, short_id: str, body: JsonObject) -> JsonObject:
    """Run code as a cell run and return the answer of ``kernel/execute``, as far as a run tells it.

    Not known of a run: the execution count, and the variables other than by their output.
    """
    started_at = _now()
    code = str(body["code"])
    ended = await finished_run(api, project_id, short_id, code, timeout_s=timeout_of(body))
    answer = _as_execution(ended)
    answer["variables"] = {} if _wants_variables(body) else None
    answer |= {"started_at": started_at, "completed_at": _now()}
    answer["kernel_runtime"] = await _runtime(api, project_id, short_id)
    return answer


async def finished_run(
    api: PosthogApi, project_id: ProjectId, short_id: str, code: str, *, timeout_s: float, output_name: str = ""
) -> EndedRun:
    """Run Python once, to its end or to its time limit.

    Whoever goes away stops the run: nobody else knows its id, and it holds the notebook's only slot.
    """
    run = await api.runs.start(
        project_id,
        short_id,
        node_id=fallback_node_id(None, code),
        node_type="python",
        code=code if code.strip() else "pass",  # execute takes empty code, runs do not
        output_name=output_name,
        references={},
    )
    allowed_s = timeout_s + (START_ALLOWANCE_S if run.starts_sandbox else 0.0)
    place = RunPlace(api=api, project_id=project_id, short_id=short_id, run_id=run.run_id)
    status: RunStatus | None = None
    try:
        with anyio.move_on_after(allowed_s):
            status = await end_of(place)
    finally:
        if status is None:
            late = await _stop(place)
    if status is not None:
        return EndedRun(status=status, run_id=run.run_id)
    return EndedRun(status=late or RunStatus(status="interrupted"), run_id=run.run_id, is_timed_out=True)


def timeout_of(body: JsonObject) -> float:
    """Return the seconds that code may take, checked already."""
    timeout = body.get("timeout")
    return float(timeout) if isinstance(timeout, int | float | str) else DEFAULT_TIMEOUT_S


async def _execute(api: PosthogApi, project_id: ProjectId, short_id: str, body: JsonObject) -> JsonObject:
    answer = await api.kernels.execute_as_asked(project_id, short_id, body)
    if not isinstance(answer, dict):
        raise NotPosthogError(host=api.transport.host, status=200, content_type="application/json")
    return answer


async def _stop(place: RunPlace) -> RunStatus | None:
    """Ask a run to stop and wait a moment until it has, so that the notebook's slot is free."""
    with anyio.move_on_after(STOP_GRACE_S, shield=True), suppress(PosthogError):
        await place.api.runs.interrupt(place.project_id, place.short_id, place.run_id)
        return await end_of(place)
    return None


def _as_execution(ended: EndedRun) -> JsonObject:
    """Return what a run gave in the words of an execution (posthog-api.md 11.6, 12.3)."""
    status = ended.status
    answer: JsonObject = {
        "status": "timeout" if ended.is_timed_out else "ok",
        "stdout": "",
        "stderr": "",
        "result": None,
        "media": [],
        "execution_count": None,
        "error_name": None,
        "traceback": [],
    }
    envelope: JsonObject = status.result or {}  # type: ignore[assignment]  # JSON values
    answer |= {name: envelope.get(name) or answer[name] for name in ("stdout", "stderr", "media")}
    outputs = envelope_to_outputs(envelope, run_id=None, is_interrupted=status.status == "interrupted")
    if status.status == "failed":
        outputs.append(error_to_output(status.error or "Error: PostHog did not say why."))
    for output in outputs:
        if output["output_type"] == "execute_result":
            answer["result"] = output["data"]
        elif output["output_type"] == "error" and answer["status"] == "ok":
            answer |= {"status": "error", "error_name": output["ename"], "traceback": output["traceback"]}
    return answer


async def _runtime(api: PosthogApi, project_id: ProjectId, short_id: str) -> JsonValue:
    try:
        kernel = await api.kernels.status(project_id, short_id)
    except PosthogError:
        # The code has run; that its kernel cannot be looked at does not change its answer.
        return None
    runtime = {"id": kernel.runtime_id, "status": kernel.status}
    return {**runtime, "last_used_at": kernel.last_used_at, "sandbox_id": kernel.sandbox_id}


def _wants_variables(body: JsonObject) -> bool:
    return str(body.get("return_variables", True)).lower() not in {"false", "0", "no", "f", "n", "off"}


def _now() -> str:
    return datetime.now(UTC).isoformat()
