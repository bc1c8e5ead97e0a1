"""Harmless questions about what a credential may do: nothing is started or written (posthog-api.md 18)."""

from __future__ import annotations

from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import InvalidRequestError


class ProbesApi:
    """One method per question; each returns where the answer is yes, and raises PostHog's refusal else.

    Where a request without its required parts is refused with 400, PostHog has looked at the credential first, and at
    the parts before anything starts (posthog-api.md 2.4, 3.3).
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def activity(self, project_id: int, short_id: str) -> None:
        """Read one entry of a notebook's activity (posthog-api.md 9)."""
        await self._transport.fetch(_notebooks(project_id, f"{short_id}/activity/"), query={"limit": 1})

    async def project_activity(self, project_id: int) -> None:
        """Read one entry of the project's activity; browser sessions only (posthog-api.md 9)."""
        await self._transport.fetch(_notebooks(project_id, "activity/"), query={"limit": 1})

    async def recording_comments(self, project_id: int) -> None:
        """Ask for comments without naming a recording; browser sessions only (posthog-api.md 8)."""
        await self._is_refused_for_its_parts("GET", _notebooks(project_id, "recording_comments/"))

    async def dataframe(self, project_id: int, short_id: str) -> None:
        """Ask for a frame without naming one; gone since September 2026 (posthog-api.md 11.9)."""
        await self._is_refused_for_its_parts("GET", _notebooks(project_id, f"{short_id}/kernel/dataframe/"))

    async def complete(self, project_id: int, short_id: str) -> None:
        """Ask for completions of nothing; newest servers only (posthog-api.md 11.7)."""
        await self._is_refused_for_its_parts("POST", _notebooks(project_id, f"{short_id}/kernel/complete/"))

    async def query(self, project_id: int) -> None:
        """Ask for a query without one (posthog-api.md 17)."""
        await self._is_refused_for_its_parts("POST", f"/api/projects/{project_id}/query/")

    async def compute_options(self, project_id: int) -> None:
        """Read the kernel sizes, which servers have since September 2026 (posthog-api.md 11.5)."""
        await self._transport.fetch(_notebooks(project_id, "kernel/compute_options/"))

    async def markdown(self, project_id: int, short_id: str) -> None:
        """Read a notebook as Markdown, which servers have since July 2026 (posthog-api.md 6.7)."""
        await self._transport.fetch(_notebooks(project_id, f"{short_id}/markdown/"))

    async def _is_refused_for_its_parts(self, method: str, path: str) -> None:
        try:
            await self._transport.send(method, path)
        except InvalidRequestError:
            return


def _notebooks(project_id: int, rest: str) -> str:
    return f"/api/projects/{project_id}/notebooks/{rest}"
