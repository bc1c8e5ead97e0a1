"""Demo credentials and PostHog's rules about them (posthog-api.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_posthog.box.access import Access
from jupyter_posthog.box.people import ADA, GRACE, VERA
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.refusals import forbidden, unauthorized

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
class DemoSession:
    """One browser session: the values of its cookie and of its CSRF token."""

    cookie: str
    csrf: str
    person: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a person, in a browser session or with a key."""

    key: DemoKey | None
    person: dict[str, Any]

    @property
    def is_session(self) -> bool:
        """Whether this is a browser session, which may do everything its person may."""
        return self.key is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Where a request can carry a credential (2.2)."""

    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    query_key: str | None
    body_key: str | None
    is_safe: bool


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
ADAS_SESSION = DemoSession(cookie=SESSION_COOKIE, csrf=CSRF_TOKEN, person=ADA)
# The colleague, who works in the box's own page.
GRACES_SESSION = DemoSession(cookie="box-session-of-grace", csrf="box-csrf-of-grace", person=GRACE)
# Somebody with viewer access only (2.5).
VERAS_SESSION = DemoSession(cookie="box-session-of-vera", csrf="box-csrf-of-vera", person=VERA)
SESSIONS = (ADAS_SESSION, GRACES_SESSION, VERAS_SESSION)


def identify(given: Given) -> Caller:
    """Return who asks; the first place that holds a key decides (2.2).

    Raises:
        Refusal: 401 for no or a wrong credential, 403 for a session without its CSRF token.
    """
    bearer = given.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        return _holder(bearer[7:].strip(), "Authorization header", in_header=True)
    if given.body_key is not None:
        return _holder(given.body_key, "body", in_header=False)
    if given.query_key is not None:
        return _holder(given.query_key, "query string", in_header=False)
    session = next((one for one in SESSIONS if one.cookie == given.cookies.get("sessionid")), None)
    if session is None:
        raise unauthorized("not_authenticated", "Authentication credentials were not provided.")
    if not given.is_safe:
        _check_csrf(session, given)
    return Caller(key=None, person=session.person)


def check_scopes(caller: Caller, access: Access, profile: Profile) -> None:
    """Check a key against what an action needs (2.4).

    Raises:
        Refusal: 403 that names the missing scope, or says that no key may.
    """
    if caller.key is None or (profile.has_old_keys and not caller.key.scopes):
        return
    if access.scopes is None:
        raise forbidden("This action does not support personal API key access")
    # Since scopes exist, a key without any stands for all of them (16.2).
    held = set(caller.key.scopes) or {"*"}
    for scope in access.scopes:
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


def check_not_bound(caller: Caller) -> None:
    """Check that a key is not bound to projects, where an endpoint belongs to none (2.4, 16.3).

    Raises:
        Refusal: 403.
    """
    if caller.key is not None and caller.key.projects:
        raise forbidden("API keys with scoped projects are only supported on project-based endpoints.")


def _holder(value: str, place: str, *, in_header: bool) -> Caller:
    if in_header and value.startswith("phs_"):
        raise forbidden("This action does not support project secret API key access")
    key = next((key for key in KEYS.values() if key.value == value), None)
    is_misplaced = key is not None and key.name == "oauth" and not in_header
    if key is None or key.is_expired or is_misplaced:
        raise unauthorized("authentication_failed", f"Personal API key found in request {place} is invalid.")
    return Caller(key=key, person=ADA)


def _check_csrf(session: DemoSession, given: Given) -> None:
    token = given.headers.get("X-CSRFToken", "")
    if not token:
        raise forbidden("CSRF Failed: CSRF token missing.")
    if token != session.csrf or given.cookies.get("posthog_csrftoken") != token:
        raise forbidden("CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect.")
