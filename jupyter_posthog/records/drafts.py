"""Edits that are not in PostHog yet, one file per draft."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from jupyter_posthog.records.files import JsonObject, NotebookKey, read_json, write_text

#: A draft that nobody came back for is dropped after so long; so are the oldest beyond this size.
OLDEST_S = 90 * 86_400.0
MOST_BYTES = 512_000_000

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One unsaved state of a notebook.

    Attributes:
        base_version: The version the edits were made on; None for a notebook that PostHog does not have yet.
        saved_at: ISO 8601, UTC.
        notebook: The nbformat notebook as the page held it.
        page_id: Names the open page; empty for clients that are no page of ours.
        is_put_aside: Whether the person took another version instead; it is kept, but not offered by itself.
    """

    key: NotebookKey
    base_version: int | None
    saved_at: str
    notebook: JsonObject
    page_id: str = ""
    is_put_aside: bool = False

    @property
    def draft_id(self) -> str:
        """A name that holds no secret and no path: one draft per page; without a page, per base version."""
        own = f"page {self.page_id}" if self.page_id else self.base_version
        identity = json.dumps([self.key.origin, self.key.project_id, self.key.short_id, own])
        return hashlib.sha256(identity.encode()).hexdigest()[:32]


class DraftStore:
    """Drafts as files in one folder; where the disk refuses one, it is held in this process's memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._in_memory: dict[str, Draft] = {}
        self._written: dict[str, _Written] = {}

    def keep(self, draft: Draft) -> str:
        """Store one draft in place of the earlier one of the same page; return what the disk said, empty if well."""
        draft_id = draft.draft_id
        try:
            write_text(self._file(draft_id), _as_text(draft))
            self._written[draft_id] = _Written(draft, self._identity(draft_id))
        except OSError as error:
            self._in_memory[draft_id] = draft
            _log.warning("draft_in_memory draft=%s problem=%s", draft_id, error.strerror)
            return error.strerror or "the disk refused"
        self._in_memory.pop(draft_id, None)
        self._drop_oldest(draft_id)
        return ""

    def drafts(self) -> Iterator[Draft]:
        """Yield every draft that can be read."""
        yield from list(self._in_memory.values())
        for file in sorted(self._folder.glob("*.json")):
            value = None if file.stem in self._in_memory else read_json(file)
            if value is not None:
                yield _from_json(value)

    def find(self, draft_id: str) -> Draft | None:
        """Return one draft as it is now."""
        if not draft_id.isalnum():
            return None
        if draft_id in self._in_memory:
            return self._in_memory[draft_id]
        value = read_json(self._file(draft_id))
        return None if value is None else _from_json(value)

    def put_aside(self, draft_id: str) -> bool:
        """Keep a draft without offering it any more; return whether there was one."""
        draft = self.find(draft_id)
        if draft is None:
            return False
        # Under a name of its own: the page goes on and will keep other drafts.
        self.keep(replace(draft, page_id=f"{draft.page_id} {draft.saved_at}", is_put_aside=True))
        return self.drop(draft_id)

    def drop(self, draft_id: str) -> bool:
        """Remove one draft; return whether there was one."""
        if not draft_id.isalnum():
            return False
        self._written.pop(draft_id, None)
        file = self._file(draft_id)
        existed = file.is_file()
        file.unlink(missing_ok=True)
        return self._in_memory.pop(draft_id, None) is not None or existed

    def drop_saved(self, draft: Draft) -> None:
        """Remove the draft after its save, unless a newer one took its place meanwhile."""
        if self._is_kept(draft):
            self.drop(draft.draft_id)

    def _is_kept(self, draft: Draft) -> bool:
        """Whether what is kept under the draft's id is this draft."""
        draft_id = draft.draft_id
        written = self._written.get(draft_id)
        if written is not None and written.draft is draft and written.identity == self._identity(draft_id):
            return draft_id not in self._in_memory  # nobody wrote the file since, so it need not be read
        kept = self.find(draft_id)
        return kept is not None and json.loads(json.dumps(kept.notebook)) == json.loads(json.dumps(draft.notebook))

    def _identity(self, draft_id: str) -> tuple[int, int] | None:
        """Return what changes whenever the file is written; None where there is none."""
        try:
            stat = self._file(draft_id).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _drop_oldest(self, newest_id: str) -> None:
        files = sorted(
            ((file.stat(), file) for file in self._folder.glob("*.json") if file.stem != newest_id),
            key=lambda found: found[0].st_mtime,
            reverse=True,
        )
        size = 0
        for stat, file in files:
            size += stat.st_size
            if size > MOST_BYTES or time.time() - stat.st_mtime > OLDEST_S:
                _log.warning("draft_dropped draft=%s", file.stem)
                file.unlink(missing_ok=True)

    def _file(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}.json"


class _Written(NamedTuple):
    """A draft that this process wrote last, and the file as it was then."""

    draft: Draft
    identity: tuple[int, int] | None


def _as_text(draft: Draft) -> str:
    return json.dumps(
        {
            "origin": draft.key.origin,
            "project_id": draft.key.project_id,
            "short_id": draft.key.short_id,
            "base_version": draft.base_version,
            "saved_at": draft.saved_at,
            "page_id": draft.page_id,
            "is_put_aside": draft.is_put_aside,
            "notebook": draft.notebook,
        }
    )


def _from_json(value: JsonObject) -> Draft:
    base_version, notebook = value.get("base_version"), value.get("notebook")
    return Draft(
        key=NotebookKey(
            origin=str(value.get("origin")),
            project_id=int(str(value.get("project_id"))),
            short_id=str(value.get("short_id")),
        ),
        base_version=base_version if isinstance(base_version, int) else None,
        saved_at=str(value.get("saved_at")),
        notebook=notebook if isinstance(notebook, dict) else {},
        page_id=str(value.get("page_id") or ""),
        is_put_aside=value.get("is_put_aside") is True,
    )
