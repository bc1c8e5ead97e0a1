"""Notebook endpoints: list, create, retrieve, save, activity, Markdown (posthog-api.md 6, 9, 15.2)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.people import ADA
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.refusals import Refusal, invalid
from jupyter_posthog.box.store import Record

WRAPPER_TYPE = "ph-markdown-notebook"
MAXIMUM_TITLE, MAXIMUM_SHORT_ID = 256, 12
_READ, _WRITE = ("notebook:read",), ("notebook:write",)


def summary(record: Record, profile: Profile) -> dict[str, Json]:
    """Return a row of the list (6.2)."""
    return {
        "id": record.id,
        "short_id": record.short_id,
        "title": record.title,
        "deleted": record.deleted,
        "created_at": record.created_at,
        "created_by": record.created_by,
        "last_modified_at": record.last_modified_at,
        "last_modified_by": record.last_modified_by,
        "user_access_level": "manager" if record.created_by["id"] == ADA["id"] else "editor",
    }


def detail(record: Record, profile: Profile) -> dict[str, Json]:
    """Return a whole record (6.2); older servers know fewer fields."""
    whole = summary(record, profile) | {
        "content": record.content,
        "text_content": record.text_content,
        "version": record.version,
    }
    return whole | ({"parent_resource": None, "variables": record.variables} if profile.has_markdown else {})


def markdown_of(content: Json) -> str | None:
    """Return the text of a Markdown notebook, None for every other document (posthog-document.md 1.1)."""
    nodes = content.get("content") if isinstance(content, dict) else None
    node = nodes[0] if isinstance(nodes, list) and len(nodes) == 1 else None
    if not isinstance(node, dict) or node.get("type") != WRAPPER_TYPE:
        return None
    text = (node.get("attrs") or {}).get("markdown") if isinstance(node.get("attrs"), dict) else None
    return text if isinstance(text, str) else None


def wrap_markdown(text: str) -> Json:
    """Return the wrapper of a Markdown notebook."""
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": text}
    return {"type": "doc", "content": [{"type": WRAPPER_TYPE, "attrs": attributes}]}


class NotebooksHandler(BoxHandler):
    """``/api/projects/:p/notebooks/``."""

    scopes = {"GET": _READ, "POST": _WRITE}  # noqa: RUF012

    def get(self, project_id: str) -> None:
        """List notebooks."""
        limit, offset = self.integer("limit", 100, least=1), self.integer("offset", 0)
        filters: list[tuple[str, Any]] = []
        if short_id := self.get_query_argument("short_id", ""):
            filters.append(("short_id", short_id))
        for name in ("created_by", "last_modified_by"):
            if person := self.get_query_argument(name, ""):
                filters.append((f"json_extract({name}, '$.uuid')", person))
        if self.get_query_argument("user", None) is not None:
            filters.append(("json_extract(created_by, '$.uuid')", ADA["uuid"]))
        count, records = self.box.store.search(
            words=self.get_query_argument("search", ""),
            filters=filters,
            order=self.get_query_argument("order", "-last_modified_at"),
            limit=limit,
            offset=offset,
        )
        self.answer(
            {
                "count": count,
                "next": self._page(limit, offset + limit) if offset + limit < count else None,
                "previous": self._page(limit, max(offset - limit, 0)) if offset else None,
                "results": [summary(record, self.box.profile) for record in records],
            }
        )

    def _page(self, limit: int, offset: int) -> str:
        others = {
            name: self.get_query_argument(name)
            for name in self.request.query_arguments
            if name not in {"limit", "offset"}
        }
        query = {**others, "limit": limit} | ({"offset": offset} if offset else {})
        return f"{self.request.protocol}://{self.request.host}{self.request.path}?{urlencode(query)}"

    def post(self, project_id: str) -> None:
        """Create a notebook."""
        body = self.body()
        check_fields(body)
        short_id = body.get("short_id")
        if short_id is not None and not re.fullmatch(rf"[A-Za-z0-9]{{1,{MAXIMUM_SHORT_ID}}}", str(short_id)):
            raise invalid("Must be letters and digits, at most 12.", attr="short_id")
        content, text = body.get("content"), body.get("text_content")
        if self.box.profile.has_markdown:
            text = self._as_markdown(content)
            content = content if markdown_of(content) is not None else wrap_markdown(text)
        record = self.box.store.create(
            title=body.get("title"),
            content=content,
            text_content=text,
            variables=body.get("variables") or [],
            short_id=short_id,
        )
        self.answer(detail(record, self.box.profile), 201)

    def _as_markdown(self, content: Json) -> str:
        text = markdown_of(content)
        if text is None and content not in (None, {}, {"type": "doc", "content": []}):
            # PostHog converts rich documents here (posthog-document.md 3.9); this box does not yet.
            raise invalid("Content can't be converted to Markdown.", attr="content")
        return text or ""


class NotebookHandler(BoxHandler):
    """``/api/projects/:p/notebooks/:short_id/``."""

    scopes = {"GET": _READ, "PATCH": _WRITE, "PUT": _WRITE, "DELETE": _WRITE}  # noqa: RUF012

    def get(self, project_id: str, short_id: str) -> None:
        """Retrieve one notebook, or 304."""
        record = self.box.store.find(short_id)
        if self.request.headers.get("If-None-Match", "").strip('"') == str(record.version):
            self.set_status(304)
            self.finish()
            return
        self.answer(detail(record, self.box.profile))

    def patch(self, project_id: str, short_id: str) -> None:
        """Update one notebook."""
        body = self.body()
        check_fields(body)
        self.answer(detail(self.box.store.update(short_id, body), self.box.profile))

    put = patch

    def delete(self, project_id: str, short_id: str) -> None:
        """Refuse, with an empty body (6.9)."""
        raise Refusal(405, None)


class MarkdownHandler(BoxHandler):
    """``…/:short_id/markdown/``."""

    scopes = {"GET": _READ}  # noqa: RUF012

    def get(self, project_id: str, short_id: str) -> None:
        """Answer the Markdown, null for a rich document (6.7)."""
        self.answer({"markdown": markdown_of(self.box.store.find(short_id).content)})


def check_fields(body: dict[str, Json]) -> None:
    """Refuse fields of a wrong form.

    Raises:
        Refusal: 400 that names the field.
    """
    title = body.get("title")
    if title is not None and (not isinstance(title, str) or len(title) > MAXIMUM_TITLE):
        raise invalid("Ensure this field has no more than 256 characters.", attr="title", code="max_length")
    if "deleted" in body and not isinstance(body["deleted"], bool):
        raise invalid("Must be a valid boolean.", attr="deleted")
