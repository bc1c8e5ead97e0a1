"""Markdown saves that open pages are told of (posthog-api.md 15.2)."""

from __future__ import annotations

from typing import Any

from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.notebook_fields import checked_fields
from jupyter_posthog.box.records import check_editor, detail
from jupyter_posthog.box.refusals import Refusal, invalid, required
from jupyter_posthog.box.stored import Record
from jupyter_posthog.box.text.cells import check_growth
from jupyter_posthog.box.text.documents import markdown_of

Json = Any
LONGEST_CLIENT_ID = 200


class MarkdownSaveHandler(BoxHandler):
    """``…/:short_id/collab/markdown_save/``."""

    def post(self, project_id: str, short_id: str) -> None:
        """Save a Markdown document, or say what was saved meanwhile (15.2)."""
        body = self.body()
        client_id, fields = checked_save(body)
        text = markdown_of(fields["content"])
        if text is None:
            raise invalid("Not a Markdown notebook.", attr="content")
        record = self.box.store.find(short_id)
        check_editor(record, self.caller.person)
        stored = markdown_of(record.content)
        if stored is None:
            raise invalid("The stored notebook is no Markdown notebook.", attr="content")
        if fields["version"] != record.version:
            raise self._missed(record, fields["version"])
        check_growth(record.content, fields["content"])
        wanted = {name: fields[name] for name in ("content", "version", "title") if name in fields}
        saved = self.box.store.update(short_id, wanted | {"text_content": text}, self.caller.person)
        by = {"client_id": client_id, **author(self.caller.person), "cursor": body.get("cursor")}
        self.box.collaboration.markdown_saved(short_id, saved.version, (stored, text), by)
        self.answer(detail(saved, self.caller.person, self.box.profile))

    def _missed(self, record: Record, version: int) -> Refusal:
        events = self.box.collaboration.since(record.short_id, "update", version, record.version)
        if events is None or any("diff" not in event.data for event in events):
            self.box.store.log(record, "save_rejected_stale", None, self.caller.person)
            return Refusal(410, {"code": "conflict_stale"})
        self.box.store.log(record, "save_rejected_conflict", None, self.caller.person)
        names = ("version", "diff", "base_crc", "client_id")
        updates = [{name: event.data[name] for name in names} for event in events]
        return Refusal(409, {"code": "conflict", "updates": updates, "version": record.version})


def checked_save(body: dict[str, Json]) -> tuple[str, dict[str, Json]]:
    """Return who saves, and the checked fields of a live save.

    Raises:
        Refusal: 400.
    """
    client_id = checked_client(body)
    for name in ("version", "content"):
        if name not in body:
            raise required(name)
    return client_id, checked_fields(body)


def checked_client(body: dict[str, Json]) -> str:
    """Return the id of the page that saves or moves.

    Raises:
        Refusal: 400.
    """
    if "client_id" not in body:
        raise required("client_id")
    client_id = body["client_id"]
    if not isinstance(client_id, str) or not client_id:
        raise invalid("This field may not be blank.", attr="client_id", code="blank")
    if len(client_id) > LONGEST_CLIENT_ID:
        detail_text = f"Ensure this field has no more than {LONGEST_CLIENT_ID} characters."
        raise invalid(detail_text, attr="client_id", code="max_length")
    return client_id


def author(person: Json) -> dict[str, Json]:
    """Return who did something, as events say it."""
    return {"user_id": person["id"], "user_name": f"{person['first_name']} {person['last_name']}".strip()}
