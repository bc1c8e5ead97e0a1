"""Markdown saves that open pages are told of (posthog-api.md 15.2)."""

from __future__ import annotations

import zlib
from difflib import SequenceMatcher

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.notebooks import detail, markdown_of
from jupyter_posthog.box.refusals import Refusal, invalid
from jupyter_posthog.box.store import Record


class MarkdownSaveHandler(BoxHandler):
    """``…/:short_id/collab/markdown_save/``."""

    scopes = {"POST": ("notebook:write",)}  # noqa: RUF012

    def post(self, project_id: str, short_id: str) -> None:
        """Save a Markdown document, or say what was saved meanwhile (15.2)."""
        body = self.body()
        if not isinstance(body.get("client_id"), str) or not isinstance(body.get("version"), int):
            raise invalid("This field is required.", attr="client_id", code="required")
        text = markdown_of(body.get("content"))
        if text is None:
            raise invalid("Not a Markdown notebook.", attr="content")
        record = self.box.store.find(short_id)
        stored = markdown_of(record.content)
        if stored is None:
            raise invalid("Not a Markdown notebook.", attr="content")
        if body["version"] != record.version:
            raise self._missed(short_id, body["version"], record)
        fields: dict[str, Json] = {name: body[name] for name in ("content", "version", "title") if name in body}
        saved = self.box.store.update(short_id, fields | {"text_content": text})
        self.box.updates.keep(short_id, saved.version, stored, text, body["client_id"])
        self.answer(detail(saved, self.box.profile))

    def _missed(self, short_id: str, version: int, record: Record) -> Refusal:
        updates = self.box.updates.since(short_id, version, record.version)
        if updates is None:
            return Refusal(410, {"code": "conflict_stale"})
        return Refusal(409, {"code": "conflict", "updates": updates, "version": record.version})


class Updates:
    """The Markdown saves of this process, as open pages are told of them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Json] = {}

    def keep(self, short_id: str, version: int, before: str, after: str, client_id: str) -> None:
        """Keep how one save changed the text; places are UTF-16 units."""
        self._kept[short_id, version] = {
            "version": version,
            "diff": difference(before, after),
            "base_crc": zlib.crc32(before.encode("utf-16-le", "surrogatepass")),
            "client_id": client_id,
        }

    def since(self, short_id: str, version: int, newest: int) -> list[Json] | None:
        """Return the saves after a version; None where one of them is not known."""
        updates = [self._kept.get((short_id, number)) for number in range(version + 1, newest + 1)]
        return None if version > newest or None in updates else updates


def difference(before: str, after: str) -> list[Json]:
    """Return the replacements that turn one text into the other."""
    changes = []
    for operation, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation != "equal":
            units = len(before[:start].encode("utf-16-le", "surrogatepass")) // 2
            length = len(before[start:end].encode("utf-16-le", "surrogatepass")) // 2
            changes.append({"start": units, "end": units + length, "text": after[new_start:new_end]})
    return changes
