"""Cell runs: start, poll, interrupt (posthog-api.md 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.models import CellStates, ProjectId, RunPage, RunStarted, RunStatus, decode
from jupyter_posthog.api.pauses import named_wait_s
from jupyter_posthog.api.refusals import NotFound
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import (
    KernelUnavailableError,
    NotebookBusyError,
    ProjectBusyError,
    RateLimitedError,
    RunNotFoundError,
    SaveConflictError,
    ServerFailedError,
)


class RunsApi:
    """One method per run endpoint of one PostHog."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def start(
        self,
        project_id: ProjectId,
        short_id: str,
        *,
        node_id: str,
        node_type: str,
        code: str,
        output_name: str,
        references: Mapping[str, tuple[str, str]],
        variables: Sequence[Mapping[str, JsonValue]] = (),
        connection_id: str | None = None,
        is_raw: bool = False,
    ) -> RunStarted:
        """Start one cell run. Never sent twice: it can start a paid sandbox.

        Args:
            node_type: ``hogql`` or ``python``.
            output_name: The frame to bind, or an empty string for display only.
            references: Frame name → (node id, ``hogql`` or ``local``) of the cells this code reads from.
            variables: As the notebook's own (posthog-api.md 6.3).
            connection_id: An external source of SQL; ``is_raw`` sends the text to it as it is.

        Raises:
            NotebookBusyError: Another cell of this notebook runs (409).
            ProjectBusyError: The project runs ten cells (429).
            EndpointMissingError: The flag is off or the server too old (404).
            KernelUnavailableError: PostHog could not start the run (503).

        Source: POST …/sql_v2/run/, posthog-api.md 12.2.
        """
        body: dict[str, JsonValue] = {
            "node_id": node_id,
            "node_type": node_type,
            "code": code,
            "output_name": output_name,
            "refs": {name: {"node_id": node, "kind": kind} for name, (node, kind) in references.items()},
        }
        if variables:  # servers before September 2026 do not know them
            body["variables"] = [dict(variable) for variable in variables]
        if connection_id is not None:
            body |= {"connection_id": connection_id, "send_raw_query": is_raw}
        try:
            answer = await self._transport.send("POST", _runs_path(project_id, short_id, "run"), body=body)
        except SaveConflictError as error:
            raise NotebookBusyError(status=409, detail=error.detail) from error
        except ServerFailedError as error:
            if error.status == 503:
                raise KernelUnavailableError(status=503, detail=error.detail) from error
            raise
        except RateLimitedError as error:
            # The throttle names a waiting time, and a pause of ours has no words of PostHog's; only the project's
            # ten running cells are told in words without a time (posthog-api.md 4, 12.2).
            if not error.detail or named_wait_s(error.detail, None) is not None:
                raise
            raise ProjectBusyError(status=429, detail=error.detail) from error
        return decode(answer, RunStarted, host=self._transport.host)

    async def fetch(self, project_id: ProjectId, short_id: str, run_id: str) -> RunStatus:
        """Poll one run; polling also drives SQL runs (posthog-api.md 12.3).

        Raises:
            RunNotFoundError: PostHog does not know the run.
        """
        answer = await self._transport.fetch(
            _runs_path(project_id, short_id, f"runs/{run_id}"), not_found=_run_not_found(run_id)
        )
        return decode(answer, RunStatus, host=self._transport.host)

    async def find_running(self, project_id: ProjectId, short_id: str, node_id: str) -> str | None:
        """Return the id of the run that one cell is in; None where none runs, or PostHog does not have the cell.

        Source: GET …/sql_v2/state/, posthog-api.md 12.6.
        """
        answer = await self._transport.fetch(_runs_path(project_id, short_id, "state"))
        cells = decode(answer, CellStates, host=self._transport.host).cells
        runs = (cell.last_run for cell in cells if cell.node_id == node_id)
        return next((run.run_id for run in runs if run is not None and run.status == "running"), None)

    async def statuses(self, project_id: ProjectId, short_id: str) -> dict[str, str]:
        """Return how fresh each cell is, by node id: ``done``, ``stale``, ``never_run`` and so on.

        Source: GET …/sql_v2/state/, posthog-api.md 12.6.
        """
        answer = await self._transport.fetch(_runs_path(project_id, short_id, "state"))
        cells = decode(answer, CellStates, host=self._transport.host).cells
        return {cell.node_id: cell.status for cell in cells if cell.node_id is not None}

    async def page(self, project_id: ProjectId, short_id: str, run_id: str, *, offset: int, limit: int) -> RunPage:
        """Return rows of the frame that a kernel run made; at most 500 (posthog-api.md 12.4)."""
        answer = await self._transport.fetch(
            _runs_path(project_id, short_id, f"runs/{run_id}/page"),
            query={"offset": offset, "limit": limit},
            not_found=_run_not_found(run_id),
        )
        return decode(answer, RunPage, host=self._transport.host)

    async def interrupt(self, project_id: ProjectId, short_id: str, run_id: str) -> None:
        """Ask one run to stop; a kernel run may go on for a moment, so keep polling (posthog-api.md 12.5)."""
        path = _runs_path(project_id, short_id, f"runs/{run_id}/interrupt")
        await self._transport.send("POST", path, answer_timeout_s=10.0)

    async def can_run(self, project_id: int, short_id: str) -> None:
        """Read the cell state, which answers where runs are served.

        Raises:
            EndpointMissingError: The flag is off or the server too old (posthog-api.md 18).
            ApiError: The credential may not.
        """
        await self._transport.fetch(_runs_path(project_id, short_id, "state"))


def _run_not_found(run_id: str) -> NotFound:
    return lambda detail: RunNotFoundError(status=404, detail=detail, run_id=run_id)


def _runs_path(project_id: ProjectId, short_id: str, rest: str) -> str:
    return f"/api/projects/{project_id}/notebooks/{short_id}/sql_v2/{rest}/"
