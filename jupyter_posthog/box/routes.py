"""What each profile serves, in one table, and the rules of the web server that follow from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_posthog.box import (
    activity,
    collaboration_handlers,
    discovery,
    markdown_save,
    notebooks,
    recording_comments,
)
from jupyter_posthog.box.access import (
    ACTIVITY,
    ANYBODY,
    ORGANIZATION,
    PROJECT,
    QUERY,
    READ,
    RESULT,
    RUN,
    SESSION,
    USER,
    WRITE,
    Access,
)
from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.kernel import execute_handlers, kernel_handlers, kernel_help, kernel_sizes
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.running import notebook_run_handlers, query_handlers, run_handlers, state_handlers

_SCOPE = "projects/:project_id"
_ALL = f"{_SCOPE}/notebooks"
_ONE = f"{_ALL}/:short_id"
_KERNEL = f"{_ONE}/kernel"
_RUNS = f"{_ONE}/sql_v2"
_QUERY = f"{_SCOPE}/query"
_PARTS = {
    ":project_id": r"(?P<project_id>[^/]+)",
    ":short_id": r"(?P<short_id>[A-Za-z0-9]+)",
    ":run_id": r"(?P<run_id>[A-Za-z0-9-]+)",
    ":query_id": r"(?P<query_id>[^/]+)",
    ":organization_id": r"(?P<organization_id>[^/]+)",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One action; a profile without it has None there and answers 404."""

    name: str
    method: str
    path: str
    handler: type[BoxHandler]
    cloud: Access | None
    flag_off: Access | None
    legacy: Access | None

    def access(self, profile: Profile) -> Access | None:
        """Return who may use the action on one kind of server, None where it does not exist."""
        return {"cloud": self.cloud, "flag-off": self.flag_off, "legacy": self.legacy}[profile.name]


