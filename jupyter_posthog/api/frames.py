"""Frames of PostHog's kernels by name; only servers before September 2026 have this (posthog-api.md 11.9)."""

from __future__ import annotations

import msgspec

from jupyter_posthog.api.models import ProjectId, decode
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.api.wire import QueryValue

MOST_ROWS = 500


class NamedRows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a frame, each an object."""

    columns: list[str] = []
    rows: list[dict[str, object]] = []
    row_count: int = 0


class FramesApi:
    """The one endpoint of frames."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def rows(
        self, project_id: ProjectId, short_id: str, variable_name: str, *, offset: int, limit: int
    ) -> NamedRows:
        """Return rows of a frame; at most 500.

        Raises:
            EndpointMissingError: The server has this no more.
            KeyNotSupportedError: Only a browser session may.

        Source: GET …/kernel/dataframe/, posthog-api.md 11.9.
        """
        path = f"/api/projects/{project_id}/notebooks/{short_id}/kernel/dataframe/"
        query: dict[str, QueryValue] = {"variable_name": variable_name, "offset": offset, "limit": limit}
        return decode(await self._transport.fetch(path, query=query), NamedRows, host=self._transport.host)
