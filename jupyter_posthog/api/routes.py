"""Every PostHog endpoint that may be asked for, in one table: the proxy's allow-list.

Source of methods and scopes: posthog-api.md 2.6, 11.9, 16, 17. ``kernel/complete`` and ``kernel/inspect`` have
unconfirmed scopes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_PROJECT = r"projects/(?P<project_id>\d+|@current)/"
_NOTEBOOKS = _PROJECT + r"notebooks/"
_NOTEBOOK = _NOTEBOOKS + r"(?P<short_id>[A-Za-z0-9]{1,12})/"
_RUN = r"(?P<run_id>[A-Za-z0-9-]{1,64})"


class Action(Enum):
    """What a request does, as Jupyter's authorizer is asked about it."""

    READ = "read"
    WRITE = "write"
    #: Runs code or costs money.
    EXECUTE = "execute"


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    Attributes:
        scopes: What a key needs; empty and ``is_for_keys`` false means that PostHog refuses every key.
        is_streaming: Whether the answer is an event stream.
    """

    method: str
    pattern: str
    action: Action
    scopes: tuple[str, ...] = ()
    is_for_keys: bool = True
    is_streaming: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is for this endpoint; the last slash of the path is optional (posthog-api.md 1.2)."""
        if method != self.method:
            return False
        return re.fullmatch(self.pattern, path if path.endswith("/") else f"{path}/") is not None


_READ, _WRITE, _QUERY = ("notebook:read",), ("notebook:write",), ("notebook:write", "query:read")
_READ_RUNS = ("notebook:read", "query:read")

ROUTES: tuple[Route, ...] = (
    Route("GET", _NOTEBOOKS, Action.READ, _READ),
    Route("POST", _NOTEBOOKS, Action.WRITE, _WRITE),
    Route("GET", _NOTEBOOKS + "activity/", Action.READ, is_for_keys=False),
    Route("GET", _NOTEBOOKS + "recording_comments/", Action.READ, is_for_keys=False),
    Route("GET", _NOTEBOOKS + "kernel/compute_options/", Action.READ, _READ),
    Route("GET", _NOTEBOOK, Action.READ, _READ),
    Route("PUT", _NOTEBOOK, Action.WRITE, _WRITE),
    Route("PATCH", _NOTEBOOK, Action.WRITE, _WRITE),
    Route("DELETE", _NOTEBOOK, Action.WRITE, _WRITE),
    Route("GET", _NOTEBOOK + "markdown/", Action.READ, _READ),
    Route("GET", _NOTEBOOK + "activity/", Action.READ, ("activity_log:read",)),
    Route("POST", _NOTEBOOK + "collab/save/", Action.WRITE, _WRITE),
    Route("POST", _NOTEBOOK + "collab/markdown_save/", Action.WRITE, _WRITE),
    Route("POST", _NOTEBOOK + "collab/presence/", Action.WRITE, _WRITE),
    Route("GET", _NOTEBOOK + "collab/stream/", Action.READ, _READ, is_streaming=True),
    Route("POST", _NOTEBOOK + "kernel/start/", Action.EXECUTE, is_for_keys=False),
    Route("POST", _NOTEBOOK + "kernel/stop/", Action.EXECUTE, is_for_keys=False),
    Route("POST", _NOTEBOOK + "kernel/restart/", Action.EXECUTE, is_for_keys=False),
    Route("GET", _NOTEBOOK + "kernel/status/", Action.READ, _READ),
    Route("POST", _NOTEBOOK + "kernel/config/", Action.EXECUTE, _WRITE),
    Route("POST", _NOTEBOOK + "kernel/execute/", Action.EXECUTE, is_for_keys=False),
    Route("POST", _NOTEBOOK + "kernel/execute/stream/", Action.EXECUTE, is_for_keys=False, is_streaming=True),
    Route("GET", _NOTEBOOK + "kernel/dataframe/", Action.READ, is_for_keys=False),
    Route("POST", _NOTEBOOK + "kernel/complete/", Action.EXECUTE, _READ),
    Route("POST", _NOTEBOOK + "kernel/inspect/", Action.EXECUTE, _READ),
    Route("POST", _NOTEBOOK + "hogql/execute/", Action.EXECUTE, is_for_keys=False),
    Route("POST", _NOTEBOOK + "sql_v2/run/", Action.EXECUTE, _QUERY),
    Route("GET", _NOTEBOOK + f"sql_v2/runs/{_RUN}/", Action.READ, _READ_RUNS),
    Route("GET", _NOTEBOOK + f"sql_v2/runs/{_RUN}/page/", Action.READ, _READ_RUNS),
    Route("POST", _NOTEBOOK + f"sql_v2/runs/{_RUN}/interrupt/", Action.EXECUTE, _WRITE),
    Route("GET", _NOTEBOOK + "sql_v2/state/", Action.READ, _READ_RUNS),
    Route("POST", _NOTEBOOK + "runs/", Action.EXECUTE, _QUERY),
    Route("GET", _NOTEBOOK + f"runs/{_RUN}/", Action.READ, _READ_RUNS),
    Route("POST", _NOTEBOOK + f"runs/{_RUN}/interrupt/", Action.EXECUTE, _WRITE),
    Route("POST", _PROJECT + "query/", Action.EXECUTE, ("query:read",)),
    Route("GET", _PROJECT, Action.READ, ("project:read",)),
    Route("GET", "projects/", Action.READ, ("project:read",)),
    Route("GET", "users/@me/", Action.READ, ("user:read",)),
    Route("GET", "personal_api_keys/@current/", Action.READ),
)


def find_route(method: str, path: str) -> Route | None:
    """Return the endpoint that a request below ``/api/`` is for, or None where it is not allowed."""
    return next((route for route in ROUTES if route.matches(method, path)), None)
