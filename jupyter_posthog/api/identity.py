"""Who the credential belongs to and what it may see (posthog-api.md 16)."""

from __future__ import annotations

import msgspec

from jupyter_posthog.api.models import CurrentKey, CurrentUser, Organization, Project, decode
from jupyter_posthog.api.transport import Transport

PAGE_SIZE = 100
_MOST_PAGES = 10


class _ProjectPage(msgspec.Struct, frozen=True):
    results: list[Project]
    next: str | None = None


class _OrganizationPage(msgspec.Struct, frozen=True):
    results: list[Organization]


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
        """Return the projects the credential can list (a key bound to projects may not list), at most a thousand."""
        found: list[Project] = []
        for number in range(_MOST_PAGES):
            query = {"limit": PAGE_SIZE, "offset": number * PAGE_SIZE}
            answer = await self._transport.fetch("/api/projects/", query=query)
            page = decode(answer, _ProjectPage, host=self._transport.host)
            found += page.results
            if not page.next or not page.results:
                break
        return found

    async def list_organizations(self) -> list[Organization]:
        """Return the organizations of the person (GET /api/organizations/, needs ``organization:read``)."""
        answer = await self._transport.fetch("/api/organizations/")
        return decode(answer, _OrganizationPage, host=self._transport.host).results

    async def fetch_project(self, project_id: int) -> Project:
        """Return one project (GET /api/projects/:id/, needs ``project:read``)."""
        answer = await self._transport.fetch(f"/api/projects/{project_id}/")
        return decode(answer, Project, host=self._transport.host)
