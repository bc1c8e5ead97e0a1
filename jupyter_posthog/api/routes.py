"""Every PostHog endpoint that may be asked for, in one table: the proxy's allow-list.

Source of methods and scopes: posthog-api.md 2.6, 11.9, 16, 17. ``kernel/complete`` and ``kernel/inspect`` have
unconfirmed scopes.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

# Loose on purpose: an id that cannot be one is told by its name (api/checking.py), not as an unknown path.
_PROJECT = r"projects/(?P<project_id>[^/]+)/"
_NOTEBOOKS = _PROJECT + r"notebooks/"
_NOTEBOOK = _NOTEBOOKS + r"(?P<short_id>[^/]+)/"
_RUN = r"(?P<run_id>[^/]+)"


class Action(Enum):
    """What a request does, as Jupyter's authorizer is asked about it."""

    READ = "read"
    WRITE = "write"
    #: Runs code or costs money.
    EXECUTE = "execute"


class Route(NamedTuple):
    """One endpoint; a named tuple, for the table is made at every start of a server.

    Attributes:
        name: What ``api/contract.py`` calls it.
        scopes: What a key needs; empty and ``is_for_keys`` false means that PostHog refuses every key.
        is_streaming: Whether the answer is an event stream.
        is_sent: False where PostHog refuses always, so that asking it is idle.
    """

    name: str
    method: str
    pattern: str
    action: Action
    scopes: tuple[str, ...] = ()
    is_for_keys: bool = True
    is_streaming: bool = False
    is_sent: bool = True

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is for this endpoint."""
        return method == self.method and self._match(path) is not None

    def parts(self, path: str) -> dict[str, str]:
        """Return the ids that stand in a path of this endpoint."""
        found = self._match(path)
        return {} if found is None else found.groupdict()

    def _match(self, path: str) -> re.Match[str] | None:
        # The last slash is optional (posthog-api.md 1.2).
        return re.fullmatch(self.pattern, path if path.endswith("/") else f"{path}/")


_READ, _WRITE, _QUERY = ("notebook:read",), ("notebook:write",), ("notebook:write", "query:read")
_READ_RUNS = ("notebook:read", "query:read")

ROUTES: tuple[Route, ...] = (
    Route("notebooks.list", "GET", _NOTEBOOKS, Action.READ, _READ),
    Route("notebooks.create", "POST", _NOTEBOOKS, Action.WRITE, _WRITE),
    Route("activity.all", "GET", _NOTEBOOKS + "activity/", Action.READ, is_for_keys=False),
    Route("recording_comments", "GET", _NOTEBOOKS + "recording_comments/", Action.READ, is_for_keys=False),
    Route("kernel.compute_options", "GET", _NOTEBOOKS + "kernel/compute_options/", Action.READ, _READ),
    Route("notebook.retrieve", "GET", _NOTEBOOK, Action.READ, _READ),
    Route("notebook.update", "PUT", _NOTEBOOK, Action.WRITE, _WRITE),
    Route("notebook.update", "PATCH", _NOTEBOOK, Action.WRITE, _WRITE),
    Route("notebook.delete", "DELETE", _NOTEBOOK, Action.WRITE, _WRITE, is_sent=False),
    Route("notebook.markdown", "GET", _NOTEBOOK + "markdown/", Action.READ, _READ),
    Route("activity.one", "GET", _NOTEBOOK + "activity/", Action.READ, ("activity_log:read",)),
    Route("collab.save", "POST", _NOTEBOOK + "collab/save/", Action.WRITE, _WRITE),
    Route("collab.markdown_save", "POST", _NOTEBOOK + "collab/markdown_save/", Action.WRITE, _WRITE),
    Route("collab.presence", "POST", _NOTEBOOK + "collab/presence/", Action.WRITE, _WRITE),
    Route("collab.stream", "GET", _NOTEBOOK + "collab/stream/", Action.READ, _READ, is_streaming=True),
    Route("kernel.start", "POST", _NOTEBOOK + "kernel/start/", Action.EXECUTE, is_for_keys=False),
    Route("kernel.stop", "POST", _NOTEBOOK + "kernel/stop/", Action.EXECUTE, is_for_keys=False),
    Route("kernel.restart", "POST", _NOTEBOOK + "kernel/restart/", Action.EXECUTE, is_for_keys=False),
    Route("kernel.status", "GET", _NOTEBOOK + "kernel/status/", Action.READ, _READ),
    Route("kernel.config", "POST", _NOTEBOOK + "kernel/config/", Action.EXECUTE, _WRITE),
    Route("kernel.execute", "POST", _NOTEBOOK + "kernel/execute/", Action.EXECUTE, is_for_keys=False),
    Route(
        "kernel.execute.stream",
        "POST",
        _NOTEBOOK + "kernel/execute/stream/",
        Action.EXECUTE,
        is_for_keys=False,
        is_streaming=True,
    ),
    Route("kernel.dataframe", "GET", _NOTEBOOK + "kernel/dataframe/", Action.READ, is_for_keys=False),
    Route("kernel.complete", "POST", _NOTEBOOK + "kernel/complete/", Action.EXECUTE, _READ),
    Route("kernel.inspect", "POST", _NOTEBOOK + "kernel/inspect/", Action.EXECUTE, _READ),
    Route("hogql.execute", "POST", _NOTEBOOK + "hogql/execute/", Action.EXECUTE, is_for_keys=False),
    Route("run.start", "POST", _NOTEBOOK + "sql_v2/run/", Action.EXECUTE, _QUERY),
    Route("run.status", "GET", _NOTEBOOK + f"sql_v2/runs/{_RUN}/", Action.READ, _READ_RUNS),
    Route("run.page", "GET", _NOTEBOOK + f"sql_v2/runs/{_RUN}/page/", Action.READ, _READ_RUNS),
    Route("run.interrupt", "POST", _NOTEBOOK + f"sql_v2/runs/{_RUN}/interrupt/", Action.EXECUTE, _WRITE),
    Route("run.state", "GET", _NOTEBOOK + "sql_v2/state/", Action.READ, _READ_RUNS),
    Route("runs.start", "POST", _NOTEBOOK + "runs/", Action.EXECUTE, _QUERY),
    Route("runs.status", "GET", _NOTEBOOK + f"runs/{_RUN}/", Action.READ, _READ_RUNS),
    Route("runs.interrupt", "POST", _NOTEBOOK + f"runs/{_RUN}/interrupt/", Action.EXECUTE, _WRITE),
    Route("query", "POST", _PROJECT + "query/", Action.EXECUTE, ("query:read",)),
    Route("project", "GET", _PROJECT, Action.READ, ("project:read",)),
    Route("projects", "GET", "projects/", Action.READ, ("project:read",)),
    Route("user", "GET", "users/@me/", Action.READ, ("user:read",)),
    Route("key", "GET", "personal_api_keys/@current/", Action.READ),
)


def find_route(method: str, path: str) -> Route | None:
    """Return the endpoint that a request below ``/api/`` is for, or None where it is not allowed."""
    return next((route for route in ROUTES if route.matches(method, path)), None)
