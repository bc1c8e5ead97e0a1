"""The activity of notebooks, one or all (posthog-api.md 9)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.refusals import invalid

PAGE_SIZE = 10


class ActivityHandler(BoxHandler):
    """``…/:short_id/activity/``."""

    def get(self, project_id: str, short_id: str) -> None:
        """Answer one notebook's activity, also from the trash."""
        self.box.store.find(short_id, with_deleted=True)
        self.answer(activity_page(self, short_id))


class ProjectActivityHandler(BoxHandler):
    """``/api/projects/:p/notebooks/activity/``."""

    def get(self, project_id: str) -> None:
        """Answer the activity of every notebook."""
        self.answer(activity_page(self, None))


def activity_page(handler: BoxHandler, short_id: str | None) -> Json:
    """Return one page of activity."""
    limit, page = _number(handler, "limit", PAGE_SIZE), _number(handler, "page", 1)
    count, entries = handler.box.store.activity.page(short_id, limit=limit, page=page)
    address = f"{handler.request.protocol}://{handler.request.host}{handler.request.path}?limit={limit}&page="
    return {
        "results": entries,
        "next": f"{address}{page + 1}" if page * limit < count else None,
        "previous": f"{address}{page - 1}" if page > 1 else None,
        "total_count": count,
    }


def _number(handler: BoxHandler, name: str, default: int) -> int:
    """Return a number of the query; the newest servers refuse what is none, or less than one."""
    text = handler.get_query_argument(name, "")
    if not text or not handler.box.profile.has_markdown:
        return handler.integer(name, default, least=1)
    if not (text.lstrip("-").isdigit() and text.isascii()):
        raise invalid("A valid integer is required.", attr=name)
    if len(text) > 9 or int(text) < 1:
        raise invalid("Ensure this value is greater than or equal to 1.", attr=name, code="min_value")
    return int(text)
