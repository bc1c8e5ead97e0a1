"""Notebook endpoints: list, create, retrieve, update, Markdown (posthog-api.md 6)."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlencode

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.listing import Listing
from jupyter_posthog.box.notebook_fields import checked_fields, checked_short_id
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.records import check_editor, detail, summary
from jupyter_posthog.box.refusals import Refusal, conflict, invalid, server_error
from jupyter_posthog.box.stored import Record
from jupyter_posthog.box.text.cells import check_growth
from jupyter_posthog.box.text.documents import markdown_of, wrap_markdown
from jupyter_posthog.box.text.python_globals import annotated
from jupyter_posthog.box.text.query_nodes import normalised
from jupyter_posthog.box.text.rich_conversion import rich_to_markdown
from jupyter_posthog.box.text.rich_inlines import UnconvertibleDocument

PAGE_SIZE = 100


class NotebooksHandler(BoxHandler):
    """``/api/projects/:p/notebooks/``."""

    def get(self, project_id: str) -> None:
        """List notebooks."""
        listing = self._listing()
        count, rows = self.box.store.search(listing)
        after, before = listing.offset + listing.limit, listing.offset - listing.limit
        self.answer(
            {
                "count": count,
                "next": self._page(listing.limit, after) if after < count else None,
                "previous": self._page(listing.limit, before) if listing.offset else None,
                "results": [summary(row, self.caller.person, self.box.profile) for row in rows],
            }
        )

    def _listing(self) -> Listing:
        given = self.get_query_argument
        creators = [given("created_by", "")] if given("created_by", "") else []
        if given("user", None) is not None:
            creators.append(self.caller.person["uuid"])
        return Listing(
            search=given("search", "") or None,
            short_id=given("short_id", "") or None,
            created_by=tuple(creators),
            last_modified_by=given("last_modified_by", "") or None,
            date_from=given("date_from", "") or None,
            date_to=given("date_to", "") or None,
            contains=given("contains", ""),
            ordering=given("order", "") or "-last_modified_at",
            limit=self.integer("limit", PAGE_SIZE, least=1),
            offset=self.integer("offset", 0),
        )

    def _page(self, limit: int, offset: int) -> str:
        """Return the address of another page: the other parameters stay, the first page has no offset (5)."""
        others = [
            (name, value)
            for name in self.request.query_arguments
            if name not in {"limit", "offset"}
            for value in self.get_query_arguments(name, strip=False)
        ]
        place = [("offset", str(offset))] if offset > 0 else []
        query = urlencode([*others, ("limit", str(limit)), *place])
        return f"{self.request.protocol}://{self.request.host}{self.request.path}?{query}"

    def post(self, project_id: str) -> None:
        """Create a notebook."""
        body = self.body()
        fields, short_id = checked_fields(body), checked_short_id(body.get("short_id"))
        if existing := self._existing(short_id):
            self.answer(detail(existing, self.caller.person, self.box.profile), 201)
            return
        content, text = _document(fields, self.box.profile)
        try:
            record = self.box.store.create(
                title=fields.get("title"),
                content=content,
                text_content=text,
                variables=fields.get("variables", []),
                short_id=short_id,
                deleted=fields.get("deleted", False),
                person=self.caller.person,
            )
        except sqlite3.IntegrityError as error:
            raise server_error() from error
        self.answer(detail(record, self.caller.person, self.box.profile), 201)

    def _existing(self, short_id: str | None) -> Record | None:
        """Return the notebook that already has an id, as the older servers do (6.5).

        Raises:
            Refusal: 409 where it is in the trash.
        """
        record = self.box.store.find_or_none(short_id) if short_id else None
        if record is None or self.box.profile.has_markdown:
            return None
        if record.deleted:
            raise conflict("A notebook with this short_id already exists.")
        return record


def _document(fields: dict[str, Json], profile: Profile) -> tuple[Json, str | None]:
    """Return document and search text of a new notebook: today always Markdown (posthog-document.md 1.4).

    Raises:
        Refusal: 400 for what cannot be converted, for queries that PostHog does not take, and above fifty cells.
    """
    content = normalised(fields.get("content"))
    if not profile.has_markdown:
        return annotated(content), fields.get("text_content")
    text = markdown_of(content)
    if text is None:
        try:
            text = rich_to_markdown(content)
        except UnconvertibleDocument as error:
            raise invalid("The content can't be converted to Markdown.", attr="content") from error
        content = wrap_markdown(text)
    check_growth(None, content)
    return content, text


class NotebookHandler(BoxHandler):
    """``/api/projects/:p/notebooks/:short_id/``."""

    def get(self, project_id: str, short_id: str) -> None:
        """Retrieve one notebook, or 304."""
        record = self.box.store.find(short_id)
        if self.request.headers.get("If-None-Match", "").strip('" ') == str(record.version):
            self.set_status(304)
            self.finish()
            return
        self.answer(detail(record, self.caller.person, self.box.profile))

    def patch(self, project_id: str, short_id: str) -> None:
        """Update one notebook; PUT does the same, as no field is required (6.8)."""
        fields = checked_fields(self.body())
        before = self.box.store.find(short_id, with_deleted=True)
        check_editor(before, self.caller.person)
        if "content" in fields and fields.get("version") == before.version:
            fields["content"] = normalised(fields["content"])
            if self.box.profile.has_markdown:
                check_growth(before.content, fields["content"])
        saved = self.box.store.update(short_id, fields, self.caller.person)
        self.answer(detail(saved, self.caller.person, self.box.profile))

    put = patch

    def delete(self, project_id: str, short_id: str) -> None:
        """Refuse, always and with an empty body (6.9)."""
        raise Refusal(405, None)


class MarkdownHandler(BoxHandler):
    """``…/:short_id/markdown/``."""

    def get(self, project_id: str, short_id: str) -> None:
        """Answer the Markdown, null for a rich document (6.7)."""
        self.answer({"markdown": markdown_of(self.box.store.find(short_id).content)})
