"""Who a connection speaks as, which projects it sees and what it can do, for the page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_posthog.connection.capabilities import SCRATCHPAD, Capability, CapabilityState, ask_softly, learn_execution
from jupyter_posthog.errors import ApiError, Fact, PosthogError
from jupyter_posthog.messages import sentence
from jupyter_posthog.settings import BrowserSession, ConnectionSettings

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi
    from jupyter_posthog.api.models import CurrentUser
    from jupyter_posthog.connection.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleProject:
    """One project the credential can see; ``organization`` is its name for people."""

    id: int
    name: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """The state of one connection; ``error`` says why it cannot be used."""

    name: str
    host: str = ""
    credential_kind: str = ""
    credential_last4: str | None = None
    default_project_id: int | None = None
    user_name: str = ""
    user_email: str = ""
    projects: tuple[VisibleProject, ...] = ()
    capabilities: dict[str, Capability] = field(default_factory=dict)
    error: PosthogError | None = None

    def to_json(self) -> dict[str, object]:
        """Return what GET /posthog/status gives for this connection; no secret is in it."""
        facts: dict[str, Fact] = self.error.facts if self.error else {}
        return {
            "name": self.name,
            "host": self.host,
            "default_project_id": self.default_project_id,
            "is_ok": self.error is None,
            "reason": self.error.reason if self.error else None,
            "message": sentence(self.error) if self.error else None,
            "facts": facts,
            "user": {"name": self.user_name, "email": self.user_email} if self.user_name or self.user_email else None,
            "projects": [
                {"id": project.id, "name": project.name, "organization": project.organization}
                for project in self.projects
            ],
            "credential": {"kind": self.credential_kind, "last4": self.credential_last4}
            if self.credential_kind
            else None,
            "capabilities": {
                name: {"state": capability.state.value, "reason": capability.reason, "remedy": capability.remedy}
                for name, capability in self.capabilities.items()
            },
        }


async def describe_connection(connections: Connections, name: str) -> ConnectionStatus:
    """Ask one PostHog about the credential; nothing is written or started. Never raises a PosthogError."""
    try:
        settings = connections.settings.connection(name)
    except PosthogError as error:
        return ConnectionStatus(name=name, error=error)
    try:
        return await _describe(connections, settings)
    except PosthogError as error:
        return _status(settings, project_id=settings.project_id, error=error)


async def _describe(connections: Connections, settings: ConnectionSettings) -> ConnectionStatus:
    api = connections.api(settings.name)
    user = await _user(api)
    project_id = await connections.default_project_id(settings.name)
    reading = await ask_softly(lambda: api.notebooks.list_notebooks(project_id, limit=1))
    return _status(
        settings,
        project_id=project_id,
        user=user,
        projects=await _projects(api, user, project_id),
        capabilities={"list": reading, **await _execution(api, project_id)},
    )


async def _user(api: PosthogApi) -> CurrentUser | None:
    try:
        return await api.identity.fetch_user()
    except ApiError as error:
        if error.status == 403:  # a key without user:read works for notebooks all the same
            return None
        raise


async def _projects(api: PosthogApi, user: CurrentUser | None, project_id: int) -> tuple[VisibleProject, ...]:
    names = {organization.id: organization.name for organization in user.organizations} if user else {}
    if user and user.organization:
        names[user.organization.id] = user.organization.name
    try:
        found = await api.identity.list_projects()
    except ApiError:
        # A key bound to projects may not list them (posthog-api.md 16.3).
        try:
            found = [await api.identity.fetch_project(project_id)]
        except ApiError:
            return (VisibleProject(id=project_id, name=f"Project {project_id}", organization=""),)
    return tuple(
        VisibleProject(id=project.id, name=project.name, organization=names.get(project.organization or "", ""))
        for project in found
    )


async def _execution(api: PosthogApi, project_id: int) -> dict[str, Capability]:
    try:
        learned = await learn_execution(api, project_id, SCRATCHPAD)
    except PosthogError as error:
        return {"run_python": Capability(state=CapabilityState.UNKNOWN, reason=error.reason, remedy=sentence(error))}
    is_able = Capability(state=CapabilityState.YES) if learned.preferred else learned.runs
    return {"run_python": is_able, "stream": learned.stream, "runs": learned.runs, "execute": learned.execute}


def _status(
    settings: ConnectionSettings,
    *,
    project_id: int | None,
    user: CurrentUser | None = None,
    projects: tuple[VisibleProject, ...] = (),
    capabilities: dict[str, Capability] | None = None,
    error: PosthogError | None = None,
) -> ConnectionStatus:
    credential = settings.credential
    return ConnectionStatus(
        name=settings.name,
        host=settings.host,
        credential_kind=credential.kind,
        credential_last4=None if isinstance(credential, BrowserSession) else credential.value[-4:],
        default_project_id=project_id,
        user_name=f"{user.first_name} {user.last_name}".strip() if user else "",
        user_email=user.email if user else "",
        projects=projects,
        capabilities=capabilities or {},
        error=error,
    )
