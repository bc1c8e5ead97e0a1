"""Who a credential belongs to and which projects it sees (posthog-api.md 16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.errors import ApiError, KeyRefusedError

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi
    from jupyter_posthog.api.models import CurrentKey, CurrentUser, Project

#: What a key needs for everything that this package does (posthog-api.md 2.6); the last one only for history.
NEEDED_SCOPES = (
    "notebook:read",
    "notebook:write",
    "query:read",
    "user:read",
    "project:read",
    "organization:read",
    "activity_log:read",
)
_MOST_BOUND_PROJECTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleProject:
    """One project the credential can see; ``organization`` is its name for people."""

    id: int
    name: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What PostHog says about a credential; None where it may not be asked or is not answered here.

    Attributes:
        key: The key about itself. Sessions and OAuth tokens have none, nor do older servers.
    """

    user: CurrentUser | None
    key: CurrentKey | None
    projects: tuple[VisibleProject, ...]

    @property
    def user_name(self) -> str:
        """The person's name, empty where it is not known."""
        return f"{self.user.first_name} {self.user.last_name}".strip() if self.user else ""

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """The key's own scopes, None where they are not known."""
        return tuple(self.key.scopes) if self.key is not None else None

    @property
    def project_id(self) -> int | None:
        """The project to begin with: the only one of a bound key, else the person's current one."""
        if self.key is not None and self.key.scoped_teams:
            return self.key.scoped_teams[0]
        if self.user is not None and self.user.team is not None:
            return self.user.team.id
        return self.projects[0].id if len(self.projects) == 1 else None


def holds_scope(scopes: tuple[str, ...], scope: str) -> bool:
    """Whether a key with these scopes may do what needs one; writing includes reading (posthog-api.md 2.4)."""
    return bool({"*", scope, scope.replace(":read", ":write")} & set(scopes))


async def discover(api: PosthogApi, *, project_id: int | None = None) -> Discovery:
    """Ask PostHog about the credential; nothing is written or started.

    Args:
        project_id: A project to name where the credential may list none.

    Raises:
        KeyRefusedError: PostHog does not know the credential.
        HostAwayError: It does not answer.
        NotPosthogError: Something else answers.
    """
    key = await _key(api)
    user = await _user(api)
    return Discovery(user=user, key=key, projects=await _projects(api, user, key, project_id))


async def find_project_id(api: PosthogApi) -> int | None:
    """Return the project to begin with, asking no more than it takes; None where PostHog names none."""
    key = await _key(api)
    if key is not None and key.scoped_teams:
        return key.scoped_teams[0]
    user = await _user(api)
    if user is not None and user.team is not None:
        return user.team.id
    return Discovery(user=user, key=key, projects=await _projects(api, user, key, None)).project_id


async def fetch_scopes(api: PosthogApi) -> tuple[str, ...] | None:
    """Return the key's own scopes; None where PostHog does not tell."""
    key = await _key(api)
    return tuple(key.scopes) if key is not None else None


async def _key(api: PosthogApi) -> CurrentKey | None:
    try:
        return await api.identity.fetch_key()
    except KeyRefusedError:
        # Without a session or a key of its own kind PostHog may answer 401 here: users/@me says what is true.
        return None
    except ApiError:
        return None


async def _user(api: PosthogApi) -> CurrentUser | None:
    try:
        return await api.identity.fetch_user()
    except ApiError as error:
        if error.status == 403:  # a key without user:read works for notebooks all the same
            return None
        raise


async def _projects(
    api: PosthogApi, user: CurrentUser | None, key: CurrentKey | None, project_id: int | None
) -> tuple[VisibleProject, ...]:
    names = await _organization_names(api, user)
    if key is not None and key.scoped_teams:
        # A key that is bound to projects may not list them (posthog-api.md 16.3).
        found = [await _project(api, number) for number in key.scoped_teams[:_MOST_BOUND_PROJECTS]]
        return tuple(_visible(project, names) for project in found if project is not None)
    try:
        return tuple(_visible(project, names) for project in await api.identity.list_projects())
    except ApiError:
        number = project_id or (user.team.id if user and user.team else None)
    if number is None:
        return ()
    project = await _project(api, number)
    return (_visible(project, names) if project else VisibleProject(id=number, name="", organization=""),)


async def _project(api: PosthogApi, project_id: int) -> Project | None:
    try:
        return await api.identity.fetch_project(project_id)
    except ApiError:
        return None


async def _organization_names(api: PosthogApi, user: CurrentUser | None) -> dict[str, str]:
    if user is not None:
        own = [user.organization] if user.organization else []
        return {organization.id: organization.name for organization in [*own, *user.organizations]}
    try:
        return {organization.id: organization.name for organization in await api.identity.list_organizations()}
    except ApiError:
        return {}


def _visible(project: Project, names: dict[str, str]) -> VisibleProject:
    return VisibleProject(id=project.id, name=project.name, organization=names.get(project.organization or "", ""))
