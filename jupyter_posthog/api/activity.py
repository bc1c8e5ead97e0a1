"""Who did what with a notebook, as PostHog notes it (posthog-api.md 9)."""

from __future__ import annotations

import msgspec

from jupyter_posthog.api.models import Person, decode
from jupyter_posthog.api.refusals import notebook_not_found
from jupyter_posthog.api.transport import Transport


class Change(msgspec.Struct, frozen=True):
    """One field that changed; a document's ``before`` and ``after`` are documents."""

    field: str | None = None
    action: str | None = None
    before: object = None
    after: object = None


class Detail(msgspec.Struct, frozen=True):
    """What an entry says beside who and when."""

    name: str | None = None
    changes: list[Change] | None = None


class ActivityEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry.

    ``activity`` is ``created``, ``updated``, ``deleted``, ``restored``, ``save_rejected_conflict`` or
    ``save_rejected_stale``; newer servers may know more.
    """

    id: str
    activity: str
    created_at: str
    user: Person | None = None
    detail: Detail | None = None

    def changed_field(self, name: str) -> Change | None:
        """Return the change of one field, where there is one."""
        changes = self.detail.changes if self.detail is not None else None
        return next((change for change in changes or [] if change.field == name), None)


class ActivityPage(msgspec.Struct, frozen=True):
    """One page of entries, newest first."""

    results: list[ActivityEntry]
    total_count: int = 0


class ActivityApi:
    """The activity endpoints of one PostHog."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def of_notebook(self, project_id: int, short_id: str, *, limit: int, page: int = 1) -> ActivityPage:
        """Return what was done with one notebook.

        Args:
            page: Counts from 1.

        Raises:
            MissingScopeError: The key lacks ``activity_log:read`` (403).

        Source: GET …/notebooks/:short_id/activity/, posthog-api.md 9.
        """
        answer = await self._transport.fetch(
            f"/api/projects/{project_id}/notebooks/{short_id}/activity/",
            query={"limit": limit, "page": page},
            not_found=notebook_not_found(short_id),
        )
        return decode(answer, ActivityPage, host=self._transport.host)
