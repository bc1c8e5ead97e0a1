"""Who did what to notebooks (posthog-api.md 9)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json


class ActivityHandler(BoxHandler):
    """``…/:short_id/activity/``."""

    scopes = {"GET": ("activity_log:read",)}  # noqa: RUF012

    def get(self, project_id: str, short_id: str) -> None:
        """Answer one notebook's activity."""
        self.box.store.find(short_id, with_deleted=True)
        self.answer(activity_page(self, short_id))


class ProjectActivityHandler(BoxHandler):
    """``/api/projects/:p/notebooks/activity/``."""

    scopes = {"GET": None}  # noqa: RUF012

    def get(self, project_id: str) -> None:
        """Answer the activity of every notebook."""
        self.answer(activity_page(self, None))


def activity_page(handler: BoxHandler, short_id: str | None) -> Json:
    """Return one page of activity (9)."""
    limit, page = handler.integer("limit", 10, least=1), handler.integer("page", 1, least=1)
    count, entries = handler.box.store.activity(short_id, limit=limit, page=page)
    address = f"{handler.request.protocol}://{handler.request.host}{handler.request.path}?limit={limit}&page="
    return {
        "results": entries,
        "next": f"{address}{page + 1}" if page * limit < count else None,
        "previous": f"{address}{page - 1}" if page > 1 else None,
        "total_count": count,
    }
