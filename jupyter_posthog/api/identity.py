"""Who the credential belongs to and what it may see (posthog-api.md 16)."""

from __future__ import annotations

import msgspec

from jupyter_posthog.api.models import CurrentKey, CurrentUser, Project, decode
from jupyter_posthog.api.transport import Transport


class _ProjectPage(msgspec.Struct, frozen=True):
    results: list[Project]


class IdentityApi:
    """One method per discovery endpoint."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def fetch_user(self) -> CurrentUser:
        """Return the person (GET /api/users/@me/, needs ``user:read``)."""
        answer = await self._transport.fetch("/api/users/@me/")
        return decode(answer, CurrentUser, host=self._transport.host)

    async def fetch_key(self) -> CurrentKey:
        """Return the key about itself (GET /api/personal_api_keys/@current/); older servers lack it."""
        answer = await self._transport.fetch("/api/personal_api_keys/@current/")
        return decode(answer, CurrentKey, host=self._transport.host)

    async def list_projects(self) -> list[Project]:
        """Return the projects the credential can list (a key bound to projects may not list)."""
        answer = await self._transport.fetch("/api/projects/")
        return decode(answer, _ProjectPage, host=self._transport.host).results

    async def fetch_project(self, project_id: int) -> Project:
        """Return one project (GET /api/projects/:id/, needs ``project:read``)."""
        answer = await self._transport.fetch(f"/api/projects/{project_id}/")
        return decode(answer, Project, host=self._transport.host)
