"""Puts the parts of ``execution/`` together for one notebook: of a kernel, and of ``jupyter posthog run``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from jupyter_posthog.execution.attaching import attach_command
from jupyter_posthog.execution.cell_watch import CellWatch
from jupyter_posthog.execution.classic import ClassicExecutor
from jupyter_posthog.execution.executor import Executor
from jupyter_posthog.execution.frame_commands import session_frame_commands
from jupyter_posthog.execution.kernel_clock import kernel_clocks
from jupyter_posthog.execution.kernel_commands import kernel_commands
from jupyter_posthog.execution.kernel_life import KernelLife
from jupyter_posthog.execution.magics import DEFAULT_PYTHON_NAME
from jupyter_posthog.execution.place_commands import remote_place_commands
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.query import QueryExecutor
from jupyter_posthog.execution.run_log import RunLog
from jupyter_posthog.execution.runs import RunExecutor
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.execution.stored_cells import StoredCells
from jupyter_posthog.execution.variable_commands import variables_command
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.outputs import OutputStore
from jupyter_posthog.records.runs import RunStore

#: ``stream``, ``runs``, ``execute``, or None where only HogQL runs; and then why.
FoundWay = tuple[str | None, str]


def build_session(
    place: NotebookPlace,
    *,
    origin: str,
    is_stored: bool,
    data_dir: Path,
    find_way: Callable[[], Awaitable[FoundWay]],
) -> NotebookSession:
    """Build what runs the cells of one notebook.

    Args:
        origin: The host of the connection, which is part of the notebook's identity.
        is_stored: False for the scratchpad, which has no document.
        data_dir: Jupyter's data directory; records of runs are kept below it.
        find_way: Asks PostHog how this credential can run cells; at the first cell.
    """
    api, project_id, short_id = place.api, place.project_id, place.short_id

    async def choose_executor() -> Executor:
        name, cause = await find_way()
        if name == "runs":
            return RunExecutor(api, project_id, short_id)
        if name is None:
            return QueryExecutor(api, project_id, short_id, cause=cause)
        return ClassicExecutor(api, project_id, short_id, is_streaming=name == "stream")

    session = NotebookSession(
        StoredCells(api, project_id, short_id, is_stored=is_stored),
        choose_executor=choose_executor,
        notebook={"connection": place.connection, "project_id": project_id, "short_id": short_id},
    )
    log = build_run_log(place, origin=origin, data_dir=data_dir)
    life = KernelLife(
        lambda: api.kernels.status(project_id, short_id),
        clocks=kernel_clocks(NotebookKey(origin=origin, project_id=project_id, short_id=short_id), data_dir),
        now=_now,
        # The name that every Python cell without one has is no news of a frame.
        names=lambda: tuple(name for name in session.names.sources if name != DEFAULT_PYTHON_NAME),
        forget=session.names.forget_kernel,
    )
    session.watch = CellWatch(log=log, life=life)
    for subcommand in (
        *remote_place_commands(place, session.describe),
        *session_frame_commands(place, session),
        attach_command(place, log),
        variables_command(session.read_variables_again),
        *kernel_commands(place, life, now=_now, restart=session.restart, stop=session.shutdown),
    ):
        session.magic.add(subcommand)
    return session


def build_run_log(place: NotebookPlace, *, origin: str, data_dir: Path) -> RunLog:
    """Build what writes the runs of one notebook down; the arguments are those of ``build_session``."""
    folder = data_dir / "posthog"
    key = NotebookKey(origin=origin, project_id=place.project_id, short_id=place.short_id)
    return RunLog(key=key, runs=RunStore(folder / "runs"), outputs=OutputStore(folder / "outputs"), now=_now)


def _now() -> datetime:
    return datetime.now(UTC)
