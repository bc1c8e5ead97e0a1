"""Runs of a whole stored notebook: start, follow, interrupt (posthog-api.md 13)."""

from __future__ import annotations

import msgspec

from jupyter_posthog.api.models import ProjectId, decode
from jupyter_posthog.api.refusals import NotFound
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import NotebookBusyError, RunNotFoundError, SaveConflictError


class NotebookRunStarted(msgspec.Struct, frozen=True):
    """Answer to a run that was accepted."""

    run_id: str
    cell_count: int = 0
    starts_sandbox: bool = False
    sandbox_hourly_price: float | None = None


class NotebookRunCell(msgspec.Struct, frozen=True):
    """One cell of a run; a cell that was not reached has no run of its own."""

    node_id: str
    run_id: str | None = None
    status: str | None = None
    error: str | None = None


class NotebookRunStatus(msgspec.Struct, frozen=True):
    """How far a run is: ``running``, ``done``, ``failed`` or ``interrupted``."""

    status: str
    current_index: int = 0
    failed_node_id: str | None = None
    error: str | None = None
    cells: list[NotebookRunCell] = []

    @property
    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self.status != "running"


class NotebookRunsApi:
    """One method per endpoint of whole-notebook runs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def start(self, project_id: ProjectId, short_id: str) -> NotebookRunStarted:
        """Run every cell of the stored notebook, up to the first that fails. Never sent twice.

        Variables are not sent: PostHog would store them in the notebook.

        Raises:
            NotebookBusyError: A cell or a run of this notebook runs already (409).
            InvalidRequestError: It has no cell to run (400).
            EndpointMissingError: The flag is off or the server too old (404).
        """
        try:
            answer = await self._transport.send("POST", _path(project_id, short_id))
        except SaveConflictError as error:
            raise NotebookBusyError(status=409, detail=error.detail) from error
        return decode(answer, NotebookRunStarted, host=self._transport.host)

    async def fetch(self, project_id: ProjectId, short_id: str, run_id: str) -> NotebookRunStatus:
        """Tell how far a run is.

        Raises:
            RunNotFoundError: PostHog does not know it.
        """
        path = _path(project_id, short_id, f"{run_id}/")
        answer = await self._transport.fetch(path, not_found=_run_not_found(run_id))
        return decode(answer, NotebookRunStatus, host=self._transport.host)

    async def interrupt(self, project_id: ProjectId, short_id: str, run_id: str) -> None:
        """Stop a run and the cell it is at."""
        path = _path(project_id, short_id, f"{run_id}/interrupt/")
        await self._transport.send("POST", path, answer_timeout_s=10.0)


def _run_not_found(run_id: str) -> NotFound:
    return lambda detail: RunNotFoundError(status=404, detail=detail, run_id=run_id)


def _path(project_id: ProjectId, short_id: str, rest: str = "") -> str:
    return f"/api/projects/{project_id}/notebooks/{short_id}/runs/{rest}"