# Sources: posthog-api.md 2.6 and 6–17 for cloud and flag-off, the documentation page and 18 for legacy. Scopes of
# complete and inspect are not known (22.1). What no profile has: sharing (7) and widgets (14), as on a server without.
# fmt: off
ROUTES = (
    #     action             method    path                                       handler                                 cloud         flag-off             legacy
    Route("list",            "GET",    _ALL,                                      notebooks.NotebooksHandler,             READ,         READ,                READ),
    Route("create",          "POST",   _ALL,                                      notebooks.NotebooksHandler,             WRITE,        WRITE,               WRITE),
    Route("activity all",    "GET",    f"{_ALL}/activity",                        activity.ProjectActivityHandler,        SESSION,      SESSION,             SESSION),
    Route("comments",        "GET",    f"{_ALL}/recording_comments",              recording_comments.CommentsHandler,     SESSION,      SESSION,             SESSION),
    Route("compute options", "GET",    f"{_ALL}/kernel/compute_options",          kernel_sizes.ComputeOptionsHandler,     READ,         READ,                None),
    Route("retrieve",        "GET",    _ONE,                                      notebooks.NotebookHandler,              READ,         READ,                READ),
    Route("update",          "PUT",    _ONE,                                      notebooks.NotebookHandler,              WRITE,        WRITE,               WRITE),
    Route("partial update",  "PATCH",  _ONE,                                      notebooks.NotebookHandler,              WRITE,        WRITE,               WRITE),
    Route("destroy",         "DELETE", _ONE,                                      notebooks.NotebookHandler,              ANYBODY,      ANYBODY,             ANYBODY),
    Route("markdown",        "GET",    f"{_ONE}/markdown",                        notebooks.MarkdownHandler,              READ,         READ,                None),
    Route("activity one",    "GET",    f"{_ONE}/activity",                        activity.ActivityHandler,               ACTIVITY,     ACTIVITY,            ACTIVITY),
    Route("collab save",     "POST",   f"{_ONE}/collab/save",                     collaboration_handlers.StepsHandler,    WRITE,        WRITE,               WRITE),
    Route("markdown save",   "POST",   f"{_ONE}/collab/markdown_save",            markdown_save.MarkdownSaveHandler,      WRITE,        WRITE,               None),
    Route("presence",        "POST",   f"{_ONE}/collab/presence",                 collaboration_handlers.PresenceHandler, WRITE,        WRITE,               None),
    Route("collab stream",   "GET",    f"{_ONE}/collab/stream",                   collaboration_handlers.StreamHandler,   READ,         READ,                READ),
    Route("kernel start",    "POST",   f"{_KERNEL}/start",                        kernel_handlers.StartHandler,           SESSION,      SESSION,             SESSION),
    Route("kernel stop",     "POST",   f"{_KERNEL}/stop",                         kernel_handlers.StopHandler,            SESSION,      SESSION,             SESSION),
    Route("kernel restart",  "POST",   f"{_KERNEL}/restart",                      kernel_handlers.RestartHandler,         SESSION,      SESSION,             SESSION),
    Route("kernel execute",  "POST",   f"{_KERNEL}/execute",                      execute_handlers.ExecuteHandler,        SESSION,      SESSION,             SESSION),
    Route("kernel status",   "GET",    f"{_KERNEL}/status",                       kernel_handlers.StatusHandler,          READ,         READ,                SESSION),
    Route("kernel config",   "POST",   f"{_KERNEL}/config",                       kernel_sizes.ConfigHandler,             WRITE,        WRITE,               SESSION),
    Route("kernel complete", "POST",   f"{_KERNEL}/complete",                     kernel_help.CompleteHandler,            WRITE,        WRITE,               None),
    Route("kernel inspect",  "POST",   f"{_KERNEL}/inspect",                      kernel_help.InspectHandler,             WRITE,        WRITE,               None),
    Route("execute stream",  "POST",   f"{_KERNEL}/execute/stream",               execute_handlers.ExecuteStreamHandler,  None,         None,                SESSION),
    Route("dataframe",       "GET",    f"{_KERNEL}/dataframe",                    execute_handlers.DataframeHandler,      None,         None,                SESSION),
    Route("hogql execute",   "POST",   f"{_ONE}/hogql/execute",                   query_handlers.HogqlExecuteHandler,     None,         None,                SESSION),
    Route("cell run",        "POST",   f"{_RUNS}/run",                            run_handlers.RunHandler,                RUN,          RUN.switched_off,    None),
    Route("cell status",     "GET",    f"{_RUNS}/runs/:run_id",                   run_handlers.RunStatusHandler,          RESULT,       RESULT.switched_off, None),
    Route("cell page",       "GET",    f"{_RUNS}/runs/:run_id/page",              run_handlers.RunPageHandler,            RESULT,       RESULT.switched_off, None),
    Route("cell interrupt",  "POST",   f"{_RUNS}/runs/:run_id/interrupt",         run_handlers.RunInterruptHandler,       WRITE,        WRITE.switched_off,  None),
    Route("state",           "GET",    f"{_RUNS}/state",                          state_handlers.StateHandler,            RESULT,       RESULT.switched_off, None),
    Route("whole run",       "POST",   f"{_ONE}/runs",                            notebook_run_handlers.StartHandler,     RUN,          RUN.switched_off,    None),
    Route("whole status",    "GET",    f"{_ONE}/runs/:run_id",                    notebook_run_handlers.StatusHandler,    RESULT,       RESULT.switched_off, None),
    Route("whole interrupt", "POST",   f"{_ONE}/runs/:run_id/interrupt",          notebook_run_handlers.InterruptHandler, WRITE,        WRITE.switched_off,  None),
    Route("query",           "POST",   _QUERY,                                    query_handlers.QueryHandler,            QUERY,        QUERY,               QUERY),
    Route("query status",    "GET",    f"{_QUERY}/:query_id",                     query_handlers.QueryStatusHandler,      QUERY,        QUERY,               QUERY),
    Route("query cancel",    "DELETE", f"{_QUERY}/:query_id",                     query_handlers.QueryStatusHandler,      QUERY,        QUERY,               QUERY),
    Route("me",              "GET",    "users/@me",                               discovery.UserHandler,                  USER,         USER,                USER),
    Route("current key",     "GET",    "personal_api_keys/@current",              discovery.CurrentKeyHandler,            ANYBODY,      ANYBODY,             None),
    Route("introspect",      "POST",   "/oauth/introspect",                       discovery.IntrospectHandler,            ANYBODY,      ANYBODY,             None),
    Route("projects",        "GET",    "projects",                                discovery.ProjectsHandler,              PROJECT,      PROJECT,             PROJECT),
    Route("project",         "GET",    _SCOPE,                                    discovery.ProjectHandler,               PROJECT,      PROJECT,             PROJECT),
    Route("organizations",   "GET",    "organizations",                           discovery.OrganizationsHandler,         ORGANIZATION, ORGANIZATION,        ORGANIZATION),
    Route("organization's",  "GET",    "organizations/:organization_id/projects", discovery.OrganizationProjectsHandler,  PROJECT,      PROJECT,             PROJECT),
)
# fmt: on
AccessByMethod = dict[str, Access]


def served(profile: Profile) -> list[tuple[str, type[BoxHandler], AccessByMethod]]:
    """Return pattern, handler and access by method of each path that a profile serves, in the table's order."""
    found: dict[str, tuple[type[BoxHandler], AccessByMethod]] = {}
    for route in ROUTES:
        access = route.access(profile)
        if access is not None:
            _, methods = found.setdefault(route.path, (route.handler, {}))
            methods[route.method] = access
    return [(_pattern(path, profile), handler, methods) for path, (handler, methods) in found.items()]


def _pattern(path: str, profile: Profile) -> str:
    """Return the pattern of a path, below /api/ where it is relative; the slash at its end is free (1.2)."""
    if path.startswith("/"):
        return f"{path}/?"
    pattern = re.sub(r":\w+", lambda found: _PARTS[found[0]], path)
    # Before the alias was rewritten, notebooks were only registered below projects (1.3).
    if path.startswith(_SCOPE) and (profile.has_environments or not path.startswith(_ALL)):
        pattern = pattern.replace("projects/", "(?:projects|environments)/", 1)
    return rf"/api/{pattern}/?"
