"""The families of things that a credential may be able to do, and the requests that belong to each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Family(Enum):
    """What can be possible or not, each by itself (posthog-api.md 2.6)."""

    LIST = "list"
    WRITE = "write"
    ACTIVITY = "activity"
    #: Activity of the whole project.
    ALL_ACTIVITY = "all_activity"
    RECORDING_COMMENTS = "recording_comments"
    #: Start, stop and restart of kernels.
    KERNEL_CONTROL = "kernel_control"
    EXECUTE = "execute"
    STREAM = "stream"
    DATAFRAME = "dataframe"
    RUNS = "runs"
    QUERY = "query"
    COLLAB = "collab"
    #: Completion and inspection by the remote kernel.
    COMPLETE_INSPECT = "complete_inspect"


#: What a key needs; a family that is missing is one for browser sessions (posthog-api.md 2.6).
NEEDED_SCOPES: dict[Family, tuple[str, ...]] = {
    Family.LIST: ("notebook:read",),
    Family.WRITE: ("notebook:write",),
    Family.ACTIVITY: ("activity_log:read",),
    Family.RUNS: ("notebook:write", "query:read"),
    Family.QUERY: ("query:read",),
    Family.COLLAB: ("notebook:write",),
}
#: For people, in the order in which they are shown.
WORDS: dict[Family, str] = {
    Family.LIST: "List and read notebooks",
    Family.WRITE: "Write notebooks",
    Family.RUNS: "Run cells (run and poll)",
    Family.STREAM: "Run cells with streamed output",
    Family.EXECUTE: "Run cells on a kernel directly",
    Family.QUERY: "Run HogQL queries",
    Family.KERNEL_CONTROL: "Start, stop and restart kernels",
    Family.DATAFRAME: "Page through frames of a kernel",
    Family.COMPLETE_INSPECT: "Complete and inspect code",
    Family.COLLAB: "Save live, beside open pages",
    Family.ACTIVITY: "Activity of a notebook",
    Family.ALL_ACTIVITY: "Activity of the project",
    Family.RECORDING_COMMENTS: "Comments on recordings",
}
_SESSION_ONLY = "PostHog lets only a browser session do this."
#: What to do, by family and reason, where the reason's own sentence says it too broadly.
REMEDIES: dict[tuple[Family, str], str] = {
    (Family.KERNEL_CONTROL, "key_not_supported"): "PostHog lets no key do this. Cells start a kernel by themselves.",
    (Family.EXECUTE, "key_not_supported"): _SESSION_ONLY,
    (Family.STREAM, "key_not_supported"): _SESSION_ONLY,
    (Family.DATAFRAME, "key_not_supported"): _SESSION_ONLY,
    (Family.ALL_ACTIVITY, "key_not_supported"): _SESSION_ONLY,
    (Family.RECORDING_COMMENTS, "key_not_supported"): _SESSION_ONLY,
    (Family.STREAM, "endpoint_missing"): "This PostHog does not stream output; it appears when the cell ends.",
    (Family.DATAFRAME, "endpoint_missing"): "This PostHog serves frames with the runs that show them.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The family that a request belongs to.

    Attributes:
        proves: Whether an answer shows that the whole family works; reading a run does not show that one can start.
    """

    family: Family
    project: str
    proves: bool


_ONE = r"[A-Za-z0-9]{1,12}"
_REQUESTS: tuple[tuple[Family, str, str, bool], ...] = (
    (Family.LIST, "GET", "", True),
    (Family.WRITE, "POST", "", True),
    (Family.ALL_ACTIVITY, "GET", "activity/", True),
    (Family.RECORDING_COMMENTS, "GET", "recording_comments/", True),
    (Family.WRITE, "PATCH", f"{_ONE}/", True),
    (Family.ACTIVITY, "GET", f"{_ONE}/activity/", True),
    (Family.KERNEL_CONTROL, "POST", f"{_ONE}/kernel/(?:start|stop|restart)/", True),
    (Family.EXECUTE, "POST", f"{_ONE}/kernel/execute/", True),
    (Family.STREAM, "POST", f"{_ONE}/kernel/execute/stream/", True),
    (Family.DATAFRAME, "GET", f"{_ONE}/kernel/dataframe/", True),
    (Family.RUNS, "POST", f"{_ONE}/sql_v2/run/", True),
    (Family.RUNS, "GET", f"{_ONE}/sql_v2/.*", False),
    (Family.COLLAB, "POST", f"{_ONE}/collab/markdown_save/", True),
    (Family.COMPLETE_INSPECT, "POST", f"{_ONE}/kernel/(?:complete|inspect)/", True),
)
_BELOW = r"/api/projects/(?P<project>[^/]+)/notebooks/"
_PATTERNS = tuple((family, method, re.compile(_BELOW + rest), proves) for family, method, rest, proves in _REQUESTS)
_QUERY = re.compile(r"/api/projects/(?P<project>[^/]+)/query/")


def sighting_of(method: str, path: str) -> Sighting | None:
    """Return which family a request belongs to, None for those that tell of none."""
    path = path if path.endswith("/") else f"{path}/"
    query = _QUERY.fullmatch(path) if method == "POST" else None
    if query is not None:
        return Sighting(family=Family.QUERY, project=query["project"], proves=True)
    for family, wanted, pattern, proves in _PATTERNS:
        found = pattern.fullmatch(path) if method == wanted else None
        if found is not None:
            return Sighting(family=family, project=found["project"], proves=proves)
    return None
