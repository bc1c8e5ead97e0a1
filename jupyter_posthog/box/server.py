"""Puts the box together: its parts, its routes, its start and its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from jupyter_posthog.box import (
    activity,
    discovery,
    execute_handlers,
    fault_handlers,
    kernel_handlers,
    kernel_sizes,
    markdown_save,
    notebooks,
    pages,
    run_handlers,
)
from jupyter_posthog.box.clickhouse import ClickHouse
from jupyter_posthog.box.faults import Faults
from jupyter_posthog.box.handling import MAXIMUM_BODY, MissingHandler
from jupyter_posthog.box.kernels import Kernels
from jupyter_posthog.box.markdown_save import Updates
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.runs import Runs
from jupyter_posthog.box.seeds import seed
from jupyter_posthog.box.store import Store

LOOPBACK = "127.0.0.1"
Rule = tuple[str, Any, dict[str, Any]]


class Box:
    """One running PostHog."""

    def __init__(self, profile: Profile, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.profile = profile
        self.store = Store(data / "notebooks.sqlite3")
        self.clickhouse = ClickHouse(data / "clickhouse")
        self.kernels = Kernels()
        self.runs = Runs(self)
        self.updates = Updates()
        self.faults = Faults()
        self.configuration: dict[str, dict[str, Any]] = {}
        self._server: HTTPServer | None = None

    def start(self, port: int, *, has_faults: bool) -> int:
        """Answer HTTP on this machine only; return the port."""
        if self.store.is_empty:
            seed(self.store)
        self._server = HTTPServer(
            Application(routes(self, has_faults=has_faults)), max_body_size=MAXIMUM_BODY, max_buffer_size=MAXIMUM_BODY
        )
        sockets = bind_sockets(port, LOOPBACK)
        self._server.add_sockets(sockets)
        self.clickhouse.load()
        bound: int = sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """End everything, kernels first: no process outlives the box."""
        self.faults.clear()
        if self._server is not None:
            self._server.stop()
        await self.runs.aclose()
        await self.kernels.stop_all()
        self.clickhouse.close()
        self.store.close()


def routes(box: Box, *, has_faults: bool) -> list[Rule]:
    """Return the routes that the box's profile serves; the first that fits wins."""
    shared = {"box": box}
    table = [(rf"/api/{pattern}/?", handler) for pattern, handler in api_routes(box.profile)]
    rules: list[Rule] = [(pattern, handler, shared) for pattern, handler in table]
    rules.append((r"/project/(?P<project_id>\d+)/notebooks/(?P<short_id>[A-Za-z0-9]+)/?", pages.NotebookPage, shared))
    if has_faults:
        rules += [
            (r"/_box/faults", fault_handlers.FaultsHandler, shared),
            (r"/_box/faults/(?P<number>\d+)/(?P<action>release|met)", fault_handlers.FaultHandler, shared),
            (r"/_box/requests", fault_handlers.RequestsHandler, shared),
            (r"/_box/edit", fault_handlers.EditHandler, shared),
        ]
    rules.append((r"/.*", MissingHandler, shared))
    return rules


def api_routes(profile: Profile) -> list[tuple[str, Any]]:
    """Return path and handler of every API endpoint that a profile serves (posthog-api.md 2.6)."""
    project = r"(?:projects)/(?P<project_id>[^/]+)"
    every, one = f"{project}/notebooks", f"{project}/notebooks/(?P<short_id>[A-Za-z0-9]+)"
    table: list[tuple[str, Any]] = [
        (r"users/@me", discovery.UserHandler),
        (r"personal_api_keys/@current", discovery.CurrentKeyHandler),
        (r"projects", discovery.ProjectsHandler),
        (project, discovery.ProjectHandler),
        (r"organizations", discovery.OrganizationsHandler),
        (r"organizations/(?P<organization_id>[^/]+)/projects", discovery.OrganizationProjectsHandler),
        (f"{project}/query", run_handlers.QueryHandler),
        (every, notebooks.NotebooksHandler),
        (f"{every}/activity", activity.ProjectActivityHandler),
    ]
    if profile.has_markdown:
        table.append((f"{every}/kernel/compute_options", kernel_sizes.ComputeOptionsHandler))
    table += [
        (one, notebooks.NotebookHandler),
        (f"{one}/activity", activity.ActivityHandler),
        (f"{one}/kernel/start", kernel_handlers.StartHandler),
        (f"{one}/kernel/stop", kernel_handlers.StopHandler),
        (f"{one}/kernel/restart", kernel_handlers.RestartHandler),
        (f"{one}/kernel/status", kernel_handlers.StatusHandler),
        (f"{one}/kernel/config", kernel_sizes.ConfigHandler),
        (f"{one}/kernel/execute", execute_handlers.ExecuteHandler),
    ]
    if profile.has_markdown:
        table += [
            (f"{one}/markdown", notebooks.MarkdownHandler),
            (f"{one}/collab/markdown_save", markdown_save.MarkdownSaveHandler),
        ]
    if profile.has_classic_extras:
        table += [
            (f"{one}/kernel/execute/stream", execute_handlers.ExecuteStreamHandler),
            (f"{one}/kernel/dataframe", execute_handlers.DataframeHandler),
            (f"{one}/hogql/execute", run_handlers.HogqlExecuteHandler),
        ]
    if profile.has_runs:
        run = r"runs/(?P<run_id>[A-Za-z0-9-]+)"
        table += [
            (f"{one}/sql_v2/run", run_handlers.RunHandler),
            (f"{one}/sql_v2/{run}", run_handlers.RunStatusHandler),
            (f"{one}/sql_v2/{run}/page", run_handlers.RunPageHandler),
            (f"{one}/sql_v2/{run}/interrupt", run_handlers.RunInterruptHandler),
            (f"{one}/sql_v2/state", run_handlers.StateHandler),
        ]
    return table
