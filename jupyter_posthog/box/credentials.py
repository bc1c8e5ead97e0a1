"""Demo credentials and PostHog's rules about them (posthog-api.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.refusals import forbidden, standard

PROJECT_ID = 1
_FULL = (
    "notebook:read",
    "notebook:write",
    "query:read",
    "user:read",
    "project:read",
    "organization:read",
    "activity_log:read",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKey:
    """One demo key; empty scopes are an old key from before scopes existed."""

    name: str
    value: str
    scopes: tuple[str, ...]
    projects: tuple[int, ...] = ()
    is_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a browser session, or a key."""

    key: DemoKey | None

    @property
    def is_session(self) -> bool:
        """Whether this is a browser session, which may do everything its person may."""
        return self.key is None


def _value(kind: str, name: str) -> str:
    return f"{kind}_" + f"box{name}".ljust(32, "0")


KEYS = {
    key.name: key
    for key in (
        DemoKey(name="full", value=_value("phx", "full"), scopes=_FULL),
        DemoKey(
            name="read_only",
            value=_value("phx", "readonly"),
            scopes=tuple(scope for scope in _FULL if scope != "notebook:write"),
        ),
        DemoKey(
            name="no_query",
            value=_value("phx", "noquery"),
            scopes=tuple(scope for scope in _FULL if scope != "query:read"),
        ),
        DemoKey(name="one_project", value=_value("phx", "oneproject"), scopes=_FULL, projects=(PROJECT_ID,)),
        DemoKey(name="expired", value=_value("phx", "expired"), scopes=_FULL, is_expired=True),
        DemoKey(name="unscoped", value="box-key-from-before-scopes-and-prefixes", scopes=()),
        DemoKey(name="oauth", value=_value("pha", "oauth"), scopes=_FULL),
    )
}
SESSION_COOKIE, CSRF_TOKEN = "box-session-of-ada", "box-csrf-of-ada"  # demo values


def identify(headers: Mapping[str, str], cookies: Mapping[str, str], *, is_safe: bool) -> Caller:
    """Return who asks.

    Raises:
        Refusal: 401 for no or a wrong credential, 403 for a session without its CSRF token.
    """
    given = headers.get("Authorization", "")
    if given.startswith("Bearer "):
        key = next((key for key in KEYS.values() if key.value == given[7:].strip()), None)
        if key is None or key.is_expired:
            detail = "Personal API key found in request Authorization header is invalid."
            raise standard(401, "authentication_error", "authentication_failed", detail)
        return Caller(key=key)
    if cookies.get("sessionid") == SESSION_COOKIE:
        token = headers.get("X-CSRFToken", "")
        if not is_safe and (token != CSRF_TOKEN or cookies.get("posthog_csrftoken") != token):
            raise forbidden("CSRF Failed: CSRF token missing or incorrect.")
        return Caller(key=None)
    detail = "Authentication credentials were not provided."
    raise standard(401, "authentication_error", "not_authenticated", detail)


def check_scopes(caller: Caller, scopes: tuple[str, ...] | None, profile: Profile) -> None:
    """Check a key against an action's scopes; None means that PostHog lets no key do it (2.4).

    Raises:
        Refusal: 403 that names the missing scope.
    """
    if caller.key is None or (profile.has_old_keys and not caller.key.scopes):
        return
    if scopes is None:
        raise forbidden("This action does not support personal API key access")
    # Since scopes exist, a key without any stands for all of them (16.2).
    held = set(caller.key.scopes) or {"*"}
    for scope in scopes:
        if not held & {"*", scope, scope.replace(":read", ":write")}:
            raise forbidden(f"API key missing required scope '{scope}'")


def check_project(caller: Caller, project_id: int) -> None:
    """Check that the caller may see this project.

    Raises:
        Refusal: 403.
    """
    if caller.key is not None and caller.key.projects and project_id not in caller.key.projects:
        raise forbidden(f"API key does not have access to the requested project: ID {project_id}.")
    if project_id != PROJECT_ID:
        raise forbidden("You don't have access to the project.")
